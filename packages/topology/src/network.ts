import type { Grid, IdIndex } from '@relight/grid';

/** What a branch is. Switches have no impedance. */
export const BRANCH_LINE = 0;
export const BRANCH_TRANSFORMER = 1;
export const BRANCH_SWITCH = 2;

/** Position of a switch in a `Positions` array. */
export const OPEN = 0;
export const CLOSED = 1;
/** Not known: counts as closed for what must stay dead, as open for supply. */
export const UNKNOWN = 2;

/** One entry per switch of the grid, by switch index: OPEN, CLOSED or UNKNOWN. */
export type Positions = Uint8Array;

/**
 * The grid compiled into flat arrays: nothing here depends on switch positions.
 *
 * Branches are numbered lines first, then transformers, then switches, each in the order of
 * the `Grid` arrays (sorted by id): branch = line index, lines + transformer index, or
 * lines + transformers + switch index.
 */
export interface Network {
  readonly grid: Grid;
  readonly nodeCount: number;
  readonly lineCount: number;
  readonly switchCount: number;
  readonly branchCount: number;
  /** First branch number of the switches (all lines and transformers come before). */
  readonly firstSwitchBranch: number;
  /** Ends of each branch as node indices. */
  readonly branchFrom: Int32Array;
  readonly branchTo: Int32Array;
  readonly branchKind: Uint8Array;
  /** Compressed adjacency: entries of node n are adjacencyStart[n] … adjacencyStart[n + 1] − 1. */
  readonly adjacencyStart: Int32Array;
  readonly adjacencyBranch: Int32Array;
  readonly adjacencyNode: Int32Array;
  /** Section of each node; sections are numbered by their lowest node index. */
  readonly nodeSection: Int32Array;
  readonly sectionCount: number;
  /** Nodes by section, compressed as the adjacency. */
  readonly sectionStart: Int32Array;
  readonly sectionNodes: Int32Array;
  /** Sections at the two ends of each switch, by switch index. */
  readonly switchSectionFrom: Int32Array;
  readonly switchSectionTo: Int32Array;
  /** Switches that touch a section (a switch inside one section stands twice), compressed. */
  readonly sectionSwitchStart: Int32Array;
  readonly sectionSwitches: Int32Array;
  /** Node of each source, by source index; source index at a node, −1 where none. */
  readonly sourceNode: Int32Array;
  readonly nodeSource: Int32Array;
  /** Node of each load, by load index. */
  readonly loadNode: Int32Array;
  /** Feeder whose head a switch is, by switch index; −1 where it is none. */
  readonly switchFeeder: Int32Array;
  readonly index: {
    readonly node: IdIndex;
    readonly line: IdIndex;
    readonly transformer: IdIndex;
    readonly switch: IdIndex;
    readonly source: IdIndex;
    readonly load: IdIndex;
  };
}

/**
 * Which part is live and from where, in one state of the switches. Supply passes closed
 * switches only (unknown counts as open); `maybeLive` also passes unknown ones.
 */
export interface Energisation {
  /**
   * Source index that supplies the node, −1 dead. Where closed branches join several sources,
   * the whole joined part carries the first of them in source order.
   */
  readonly nodeSource: Int32Array;
  /**
   * Branch through which the node is supplied, −1 at a source or dead. Following it leads to
   * the nearest source by number of branches, also where several are joined.
   */
  readonly parentBranch: Int32Array;
  /** 1 where the node could be live if unknown positions were closed. */
  readonly maybeLive: Uint8Array;
  /** Feeder index (last feeder head passed on the way from the source), −1 none. */
  readonly nodeFeeder: Int32Array;
  /** Live nodes in breadth-first order from the sources. */
  readonly order: Int32Array;
  /** Branches that close a loop or join two sources, ascending. Empty in a radial state. */
  readonly loopBranches: readonly number[];
}
