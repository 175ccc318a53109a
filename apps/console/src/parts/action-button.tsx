import { useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import type { Right } from '@relight/contract';
import { useLive, useSession, useSpeech } from '../app-context.ts';
import { hasRight } from '../people/session-store.ts';
import { refusalWords } from './refusal-words.ts';

interface Props {
  readonly children: ReactNode;
  readonly action: () => Promise<unknown>;
  readonly className?: string;
  readonly isDisabled?: boolean;
  /** Whoever does not have it sees no button; a locked desk sees it disabled. */
  readonly right?: Right;
  readonly label?: string | undefined;
  readonly testId?: string | undefined;
  /** Told what went wrong, in the language of the window. */
  readonly onRefused?: (reason: string) => void;
}

/** Asks the server for something; disabled while the server is lost or an answer is due. */
export function ActionButton(props: Props) {
  const speech = useSpeech();
  const lost = useLive((state) => state.status !== 'live');
  const session = useSession();
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
  const { right } = props;
  if (right !== undefined && !hasRight(session, right)) return null;
  const locked = right !== undefined && session?.locked === true;
  return (
    <Button
      className={`btn ${props.className ?? ''}`}
      isDisabled={lost || locked || busy || props.isDisabled === true}
      onPress={press}
      {...(props.label === undefined ? {} : { 'aria-label': props.label })}
      {...(props.testId === undefined ? {} : { 'data-testid': props.testId })}
    >
      {props.children}
    </Button>
  );
}
