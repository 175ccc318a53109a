import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, type ReactNode } from 'react';
import { useSpeech } from '../app-context.ts';
import type { HeldRows } from './held-rows.ts';

interface Props<Row> {
  readonly label: string;
  /** The line of column names. */
  readonly head: ReactNode;
  readonly rows: readonly Row[];
  readonly heightOf: (row: Row) => number;
  readonly children: (row: Row) => ReactNode;
  /** What keeps the list still while somebody reads it. */
  readonly held: HeldRows<unknown>;
  readonly whenEmpty: string;
}

/** A long list of which only the rows in sight exist. */
export function RowList<Row>({
  label,
  head,
  rows,
  heightOf,
  children,
  held,
  whenEmpty,
}: Props<Row>) {
  const { t, num } = useSpeech();
  const box = useRef<HTMLDivElement>(null);
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: (i) => {
      const row = rows[i];
      return row === undefined ? 0 : heightOf(row);
    },
    overscan: 20,
  });
  return (
    <div className="alarm-table">
      {head}
      {held.waiting > 0 && (
        <button type="button" className="more" onClick={held.release}>
          {t('list.waiting', { n: num(held.waiting) })}
        </button>
      )}
      <div ref={box} className="rows" {...held.watch} tabIndex={0} role="log" aria-label={label}>
        <div className="rows-height" style={{ height: list.getTotalSize() }}>
          {list.getVirtualItems().map((item) => {
            const row = rows[item.index];
            return row === undefined ? null : (
              <div key={item.key} className="rows-item" style={{ top: item.start }}>
                {children(row)}
              </div>
            );
          })}
        </div>
        {rows.length === 0 && <p className="empty-list">{whenEmpty}</p>}
      </div>
    </div>
  );
}
