import type { IncidentView, MeasurementView, SectionView, SwitchView } from '@relight/contract';
import type { DiagramSection, DiagramSymbol } from '@relight/diagram';
import type { GridBook } from '../store/grid-book.ts';
import type { LiveState } from '../store/live-store.ts';

export const RESTORED_SHOWN_MS = 5 * 60_000;

/** How a line is drawn. Form first: hollow, dashed, double; then colour. */
export type LineLook =
  | 'live'
  | 'restored'
  | 'dead'
  | 'suspected'
  | 'faulted'
  | 'unknown'
  | 'parallel';

/** State part of a symbol's name in the sheet. */
export type SymbolLook = 'closed' | 'open' | 'mid' | 'bad';

export interface SymbolState {
  readonly look: SymbolLook;
  /** Off its normal position. */
  readonly ring: boolean;
  /** Quality letter where the value is not good: I, S, M, B, O or ?. */
  readonly letter: string | null;
  readonly indicator: SymbolLook | null;
  readonly lockout: boolean;
  readonly busy: boolean;
}

export interface CardState {
  readonly section: DiagramSection;
  readonly view: SectionView;
  readonly look: LineLook;
}

export interface StepMark {
  readonly n: number;
  readonly state: 'done' | 'next' | 'later' | 'failed';
}

/** Everything live that the diagram shows, ready to draw. */
export interface Picture {
  readonly lineLooks: readonly LineLook[];
  readonly feederOfPath: readonly (string | null)[];
  readonly symbols: readonly SymbolState[];
  readonly cards: readonly CardState[];
  readonly steps: ReadonlyMap<string, readonly StepMark[]>;
}

const LETTERS: Readonly<Record<string, string>> = {
  invalid: 'I',
  notTopical: 'S',
  substituted: 'M',
  blocked: 'B',
  overflow: 'O',
  questionable: '?',
};

/** The letter that goes with a quality; null for good. */
export function qualityLetter(quality: string): string | null {
  return LETTERS[quality] ?? null;
}

function lookOfPosition(view: SwitchView | undefined): SymbolLook {
  if (view === undefined || view.position === null || view.position === 'bad') return 'bad';
  if (view.quality !== 'good' && view.quality !== 'substituted' && view.quality !== 'blocked')
    return 'bad';
  return view.position === 'intermediate' ? 'mid' : view.position;
}

function lookOfFlag(view: MeasurementView | undefined): SymbolLook {
  if (view === undefined || view.value === null || view.quality !== 'good') return 'bad';
  return view.value === true ? 'closed' : 'open';
}

/** How the lines of a section are drawn at a moment of the server's clock. */
export function lookOfSection(view: SectionView | undefined, now_ms: number): LineLook {
  if (view === undefined) return 'unknown';
  if (view.state !== 'live') return view.state;
  if (view.inLoop) return 'parallel';
  if (view.restoredAt_ms !== null && now_ms - view.restoredAt_ms < RESTORED_SHOWN_MS)
    return 'restored';
  return 'live';
}

function energised(look: LineLook): boolean {
  return look === 'live' || look === 'restored' || look === 'parallel';
}

const FINISHED_STEPS = new Set(['verified']);

/** Numbers to put on switches: steps of the incidents, in the state they are in. */
function stepMarks(incidents: readonly IncidentView[]): Map<string, StepMark[]> {
  const marks = new Map<string, StepMark[]>();
  for (const incident of incidents) {
    for (const step of incident.plan?.steps ?? []) {
      const progress = incident.steps.find((s) => s.n === step.n)?.state ?? 'waiting';
      if (progress === 'cancelled') continue;
      const state = FINISHED_STEPS.has(progress)
        ? 'done'
        : progress === 'failed' || progress === 'unknown'
          ? 'failed'
          : progress === 'waiting'
            ? 'later'
            : 'next';
      const list = marks.get(step.switch) ?? [];
      list.push({ n: step.n, state });
      marks.set(step.switch, list);
    }
  }
  return marks;
}

/** Sections by the node ids they hold. The membership never changes while the grid does not. */
export function sectionByNode(live: LiveState): ReadonlyMap<string, SectionView> {
  const map = new Map<string, SectionView>();
  for (const section of live.sections.values())
    for (const node of section.nodes) map.set(node, section);
  return map;
}

/**
 * Turns the live state into looks, one per path and symbol of the diagram.
 * @param incidents - Those whose steps are numbered in the picture.
 */
export function composePicture(
  book: GridBook,
  live: LiveState,
  incidents: readonly IncidentView[],
  now_ms: number,
): Picture {
  const { diagram } = book;
  const byNode = sectionByNode(live);
  const looks = new Map<string, LineLook>();
  const lookOf = (node: string): LineLook => {
    const section = byNode.get(node);
    if (section === undefined) return 'unknown';
    const known = looks.get(section.id);
    if (known !== undefined) return known;
    const look = lookOfSection(section, now_ms);
    looks.set(section.id, look);
    return look;
  };
  const inTrouble = new Set(incidents.flatMap((incident) => incident.feeders));

  const symbolState = (symbol: DiagramSymbol): SymbolState => {
    const plain = { ring: false, letter: null, indicator: null, lockout: false, busy: false };
    const [a, b] = [lookOf(symbol.nodes[0]), lookOf(symbol.nodes[1])];
    if (symbol.kind === 'faultIndicator') {
      const look = lookOfFlag(live.measurements.get(`${symbol.id} faultIndicator`));
      const feeder = byNode.get(symbol.nodes[0])?.normalFeeder ?? '';
      return {
        ...plain,
        look,
        indicator: look === 'closed' || inTrouble.has(feeder) ? look : null,
      };
    }
    if (symbol.kind === 'groundDisconnector') {
      const earth = book.file.groundDisconnectors?.find((g) => g.id === symbol.id);
      return { ...plain, look: earth?.closed === true ? 'closed' : 'open' };
    }
    if (!book.switches.has(symbol.id)) {
      const look = a === 'unknown' || b === 'unknown' ? 'bad' : energised(a) ? 'closed' : 'open';
      return { ...plain, look: look !== 'bad' && energised(a) !== energised(b) ? 'mid' : look };
    }
    const view = live.switches.get(symbol.id);
    const feeders = symbol.nodes.map((n) => byNode.get(n)?.normalFeeder ?? '');
    const showFlag = view?.faultIndicator === true || feeders.some((f) => inTrouble.has(f));
    const flag = view === undefined || view.faultIndicator === null ? null : view.faultIndicator;
    return {
      look: lookOfPosition(view),
      ring: view !== undefined && !view.normal,
      letter: view === undefined ? '?' : qualityLetter(view.quality),
      indicator: showFlag && flag !== null ? (flag ? 'closed' : 'open') : null,
      lockout: view?.lockout ?? false,
      busy: view !== undefined && view.commandId !== null,
    };
  };

  const cards: CardState[] = [];
  for (const section of diagram.sections) {
    const view = byNode.get(section.key);
    if (view === undefined) continue;
    const look = lookOf(section.key);
    if (look !== 'live' && look !== 'parallel' && section.spans.length > 0)
      cards.push({ section, view, look });
  }

  return {
    lineLooks: diagram.paths.map((path) => lookOf(path.node)),
    feederOfPath: diagram.paths.map((path) => byNode.get(path.node)?.feeder ?? null),
    symbols: diagram.symbols.map(symbolState),
    cards,
    steps: stepMarks(incidents),
  };
}
