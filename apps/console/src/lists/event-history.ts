import { useCallback, useEffect, useRef, useState } from 'react';
import type { EventHistoryQuery, EventView } from '@relight/contract';
import { useSpeech } from '../app-context.ts';
import { refusalWords } from '../parts/refusal-words.ts';
import { readEvents } from '../store/rest-history.ts';

const PAGE = 500;
/** Words are asked for once the person has stopped typing, ms. */
const SETTLE_MS = 250;

export interface PastEvents {
  /** Newest first. */
  readonly events: readonly EventView[];
  readonly more: boolean;
  readonly keptFrom_ms: number | null;
  readonly busy: boolean;
  readonly refused: string | null;
  /** Takes in the page before. */
  readonly older: () => void;
}

const NOTHING = { events: [], more: false, keptFrom_ms: null } as const;

/** @param wanted - As JSON, so that the same question is the same; null: none is asked. */
export function usePastEvents(wanted: string | null): PastEvents {
  const speech = useSpeech();
  const [page, setPage] = useState<Pick<PastEvents, 'events' | 'more' | 'keptFrom_ms'>>(NOTHING);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  /** An answer to an older question that comes late is not shown. */
  const turn = useRef(0);
  const ask = useCallback((question: EventHistoryQuery, before: readonly EventView[]) => {
    turn.current += 1;
    const mine = turn.current;
    setBusy(true);
    readEvents({ ...question, limit: PAGE })
      .then(
        ({ events, more, keptFrom_ms }) => {
          if (mine !== turn.current) return;
          setPage({ events: [...before, ...events], more, keptFrom_ms });
          setFailure(null);
        },
        (error: unknown) => {
          if (mine === turn.current) setFailure(error);
        },
      )
      .finally(() => {
        if (mine === turn.current) setBusy(false);
      });
  }, []);
  useEffect(() => {
    setPage(NOTHING);
    setFailure(null);
    if (wanted === null) {
      turn.current += 1;
      setBusy(false);
      return undefined;
    }
    setBusy(true);
    const settled = setTimeout(() => ask(JSON.parse(wanted) as EventHistoryQuery, []), SETTLE_MS);
    return () => clearTimeout(settled);
  }, [ask, wanted]);
  const last = page.events.at(-1);
  return {
    ...page,
    busy,
    refused: failure === null ? null : refusalWords(speech, failure),
    older: () => {
      if (wanted === null || last === undefined) return;
      ask({ ...(JSON.parse(wanted) as EventHistoryQuery), before: last.sequence }, page.events);
    },
  };
}
