import { useCallback, useEffect, useRef, useState } from 'react';
import { useLive, useSpeech } from '../app-context.ts';
import { refusalWords } from './refusal-words.ts';

export interface Asked<Value> {
  /** The last answer; null before the first. */
  readonly value: Value | null;
  /** Why the last question was refused; null where it was not. */
  readonly refused: string | null;
  /** Asks at once. */
  readonly again: () => void;
}

/**
 * Asks the server now and again for what it does not stream. While the server is lost nobody is
 * asked, and the last answer stays in sight.
 * @param ask - The same function from one drawing to the next.
 */
export function useAsked<Value>(ask: () => Promise<Value>, every_ms: number): Asked<Value> {
  const speech = useSpeech();
  const live = useLive((state) => state.status === 'live');
  const [value, setValue] = useState<Value | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  /** An older answer that comes late is not shown. */
  const turn = useRef(0);
  const again = useCallback(() => {
    turn.current += 1;
    const mine = turn.current;
    ask().then(
      (answer) => {
        if (mine !== turn.current) return;
        setValue(answer);
        setFailure(null);
      },
      (error: unknown) => {
        if (mine === turn.current) setFailure(error);
      },
    );
  }, [ask]);
  useEffect(() => {
    if (!live) return undefined;
    again();
    const timer = setInterval(again, every_ms);
    return () => {
      clearInterval(timer);
      turn.current += 1;
    };
  }, [again, every_ms, live]);
  return { value, refused: failure === null ? null : refusalWords(speech, failure), again };
}
