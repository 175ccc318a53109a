import type { IncidentView, MeasurementView, SectionView, SwitchView } from '@relight/contract';
import type { DiagramSection, DiagramSymbol } from '@relight/diagram';
import type { GridBook } from '../store/grid-book.ts';
import type { LiveState } from '../store/live-store.ts';
import { tagMarks, type TagMark } from '../tags/tag-marks.ts';
import { sectionIndex, sectionOf } from './section-index.ts';

export const RESTORED_SHOWN_MS = 5 * 60_000;

/** How a line is drawn. Form first: hollow, dashed, double; then colour. */
export const LINE_LOOKS = [
  'live',
  'restored',
  'dead',
  'suspected',
  'faulted',
  'unknown',
  'parallel',
] as const;
export type LineLook = (typeof LINE_LOOKS)[number];

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
  /** By path. */
  readonly lookOf: (path: number) => LineLook;
  /** By path: the feeder that supplies it now. */
  readonly feederOf: (path: number) => string | null;
  /** By symbol. */
  readonly symbols: readonly SymbolState[];
  readonly cards: readonly CardState[];
  readonly steps: ReadonlyMap<string, readonly StepMark[]>;
  /** Tags, earths and joints in doubt. */
  readonly tags: readonly TagMark[];
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

/** The live state as it is drawn, thing by thing. */
export interface LiveLooks {
  readonly ofNode: (node: string) => LineLook;
  readonly ofSection: (number: number) => LineLook;
  readonly ofSymbol: (symbol: DiagramSymbol) => SymbolState;
  readonly steps: ReadonlyMap<string, readonly StepMark[]>;
}

/**
 * Reads the live state of a book.
 * @param incidents - Those whose steps are numbered in the picture.
 */
export function liveLooks(
  book: GridBook,
  live: LiveState,
  incidents: readonly IncidentView[],
  now_ms: number,
): LiveLooks {
  const index = sectionIndex(book, live);
  const looks = index.ids.map((id) => lookOfSection(live.sections.get(id), now_ms));
  const ofSection = (number: number): LineLook => looks[number] ?? 'unknown';
  const ofNode = (node: string): LineLook => ofSection(index.ofNode.get(node) ?? -1);
  const inTrouble = new Set(incidents.flatMap((incident) => incident.feeders));
  const troubled = (node: string): boolean =>
    inTrouble.size > 0 && inTrouble.has(sectionOf(book, live, node)?.normalFeeder ?? '');

  const ofSymbol = (symbol: DiagramSymbol): SymbolState => {
    const plain = { ring: false, letter: null, indicator: null, lockout: false, busy: false };
    if (symbol.kind === 'faultIndicator') {
      const look = lookOfFlag(live.measurements.get(`${symbol.id} faultIndicator`));
      return {
        ...plain,
        look,
        indicator: look === 'closed' || troubled(symbol.nodes[0]) ? look : null,
      };
    }
    if (symbol.kind === 'groundDisconnector') {
      // The server names every earthing switch that does not provably stand open.
      const earth = live.earths.get(symbol.id);
      const look = earth === undefined ? 'open' : earth.quality === 'good' ? 'closed' : 'bad';
      return { ...plain, look, letter: earth === undefined ? null : qualityLetter(earth.quality) };
    }
    if (!book.switches.has(symbol.id)) {
      const [a, b] = [ofNode(symbol.nodes[0]), ofNode(symbol.nodes[1])];
      const look = a === 'unknown' || b === 'unknown' ? 'bad' : energised(a) ? 'closed' : 'open';
      return { ...plain, look: look !== 'bad' && energised(a) !== energised(b) ? 'mid' : look };
    }
    const view = live.switches.get(symbol.id);
    const flag = view?.faultIndicator ?? null;
    const showFlag = flag === true || (flag !== null && symbol.nodes.some(troubled));
    // What an indicator drawn beside the switch says already is not said twice.
    const said = symbol.nodes.some((node) => {
      const beside = book.indicatorAt.get(node);
      const view = live.measurements.get(`${beside ?? ''} faultIndicator`);
      return view !== undefined && lookOfFlag(view) === (flag === true ? 'closed' : 'open');
    });
    return {
      look: lookOfPosition(view),
      ring: view !== undefined && !view.normal,
      letter: view === undefined ? '?' : qualityLetter(view.quality),
      indicator: showFlag && !said ? (flag ? 'closed' : 'open') : null,
      lockout: view?.lockout ?? false,
      busy: view !== undefined && view.commandId !== null,
    };
  };
  return { ofNode, ofSection, ofSymbol, steps: stepMarks(incidents) };
}

/** Turns the live state into looks for everything the diagram draws. */
export function composePicture(
  book: GridBook,
  live: LiveState,
  incidents: readonly IncidentView[],
  now_ms: number,
): Picture {
  const { diagram } = book;
  const looks = liveLooks(book, live, incidents, now_ms);
  const { ids, ofPath } = sectionIndex(book, live);
  const feeders = ids.map((id) => live.sections.get(id)?.feeder ?? null);
  const cards: CardState[] = [];
  for (const section of diagram.sections) {
    const look = looks.ofNode(section.key);
    if (look === 'live' || look === 'parallel' || section.spans.length === 0) continue;
    const view = sectionOf(book, live, section.key);
    if (view !== undefined) cards.push({ section, view, look });
  }
  return {
    lookOf: (path) => looks.ofSection(ofPath[path] ?? -1),
    feederOf: (path) => feeders[ofPath[path] ?? -1] ?? null,
    symbols: diagram.symbols.map(looks.ofSymbol),
    cards,
    steps: looks.steps,
    tags: tagMarks(book, live),
  };
}
