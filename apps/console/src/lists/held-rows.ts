import { useCallback, useRef, useState } from 'react';

export interface HeldRows<T> {
  readonly shown: readonly T[];
  readonly waiting: number;
  readonly release: () => void;
  readonly watch: {
    readonly onScroll: (event: React.UIEvent<HTMLElement>) => void;
    readonly onPointerEnter: () => void;
    readonly onPointerLeave: () => void;
  };
}

/**
 * Keeps a list still while somebody reads it: new rows join only while the list is at its top and
 * the pointer is elsewhere; otherwise they wait and are counted.
 */
export function useHeldRows<T>(rows: readonly T[], idOf: (row: T) => string): HeldRows<T> {
  const held = useRef<ReadonlySet<string> | null>(null);
  const away = useRef(false);
  const pointed = useRef(false);
  const [, redraw] = useState(0);
  const latest = useRef(rows);
  latest.current = rows;

  const settle = useCallback(() => {
    const still = away.current || pointed.current;
    if (still && held.current === null) held.current = new Set(latest.current.map(idOf));
    if (!still && held.current !== null) {
      held.current = null;
      redraw((n) => n + 1);
    }
  }, [idOf]);
  const known = held.current;
  const shown = known === null ? rows : rows.filter((row) => known.has(idOf(row)));
  return {
    shown,
    waiting: rows.length - shown.length,
    release: () => {
      held.current = away.current || pointed.current ? new Set(rows.map(idOf)) : null;
      redraw((n) => n + 1);
    },
    watch: {
      onScroll: (event) => {
        away.current = event.currentTarget.scrollTop > 4;
        settle();
      },
      onPointerEnter: () => {
        pointed.current = true;
        settle();
      },
      onPointerLeave: () => {
        pointed.current = false;
        settle();
      },
    },
  };
}
