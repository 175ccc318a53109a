import type { AutomationMode, LoadPriority, NeutralEarthing, SwitchKind } from '@relight/contract';
import type { Ampere, Metre, Ohm, PerUnit, Var, Volt, VoltAmpere, Watt } from '@relight/foundation';

/**
 * The grid as built, immutable, in CIM's words (IEC 61970-301, 61968-11) and SI units. Arrays
 * are sorted by id, so that nothing downstream depends on the order of the file. References are
 * indices into these arrays: node = index into `connectivityNodes`.
 */

export interface ConnectivityNode {
  readonly id: string;
  /** Line to line. */
  readonly nominalVoltage: Volt;
  readonly substation: string | null;
  readonly busbar: boolean;
  readonly lon: number | null;
  readonly lat: number | null;
}

export interface EnergySource {
  readonly id: string;
  readonly node: number;
  readonly voltage: PerUnit;
  /** null = unlimited. */
  readonly maxPower: VoltAmpere | null;
  /** Sources in one group may be paralleled for a moment; by default each is its own group. */
  readonly angleGroup: string;
  readonly neutralEarthing: NeutralEarthing;
}

export interface ACLineSegment {
  readonly id: string;
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly length: Metre | null;
  readonly resistance: Ohm;
  readonly reactance: Ohm;
  /** null = unlimited. */
  readonly ratedCurrent: Ampere | null;
  readonly emergencyCurrent: Ampere | null;
  readonly construction: 'overhead' | 'cable' | null;
}

export interface PowerTransformer {
  readonly id: string;
  readonly name: string;
  /** High-voltage side by convention of the file: the side that carries the tap. */
  readonly from: number;
  readonly to: number;
  readonly ratedPower: VoltAmpere;
  readonly emergencyPower: VoltAmpere | null;
  /** Share of the rated voltage (0.105, not 10.5). */
  readonly shortCircuitVoltage: number;
  /** Load losses at rated power. */
  readonly loadLosses: Watt;
  readonly noLoadLosses: Watt;
  /** Ideal ratio at `from`; 1.02 lowers `to` by about 2 %. */
  readonly tap: PerUnit;
  readonly phaseShift_deg: number;
  /** Of the network at its `to` side. */
  readonly neutralEarthing: NeutralEarthing;
}

export interface Switch {
  readonly id: string;
  readonly name: string;
  readonly kind: SwitchKind;
  readonly from: number;
  readonly to: number;
  readonly normallyOpen: boolean;
  readonly remote: boolean;
  readonly ratedCurrent: Ampere | null;
  /** Pickup of its protection; null = none given. */
  readonly pickupCurrent: Ampere | null;
  /** Trips on fault current. */
  readonly protects: boolean;
  readonly faultIndicator: boolean;
  readonly parallelAllowed: boolean;
}

export interface FaultIndicator {
  readonly id: string;
  readonly node: number;
  /** Index into `lines`. */
  readonly line: number;
  readonly directional: boolean;
  readonly earthFault: boolean;
  readonly phaseFault: boolean;
  readonly remote: boolean;
}

export interface GroundDisconnector {
  readonly id: string;
  readonly node: number;
  readonly closed: boolean;
}

export interface EnergyConsumer {
  readonly id: string;
  readonly name: string;
  readonly node: number;
  readonly activePower: Watt;
  readonly reactivePower: Var;
  /** Shares of both powers (which are those at 1 pu) that grow with the square of the voltage. */
  readonly impedanceShare: number;
  /** Shares that grow with the voltage; what is left is constant. */
  readonly currentShare: number;
  readonly customers: number;
  readonly priority: LoadPriority;
}

/** Reactive power taken at 1 pu, growing with the square of the voltage; a capacitor is negative. */
export interface ShuntCompensator {
  readonly id: string;
  readonly node: number;
  readonly reactivePower: Var;
}

export interface GeneratingUnit {
  readonly id: string;
  readonly node: number;
  /** Fed into the network, positive. */
  readonly activePower: Watt;
  readonly reactivePower: Var;
  readonly canIsland: boolean;
}

export interface Feeder {
  readonly id: string;
  readonly name: string;
  /** Index into `switches`. */
  readonly head: number;
  readonly mode: AutomationMode;
}

export interface Substation {
  readonly id: string;
  readonly name: string;
  readonly nominalVoltage: Volt | null;
  readonly unmanned: boolean;
  readonly lon: number | null;
  readonly lat: number | null;
}

export interface OperationalLimits {
  readonly minVoltage: PerUnit;
  readonly maxVoltage: PerUnit;
  /** A plan may load an element up to this share of its rating. */
  readonly loadingFactor: number;
  readonly emergencyMinVoltage: PerUnit;
}

export interface Grid {
  readonly id: string;
  readonly name: string;
  readonly frequency_Hz: number;
  readonly provenance: string;
  readonly limits: OperationalLimits;
  readonly substations: readonly Substation[];
  readonly connectivityNodes: readonly ConnectivityNode[];
  readonly sources: readonly EnergySource[];
  readonly transformers: readonly PowerTransformer[];
  readonly lines: readonly ACLineSegment[];
  readonly switches: readonly Switch[];
  readonly faultIndicators: readonly FaultIndicator[];
  readonly groundDisconnectors: readonly GroundDisconnector[];
  readonly loads: readonly EnergyConsumer[];
  readonly shunts: readonly ShuntCompensator[];
  readonly generators: readonly GeneratingUnit[];
  readonly feeders: readonly Feeder[];
}
