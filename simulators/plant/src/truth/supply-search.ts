import type { Grid } from '@relight/grid';
import { createLoadFlowWorkspace, solveLoadFlow } from '@relight/powerflow';
import type { LoadFlowWorkspace } from '@relight/powerflow';
import { CLOSED, compileNetwork, energise, OPEN } from '@relight/topology';
import type { Energisation, Network, Positions } from '@relight/topology';
import { formBlocks, type Blocks, type Tie } from './blocks.ts';
import { exchangesAgainst } from './exchanges.ts';
import { easeToPresent, findBreach, limitsOf, type Limits } from './limits.ts';
import type { SupplyAnswer, SupplyQuestion } from './supply-question.ts';

/** Moves of live load from one supply to another that a state may use. */
const MOST_TRANSFERS = 2;
/** Some seconds on a town's grid; see `SupplyAnswer.exhausted`. */
const MOST_LOAD_FLOWS = 60_000;

/**
 * Most customers, dark now, that some legal state supplies: the search that `truth` judges the
 * engine by. It shares no code with the engine, and asks less: only whether a state exists.
 *
 * A state is legal if every supplied block hangs on exactly one source, nothing that must stay
 * dead is live, no limit is broken (`limits.ts`), and everybody live now still is. Only switches
 * that can be moved from afar differ from the present state.
 *
 * How: take the part that the outage never darkened as it stands, and grow supply into the
 * blocks the outage darkened, one switch at a time; each switch is tried closed, then left
 * open for good, so that every forest of supply is met exactly once (branch), unless what could
 * still be reached cannot beat the best so far (bound). Where a close breaks a limit, up to
 * `MOST_TRANSFERS` exchanges (open one switch of a live part, close another) that could relieve
 * it are tried. Growing a tree never lightens it, so a limit that no exchange mends ends the
 * branch. Everything is taken in order of index: the same question has the same answer.
 */
export function searchSupply(
  network: Network,
  question: SupplyQuestion,
  budget: number = MOST_LOAD_FLOWS,
): SupplyAnswer {
  return new SupplySearch(network, question, budget).run();
}

/** The same for a grid that is not compiled yet: compiles it once for many questions. */
export function createSupplySearch(grid: Grid): (question: SupplyQuestion) => SupplyAnswer {
  const network = compileNetwork(grid);
  return (question) => searchSupply(network, question);
}

interface Growth {
  readonly positions: Positions;
  /** By block: 1 where supplied. */
  readonly supplied: Uint8Array;
  /** By switch: 1 where it has been decided to stay open. */
  readonly leftOpen: Uint8Array;
  readonly gained: number;
  readonly transfersLeft: number;
}

class SupplySearch {
  readonly #network: Network;
  readonly #question: SupplyQuestion;
  readonly #workspace: LoadFlowWorkspace;
  readonly #blocks: Blocks;
  readonly #limits: Limits;
  /** Ties in the order they are tried: closed ones first, so that the present state comes first. */
  readonly #ties: readonly Tie[];
  readonly #budget: number;
  #loadFlows = 0;
  #best = 0;
  #bestPositions: Positions;

  constructor(network: Network, question: SupplyQuestion, budget: number) {
    this.#network = network;
    this.#question = question;
    this.#budget = budget;
    this.#workspace = createLoadFlowWorkspace(network);
    this.#bestPositions = question.positions;
    const present = this.#energise(question.positions);
    this.#blocks = formBlocks(network, question, present);
    const presentFlow = solveLoadFlow({
      network,
      positions: question.positions,
      energisation: present,
      loads: question.loads,
      generators: question.generators,
    });
    this.#limits = easeToPresent(network, limitsOf(network), presentFlow);
    const isClosed = (tie: Tie): number => (question.positions[tie.switch] === CLOSED ? 0 : 1);
    this.#ties = [...this.#blocks.ties].sort(
      (a, b) => isClosed(a) - isClosed(b) || a.switch - b.switch,
    );
  }

  run(): SupplyAnswer {
    this.#grow(this.#untouchedPart());
    return {
      customers: this.#best,
      positions: this.#bestPositions,
      loadFlows: this.#loadFlows,
      exhausted: this.#loadFlows >= this.#budget,
    };
  }

  /** What the outage never reached, with everything around the rest open. */
  #untouchedPart(): Growth {
    const { ties, free, forbidden, live } = this.#blocks;
    const positions = this.#question.positions.slice();
    for (const { switch: index, one, other } of ties) {
      const apart = [one, other].some((block) => free[block] === 1 || forbidden[block] === 1);
      if (apart) positions[index] = OPEN;
    }
    return {
      positions,
      supplied: live.map((isLive, block) => (free[block] === 0 ? isLive : 0)),
      leftOpen: new Uint8Array(this.#network.switchCount),
      gained: 0,
      transfersLeft: MOST_TRANSFERS,
    };
  }

  #grow(growth: Growth): void {
    if (this.#loadFlows >= this.#budget) return;
    const { reachable, mostGain } = this.#whatRemains(growth);
    if (mostGain <= this.#best || this.#losesSomebody(reachable)) return;
    if (growth.gained > this.#best && !this.#losesSomebody(growth.supplied)) {
      this.#best = growth.gained;
      this.#bestPositions = growth.positions;
    }
    const next = this.#ties.find((tie) => this.#leadsOn(growth, tie));
    if (next === undefined) return;
    this.#closeInto(growth, next);
    const leftOpen = growth.leftOpen.slice();
    leftOpen[next.switch] = 1;
    this.#grow({ ...growth, leftOpen });
  }

  /** A tie from the supplied part to a free block that has no supply yet. */
  #leadsOn(growth: Growth, tie: Tie): boolean {
    if (growth.leftOpen[tie.switch] === 1) return false;
    const { supplied } = growth;
    const { free } = this.#blocks;
    if (supplied[tie.one] === 1) return supplied[tie.other] === 0 && free[tie.other] === 1;
    return supplied[tie.other] === 1 && free[tie.one] === 1;
  }

  #closeInto(growth: Growth, tie: Tie): void {
    const added = growth.supplied[tie.one] === 1 ? tie.other : tie.one;
    const positions = growth.positions.slice();
    positions[tie.switch] = CLOSED;
    const supplied = growth.supplied.slice();
    supplied[added] = 1;
    const isGain = this.#blocks.live[added] === 0;
    const gained = growth.gained + (isGain ? this.#blocks.customers[added]! : 0);
    const energisation = this.#energise(positions);
    const source = energisation.nodeSource[this.#network.branchFrom[this.#branchOf(tie)]!]!;
    this.#settle({ ...growth, positions, supplied, gained }, energisation, new Set([source]));
  }

  /** Goes on from a state if it is legal, else from every exchange that makes it so. */
  #settle(growth: Growth, energisation: Energisation, touched: ReadonlySet<number>): void {
    if (this.#loadFlows >= this.#budget) return;
    this.#loadFlows += 1;
    const breach = findBreach(
      this.#workspace,
      this.#limits,
      this.#question,
      growth.positions,
      energisation,
      touched,
    );
    if (breach === null) {
      this.#grow(growth);
      return;
    }
    if (growth.transfersLeft === 0) return;
    const exchanges = exchangesAgainst(
      this.#network,
      this.#blocks,
      growth.positions,
      energisation,
      breach,
    );
    for (const { open, close } of exchanges) {
      if (this.#whatRemains(growth).mostGain <= this.#best) return;
      const positions = growth.positions.slice();
      positions[open] = OPEN;
      positions[close] = CLOSED;
      const after = this.#energise(positions);
      const { branchFrom, firstSwitchBranch } = this.#network;
      const sources = new Set(touched);
      sources.add(energisation.nodeSource[branchFrom[firstSwitchBranch + open]!]!);
      sources.add(after.nodeSource[branchFrom[firstSwitchBranch + close]!]!);
      const transfersLeft = growth.transfersLeft - 1;
      this.#settle({ ...growth, positions, transfersLeft }, after, sources);
    }
  }

  /** Blocks that can still be supplied, and the customers won if all of them were. */
  #whatRemains(growth: Growth): { readonly reachable: Uint8Array; readonly mostGain: number } {
    const { free, live, customers } = this.#blocks;
    const reachable = growth.supplied.slice();
    let mostGain = growth.gained;
    for (let grown = true; grown;) {
      grown = false;
      for (const { switch: index, one, other } of this.#ties) {
        if (growth.leftOpen[index] === 1 || reachable[one] === reachable[other]) continue;
        const added = reachable[one] === 1 ? other : one;
        if (free[added] === 0) continue;
        reachable[added] = 1;
        grown = true;
        if (live[added] === 0) mostGain += customers[added]!;
      }
    }
    return { reachable, mostGain };
  }

  /** A block that is live now, and may be, would not be. */
  #losesSomebody(supplied: Uint8Array): boolean {
    const { live, forbidden } = this.#blocks;
    return live.some((isLive, block) => isLive === 1 && !forbidden[block] && supplied[block] === 0);
  }

  #energise(positions: Positions): Energisation {
    return energise(this.#network, positions, { lostSources: this.#question.lostSources });
  }

  #branchOf(tie: Tie): number {
    return this.#network.firstSwitchBranch + tie.switch;
  }
}
