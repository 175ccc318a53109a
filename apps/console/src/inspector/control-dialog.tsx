import { useEffect, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import type { CommandCheckView, CommandView, SwitchOperation } from '@relight/contract';
import { useApp, useLive, useServerNow, useSpeech } from '../app-context.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { Icon } from '../parts/icons.tsx';
import { NoteInput } from '../parts/note-input.tsx';
import { deviceName } from '../store/grid-book.ts';
import { cancelCommand, executeCommand, selectCommand } from '../store/rest.ts';
import { Gates, useCommandCheck } from './gate-list.tsx';

const STAGES = ['select', 'echo', 'execute', 'feedback'] as const;

/** Which stage a command is in: 0 select … 3 feedback, 4 when it is over. */
function stageOf(command: CommandView | undefined): number {
  switch (command?.state) {
    case undefined:
      return 0;
    case 'requested':
      return 1;
    case 'selected':
      return 2;
    case 'executing':
    case 'acknowledged':
      return 3;
    default:
      return 4;
  }
}

function Stages({ stage }: { readonly stage: number }) {
  const { t } = useSpeech();
  return (
    <ol className="stages">
      {STAGES.map((name, i) => (
        <li
          key={name}
          className={i === stage ? 'now' : i < stage ? 'done' : ''}
          {...(i === stage ? { 'aria-current': 'step' as const } : {})}
        >
          <b>{i < stage ? <Icon name="tick" size="s12" /> : i + 1}</b>
          {t(`stage.${name}`)}
        </li>
      ))}
    </ol>
  );
}

function Verdict({
  check,
  command,
  refused,
}: {
  readonly check: CommandCheckView | null;
  readonly command: CommandView | undefined;
  readonly refused: string | null;
}) {
  const { t, say } = useSpeech();
  const now = useServerNow();
  if (refused !== null)
    return (
      <p className="verdict" role="alert">
        <Icon name="cross" />
        <span>{refused}</span>
      </p>
    );
  if (command !== undefined) {
    const good = command.state === 'verified';
    const over = stageOf(command) === 4;
    const left = command.until_ms === null ? null : Math.ceil((command.until_ms - now) / 1000);
    return (
      <p
        className={`verdict ${good ? 'good' : over ? '' : 'waiting'}`}
        role="status"
        data-testid="command-state"
        data-state={command.state}
      >
        <Icon name={good ? 'tick' : over ? 'cross' : 'wait'} />
        <span>
          <b>
            {command.state === 'requested' && command.approval
              ? t('dialog.waitsForSecond')
              : t(`command.${command.state}`)}
          </b>
          {command.reason === null ? '' : ` · ${say(command.reason)}`}
          {!over && left !== null && left >= 0 && (
            <span className="num"> {t('dialog.secondsLeft', { n: left })}</span>
          )}
        </span>
      </p>
    );
  }
  if (check === null)
    return (
      <p className="verdict waiting" role="status">
        <Icon name="wait" />
        {t('dialog.checking')}
      </p>
    );
  const failed = check.gates.filter((gate) => !gate.ok).length;
  const second = check.gates.some((gate) => gate.needsSecondPerson === true);
  return (
    <p
      className={`verdict ${check.allowed ? 'good' : ''}`}
      role="status"
      data-testid="verdict"
      data-allowed={check.allowed}
    >
      <Icon name={check.allowed ? 'tick' : 'cross'} />
      <span>
        {check.allowed
          ? second
            ? t('dialog.needsSecond')
            : t('dialog.allowed', { n: check.gates.length })
          : t('dialog.refused', { failed, n: check.gates.length })}
      </span>
    </p>
  );
}

interface Props {
  readonly equipment: string;
  readonly operation: SwitchOperation;
  readonly onClose: () => void;
}

/**
 * Select, echo, execute, feedback. The focus is on Cancel and Esc cancels; Execute takes the
 * place of Select only after the RTU has answered, so no single key operates a device.
 */
export function ControlDialog({ equipment, operation, onClose }: Props) {
  const { book } = useApp();
  const { t } = useSpeech();
  const cancel = useRef<HTMLButtonElement>(null);
  const [commandId, setCommandId] = useState<string | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const command = useLive((state) =>
    commandId === null ? undefined : state.commands.get(commandId),
  );
  const check = useCommandCheck(equipment, operation, { asking: commandId === null });
  const stage = commandId !== null && command === undefined ? 1 : stageOf(command);

  useEffect(() => cancel.current?.focus(), []);

  /** Every gate that is shut may be overridden with a reason, by two people. */
  const shut = check?.gates.filter((gate) => !gate.ok) ?? [];
  const mayOverride = shut.length > 0 && shut.every((gate) => gate.overridable === true);

  const close = (): void => {
    if (commandId !== null && (stage === 1 || stage === 2))
      cancelCommand(commandId).catch(() => undefined);
    onClose();
  };
  return (
    <section
      className="dialog"
      role="dialog"
      aria-labelledby="control-title"
      data-testid="control-dialog"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        close();
      }}
    >
      <header>
        <h2 id="control-title">
          {t(`operation.${operation}`)} <span className="dev">{deviceName(book, equipment)}</span>
        </h2>
        <p className="dim">{t(`operationDetail.${operation}`)}</p>
      </header>
      <div className="body">
        <Stages stage={stage} />
        <Verdict check={check} command={command} refused={refused} />
        {mayOverride && commandId === null && (
          <NoteInput
            label={t('dialog.overrideReason')}
            value={reason}
            onChange={setReason}
            maxLength={400}
            testId="override-reason"
          />
        )}
        <Gates check={check} />
      </div>
      <footer>
        <span className="grow" />
        {stage < 2 && (
          <ActionButton
            testId="select"
            isDisabled={
              commandId !== null ||
              (check?.allowed !== true && !(mayOverride && reason.trim().length >= 3))
            }
            action={async () => {
              setRefused(null);
              const why = mayOverride ? reason.trim() : undefined;
              setCommandId((await selectCommand(equipment, operation, why)).id);
            }}
            onRefused={setRefused}
          >
            {t(mayOverride ? 'dialog.askSecond' : 'dialog.select')}
          </ActionButton>
        )}
        {stage === 2 && commandId !== null && (
          <ActionButton
            testId="execute"
            className="primary"
            action={() => executeCommand(commandId)}
            onRefused={setRefused}
          >
            {t('dialog.execute')}
          </ActionButton>
        )}
        <Button ref={cancel} className="btn" data-testid="cancel" onPress={close}>
          {stage < 3 ? t('dialog.cancel') : t('dialog.close')} <kbd>Esc</kbd>
        </Button>
      </footer>
    </section>
  );
}
