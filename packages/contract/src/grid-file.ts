import { z } from 'zod';

/**
 * `relight-grid/1`: the shape of a grid file. Only shapes and single values are judged here;
 * rules that need the whole file (references, islands, loops) live in `@relight/grid`.
 */

export const GRID_FORMAT = 'relight-grid/1';

const id = z.string().min(1).max(200);
const finite = z.number();
const positive = z.number().positive();
const notNegative = z.number().nonnegative();
const position = { lon: finite.optional(), lat: finite.optional() };

export const SwitchKind = z.enum([
  'breaker',
  'recloser',
  'loadBreakSwitch',
  'disconnector',
  'sectionaliser',
  'fuse',
]);
export type SwitchKind = z.infer<typeof SwitchKind>;

/** How far the engine may act on a feeder by itself; the strictest of all that apply wins. */
export const AutomationMode = z.enum(['automatic', 'advisory', 'restoreOnly', 'disabled']);
export type AutomationMode = z.infer<typeof AutomationMode>;

export const LoadPriority = z.enum(['critical', 'important', 'normal']);
export type LoadPriority = z.infer<typeof LoadPriority>;

export const LimitsFile = z.object({
  minVoltage_pu: positive.optional(),
  maxVoltage_pu: positive.optional(),
  loadingFactor: positive.optional(),
  emergencyMinVoltage_pu: positive.optional(),
});

export const SubstationFile = z.object({
  id,
  name: z.string().optional(),
  nominalVoltage_kV: positive.optional(),
  unmanned: z.boolean().optional(),
  ...position,
});

export const NodeFile = z.object({
  id,
  nominalVoltage_kV: positive,
  substation: id.optional(),
  busbar: z.boolean().optional(),
  ...position,
});

/**
 * How the neutral of the network behind a source or transformer is connected to earth. With an
 * isolated or Petersen-earthed neutral an earth fault raises 3U0 and trips nothing.
 */
export const NeutralEarthing = z.enum(['solid', 'resistance', 'isolated', 'petersen']);
export type NeutralEarthing = z.infer<typeof NeutralEarthing>;

export const SourceFile = z.object({
  id,
  node: id,
  voltage_pu: positive.optional(),
  max_MVA: positive.optional(),
  angleGroup: z.string().optional(),
  neutralEarthing: NeutralEarthing.optional(),
});

export const TransformerFile = z.object({
  id,
  name: z.string().optional(),
  from: id,
  to: id,
  rated_MVA: positive,
  emergency_MVA: positive.optional(),
  shortCircuitVoltage_pct: positive,
  losses_kW: notNegative.optional(),
  noLoadLosses_kW: notNegative.optional(),
  tap_pu: positive.optional(),
  phaseShift_deg: finite.optional(),
  /** Of the network at its `to` side. */
  neutralEarthing: NeutralEarthing.optional(),
});

export const LineFile = z.object({
  id,
  name: z.string().optional(),
  from: id,
  to: id,
  length_m: notNegative.optional(),
  r_ohm: notNegative,
  x_ohm: finite,
  rated_A: notNegative.optional(),
  emergency_A: notNegative.optional(),
  construction: z.enum(['overhead', 'cable']).optional(),
});

export const SwitchFile = z.object({
  id,
  name: z.string().optional(),
  kind: SwitchKind,
  from: id,
  to: id,
  normallyOpen: z.boolean().optional(),
  remote: z.boolean().optional(),
  rated_A: notNegative.optional(),
  pickup_A: positive.optional(),
  protects: z.boolean().optional(),
  faultIndicator: z.boolean().optional(),
  parallelAllowed: z.boolean().optional(),
});

export const FaultIndicatorFile = z.object({
  id,
  node: id,
  line: id,
  directional: z.boolean().optional(),
  earthFault: z.boolean().optional(),
  phaseFault: z.boolean().optional(),
  remote: z.boolean().optional(),
});

export const GroundDisconnectorFile = z.object({
  id,
  node: id,
  closed: z.boolean().optional(),
});

const share = z.number().min(0).max(1);

/**
 * How a load follows the voltage: shares of `p_kW` and `q_kvar`, which it takes at 1 pu, that grow with
 * the square of the voltage (`impedance`), with the voltage (`current`) and not at all (`power`).
 */
const Zip = z
  .object({ impedance: share.optional(), current: share.optional(), power: share.optional() })
  .refine(
    ({ impedance = 0, current = 0, power = 0 }) => Math.abs(impedance + current + power - 1) < 1e-6,
    { message: 'expected impedance, current and power to sum up to 1' },
  );

export const LoadFile = z.object({
  id,
  name: z.string().optional(),
  node: id,
  p_kW: finite,
  q_kvar: finite.optional(),
  customers: z.int().nonnegative().optional(),
  priority: LoadPriority.optional(),
  /** Without it all is constant power. */
  zip: Zip.optional(),
});

export const ShuntFile = z.object({ id, node: id, q_kvar: finite });

export const GeneratorFile = z.object({
  id,
  node: id,
  p_kW: finite,
  q_kvar: finite.optional(),
  canIsland: z.boolean().optional(),
});

export const FeederFile = z.object({
  id,
  name: z.string().optional(),
  head: id,
  mode: AutomationMode.optional(),
});

export const GridFile = z.object({
  format: z.literal(GRID_FORMAT),
  id,
  name: z.string().optional(),
  frequency_Hz: positive.optional(),
  provenance: z.string().optional(),
  limits: LimitsFile.optional(),
  substations: z.array(SubstationFile).optional(),
  nodes: z.array(NodeFile),
  sources: z.array(SourceFile),
  transformers: z.array(TransformerFile).optional(),
  lines: z.array(LineFile).optional(),
  switches: z.array(SwitchFile).optional(),
  faultIndicators: z.array(FaultIndicatorFile).optional(),
  groundDisconnectors: z.array(GroundDisconnectorFile).optional(),
  loads: z.array(LoadFile).optional(),
  shunts: z.array(ShuntFile).optional(),
  generators: z.array(GeneratorFile).optional(),
  feeders: z.array(FeederFile).optional(),
});
export type GridFile = z.infer<typeof GridFile>;

/** What `relight validate` counts. */
export interface GridCounts {
  readonly substations: number;
  readonly feeders: number;
  readonly nodes: number;
  readonly lines: number;
  readonly transformers: number;
  readonly switches: number;
  readonly remoteSwitches: number;
  readonly loads: number;
  readonly customers: number;
}

/** One thing wrong with a file: where (JSON path), what, and what was expected. */
export interface FileIssue {
  readonly path: string;
  readonly message: string;
}
