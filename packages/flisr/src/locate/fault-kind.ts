import type { TripFunction } from '@relight/contract';
import type { Network } from '@relight/topology';
import { counts, type EvidenceItem, type EvidenceWindow } from './evidence.ts';
import { LIKELIHOODS, NEUTRAL_VOLTAGE_SHARE } from './likelihoods.ts';
import { nodeOfReport } from './places-of-reports.ts';

const EARTH_FUNCTIONS: readonly TripFunction[] = ['50N', '51N', '67N'];
const PHASE_FUNCTIONS: readonly TripFunction[] = ['50', '51', '67'];

/** How probable it is that the fault is one with earth, and one between phases. */
export interface FaultKind {
  readonly earth: number;
  readonly phase: number;
  /** Ids of what told the kind other than the trip function: 3U0, earth-fault pickup. */
  readonly neutralVoltageAt: readonly string[];
}

/**
 * The kind of fault decides which indicators can have seen it. A trip function settles it; where
 * none is told, the neutral voltage and the earth-fault pickups of the tripped relays do what
 * they can.
 */
export function faultKind(
  network: Network,
  evidence: readonly EvidenceItem[],
  window: EvidenceWindow | null,
  functions: ReadonlySet<string>,
  tripped: ReadonlySet<string>,
): FaultKind {
  const neutralVoltageAt: string[] = [];
  let odds = LIKELIHOODS.earthFaultShare / (1 - LIKELIHOODS.earthFaultShare);
  const { neutralVoltageOfEarthFault, neutralVoltageOfPhaseFault } = LIKELIHOODS;
  for (const item of evidence) {
    if (!counts(item, window)) continue;
    if (item.signal === 'neutralVoltage_kV' && typeof item.value === 'number') {
      const high = isNeutralVoltage(network, item, item.value);
      if (high) neutralVoltageAt.push(item.equipment);
      odds *= high
        ? neutralVoltageOfEarthFault / neutralVoltageOfPhaseFault
        : (1 - neutralVoltageOfEarthFault) / (1 - neutralVoltageOfPhaseFault);
    } else if (item.signal === 'earthFault' && item.value === true && tripped.has(item.equipment)) {
      odds *= neutralVoltageOfEarthFault / neutralVoltageOfPhaseFault;
    }
  }
  const isEarth = EARTH_FUNCTIONS.some((each) => functions.has(each));
  const isPhase = PHASE_FUNCTIONS.some((each) => functions.has(each));
  if (isEarth || isPhase) {
    return { earth: isEarth ? 1 : 0, phase: isPhase ? 1 : 0, neutralVoltageAt };
  }
  const earth = odds / (1 + odds);
  return { earth, phase: 1 - earth, neutralVoltageAt };
}

/** Above the share of the phase-to-earth voltage of the place that an earth fault gives. */
function isNeutralVoltage(network: Network, item: EvidenceItem, value_kV: number): boolean {
  const node = nodeOfReport(network, item);
  const nominal = node === -1 ? undefined : network.grid.connectivityNodes[node]?.nominalVoltage;
  if (nominal === undefined) return false;
  return value_kV * 1_000 >= (NEUTRAL_VOLTAGE_SHARE * nominal) / Math.sqrt(3);
}
