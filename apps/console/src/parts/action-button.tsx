import { useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { useLive, useSpeech } from '../app-context.ts';
import { refusalWords } from './refusal-words.ts';

interface Props {
  readonly children: ReactNode;
  readonly action: () => Promise<unknown>;
  readonly className?: string;
  readonly isDisabled?: boolean;
  readonly label?: string | undefined;
  readonly testId?: string | undefined;
  /** Told what went wrong, in the language of the window. */
  readonly onRefused?: (reason: string) => void;
}

/** Asks the server for something; disabled while the server is lost or an answer is due. */
export function ActionButton(props: Props) {
  const speech = useSpeech();
  const lost = useLive((state) => state.status !== 'live');
  const [busy, setBusy] = useState(false);
  const press = (): void => {
    setBusy(true);
    props
      .action()
      .catch((error: unknown) => {
        props.onRefused?.(refusalWords(speech, error));
      })
      .finally(() => setBusy(false));
  };
  return (
    <Button
      className={`btn ${props.className ?? ''}`}
      isDisabled={lost || busy || props.isDisabled === true}
      onPress={press}
      {...(props.label === undefined ? {} : { 'aria-label': props.label })}
      {...(props.testId === undefined ? {} : { 'data-testid': props.testId })}
    >
      {props.children}
    </Button>
  );
}
