import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useSpeech } from '../app-context.ts';
import { useOnPaper } from '../scene/paper.ts';
import type { HeldRows } from './held-rows.ts';

interface Props<Row> {
  readonly label: string;
  /** The line of column names. */
  readonly head: ReactNode;
  readonly rows: readonly Row[];
  /** Height of a row in a list so wide, CSS pixels. */
  readonly heightOf: (row: Row, width: number) => number;
  readonly children: (row: Row) => ReactNode;
  /** What keeps the list still while somebody reads it. */
  readonly held: HeldRows<unknown>;
  readonly whenEmpty: string;
}

/** Width of an element, CSS pixels; rows of a narrow list are higher. */
function useWidth(box: React.RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(Number.POSITIVE_INFINITY);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const sizes = new ResizeObserver(() => setWidth(element.clientWidth));
    sizes.observe(element);
    return () => sizes.disconnect();
  }, [box]);
  return width;
}

/** A long list of which only the rows in sight exist; on paper all of them do. */
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
  const width = useWidth(box);
  const paper = useOnPaper();
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: (i) => {
      const row = rows[i];
      return row === undefined ? 0 : heightOf(row, width);
    },
    overscan: 20,
  });
  useEffect(() => list.measure(), [list, width]);
  return (
    <div className="alarm-table">
      {head}
      {held.waiting > 0 && (
        <button type="button" className="more" onClick={held.release}>
          {t('list.waiting', { n: num(held.waiting) })}
        </button>
      )}
      <div ref={box} className="rows" {...held.watch} tabIndex={0} role="log" aria-label={label}>
        {paper ? (
          rows.map((row, i) => <div key={list.options.getItemKey(i)}>{children(row)}</div>)
        ) : (
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
        )}
        {rows.length === 0 && <p className="empty-list">{whenEmpty}</p>}
      </div>
    </div>
  );
}
