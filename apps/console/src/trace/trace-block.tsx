import { Button } from 'react-aria-components';
import { useApp, useLive, useSpeech, useUi, type Speech } from '../app-context.ts';
import { deviceName } from '../store/grid-book.ts';
import { traceFrom, type Trace, type TraceDirection } from './trace.ts';

const DIRECTIONS = [
  ['up', 'U'],
  ['down', 'D'],
  ['loop', null],
] as const satisfies readonly (readonly [TraceDirection, string | null])[];

function words(trace: Trace, { t, num }: Pick<Speech, 't' | 'num'>): string {
  const { direction, source, otherSource } = trace;
  const n = num(trace.branches.size);
  if (direction === 'loop') {
    if (source === null || otherSource === null) return t('trace.noLoop');
    return source === otherSource
      ? t('trace.ring', { source, n })
      : t('trace.between', { source, other: otherSource, n });
  }
  if (source === null) return t('trace.noSource');
  return direction === 'up'
    ? t('trace.toSource', { source, n })
    : t('trace.behind', { customers: num(trace.customers), kW: num(trace.load_kW) });
}

/** Trace up, down and round from the selection, and what it found. */
export function TraceBlock({ id }: { readonly id: string }) {
  const { ui, book } = useApp();
  const { t, num } = useSpeech();
  const live = useLive((state) => state);
  const direction = useUi((state) => state.trace);
  const trace = direction === null ? null : traceFrom(book, live, id, direction);
  return (
    <section className="trace-block" aria-label={t('trace.title')}>
      {DIRECTIONS.map(([name, key]) => (
        <Button
          key={name}
          className={`chip ${direction === name ? 'on' : ''}`}
          aria-pressed={direction === name}
          data-testid={`trace-${name}`}
          onPress={() => ui.set({ trace: direction === name ? null : name })}
        >
          {t(`trace.${name}`)} {key !== null && <kbd>{key}</kbd>}
        </Button>
      ))}
      {trace !== null && (
        <p
          role="status"
          data-testid="trace-result"
          data-customers={trace.customers}
          data-source={trace.source ?? ''}
        >
          {words(trace, { t, num })}
          {trace.uncertain.length > 0 && (
            <span className="bad">
              {' '}
              {t('trace.uncertain', {
                list: trace.uncertain
                  .slice(0, 3)
                  .map((s) => deviceName(book, s))
                  .join(', '),
                n: num(trace.uncertain.length),
              })}
            </span>
          )}
        </p>
      )}
    </section>
  );
}
