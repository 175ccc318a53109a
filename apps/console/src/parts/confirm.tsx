import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { useSpeech } from '../app-context.ts';
import { ActionButton } from './action-button.tsx';

interface Props {
  /** What will be done, in one line. */
  readonly title: string;
  /** What must be known first: effect, gates, fields. */
  readonly children?: ReactNode;
  readonly confirm: string;
  readonly action: () => Promise<unknown>;
  /** Called after the server has said yes, and on Cancel. */
  readonly onClose: () => void;
  readonly isDisabled?: boolean;
  readonly danger?: boolean;
  readonly testId: string;
}

/**
 * The second press of whatever must be deliberate: what it does stands above the button, the focus
 * on Cancel, Esc cancels, and a refusal of the server stays in sight.
 */
export function Confirm({
  title,
  children,
  confirm,
  action,
  onClose,
  isDisabled = false,
  danger = false,
  testId,
}: Props) {
  const { t } = useSpeech();
  const [refused, setRefused] = useState<string | null>(null);
  const box = useRef<HTMLElement>(null);
  // It opens where its list is; what it says is read from its first line.
  useEffect(() => {
    box.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <section
      ref={box}
      className={`confirm ${danger ? 'danger' : ''}`}
      role="alertdialog"
      aria-label={title}
      data-testid={testId}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onClose();
      }}
    >
      <h2>{title}</h2>
      {children}
      {refused !== null && (
        <p className="refusal" role="alert">
          {refused}
        </p>
      )}
      <div className="commands">
        <ActionButton
          className={danger ? 'danger' : ''}
          testId={`${testId}-now`}
          isDisabled={isDisabled}
          action={async () => {
            setRefused(null);
            await action();
            onClose();
          }}
          onRefused={setRefused}
        >
          {confirm}
        </ActionButton>
        <Button className="btn" autoFocus data-testid={`${testId}-cancel`} onPress={onClose}>
          {t('dialog.cancel')} <kbd>Esc</kbd>
        </Button>
      </div>
    </section>
  );
}
