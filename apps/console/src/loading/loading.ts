import type { GridBook } from '../store/grid-book.ts';
import type { LiveState } from '../store/live-store.ts';

export interface FeederLoading {
  readonly id: string;
  readonly head: string;
  readonly current_A: number | null;
  /** The smaller rating of the breaker and of the lines that leave it; null = none given. */
  readonly limit_A: number | null;
  readonly share: number | null;
  readonly good: boolean;
}

export interface TransformerLoading {
  readonly id: string;
  readonly activePower_kW: number | null;
  readonly reactivePower_kvar: number | null;
  readonly rated_MVA: number;
  /** Apparent power over rating; from active power alone it is a lower bound (`lowerBound`). */
  readonly share: number | null;
  readonly lowerBound: boolean;
  readonly good: boolean;
}

export interface TieMargin {
  readonly id: string;
  /** Feeders that supply its two ends now. */
  readonly feeders: readonly [string | null, string | null];
  /** What each feeder could still carry at its head, as far as its rating goes. */
  readonly spare_A: readonly [number | null, number | null];
  readonly rated_A: number | null;
}

const least = (values: readonly (number | undefined)[]): number | null => {
  const known = values.filter((v): v is number => v !== undefined);
  return known.length === 0 ? null : Math.min(...known);
};

function measured(live: LiveState, id: string, signal: string) {
  const found = live.measurements.get(`${id} ${signal}`);
  return {
    value: typeof found?.value === 'number' ? found.value : null,
    good: found?.quality === 'good',
  };
}

/** Every feeder against the rating at its head, the most loaded first. */
export function feederLoadings(book: GridBook, live: LiveState): FeederLoading[] {
  const linesAt = new Map<string, (number | undefined)[]>();
  for (const { from, to, rated_A } of book.lines.values())
    for (const node of [from, to]) {
      const known = linesAt.get(node);
      if (known === undefined) linesAt.set(node, [rated_A]);
      else known.push(rated_A);
    }
  return (book.file.feeders ?? [])
    .map((feeder): FeederLoading => {
      const head = book.switches.get(feeder.head);
      const lines = [head?.to, head?.from].flatMap((node) => linesAt.get(node ?? '') ?? []);
      const limit_A = least([head?.rated_A, ...lines]);
      const { value, good } = measured(live, feeder.head, 'current_A');
      return {
        id: feeder.id,
        head: feeder.head,
        current_A: value,
        limit_A,
        share: value === null || limit_A === null || limit_A === 0 ? null : value / limit_A,
        good,
      };
    })
    .sort((a, b) => (b.share ?? -1) - (a.share ?? -1) || (a.id < b.id ? -1 : 1));
}

/** Every transformer against its rating, the most loaded first. */
export function transformerLoadings(book: GridBook, live: LiveState): TransformerLoading[] {
  return [...book.transformers.values()]
    .map(({ id, rated_MVA }): TransformerLoading => {
      const p = measured(live, id, 'activePower_kW');
      const q = measured(live, id, 'reactivePower_kvar');
      const share =
        p.value === null ? null : Math.sqrt(p.value ** 2 + (q.value ?? 0) ** 2) / 1000 / rated_MVA;
      return {
        id,
        activePower_kW: p.value,
        reactivePower_kvar: q.value,
        rated_MVA,
        share,
        lowerBound: q.value === null,
        good: p.good && (q.value === null || q.good),
      };
    })
    .sort((a, b) => (b.share ?? -1) - (a.share ?? -1) || (a.id < b.id ? -1 : 1));
}

/** Ties between feeders with what each side has to spare; voltage and the way there are for the plan to judge. */
export function tieMargins(book: GridBook, live: LiveState): TieMargin[] {
  const feederAt = new Map<string, string | null>();
  for (const section of live.sections.values())
    for (const node of section.nodes) feederAt.set(node, section.feeder ?? null);
  const loading = new Map(feederLoadings(book, live).map((f) => [f.id, f]));
  const spare = (feeder: string | null): number | null => {
    const found = feeder === null ? undefined : loading.get(feeder);
    if (found === undefined || found.current_A === null || found.limit_A === null) return null;
    return found.good ? found.limit_A - found.current_A : null;
  };
  return [...book.switches.values()]
    .filter((s) => s.normallyOpen === true && book.symbols.get(s.id)?.station === false)
    .map(({ id, from, to, rated_A }): TieMargin => {
      const feeders = [feederAt.get(from) ?? null, feederAt.get(to) ?? null] as const;
      return {
        id,
        feeders,
        spare_A: [spare(feeders[0]), spare(feeders[1])],
        rated_A: rated_A ?? null,
      };
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}
