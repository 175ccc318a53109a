import type { Bilingual, EvidenceEvent, FaultCandidate } from '@relight/contract';
import { fail, ok, type Result } from '@relight/foundation';
import type { LoadState } from '@relight/powerflow';
import { OPEN, sectionEquipment, type Network, type Positions } from '@relight/topology';
import { tripsInEvidence, type TripsInEvidence } from './detect/trips-in-evidence.ts';
import { unitSections } from './detect/unit-sections.ts';
import { decimalComma } from './decimal-comma.ts';
import { unseenOpenings, type UnseenOpening } from './detect/unseen-openings.ts';
import {
  EVIDENCE_AFTER_LOCKOUT_MS,
  EVIDENCE_BEFORE_TRIP_MS,
  type EvidenceItem,
  type EvidenceWindow,
  type LocatingRates,
} from './locate/evidence.ts';
import { isoTime_ms } from './locate/iso-time.ts';
import { locateFault } from './locate/locate-fault.ts';
import { remainingRisk } from './locate/remaining-risk.ts';
import { planRestoration } from './plan-restoration.ts';
import type {
  FaultLocation,
  PlannedRestoration,
  PlanOptions,
  PlanRefusal,
} from './plan-request.ts';

export interface EvidenceRequest {
  readonly network: Network;
  readonly loads: LoadState;
  readonly positionsBefore: Positions;
  readonly events: readonly EvidenceEvent[];
  readonly options: PlanOptions;
  readonly rates: LocatingRates;
  /** A person releases the plan where what it leaves live holds the fault with more than this. */
  readonly automaticRisk: number;
}

/**
 * From an evidence file to a plan: which devices tripped for a fault, where it lies, what to
 * switch. Refuses with `noFault`, and the reasons, where nothing tripped for a short circuit or
 * an earth fault. What opened for another reason is left as it is.
 */
export function planFromEvidence(
  request: EvidenceRequest,
): Result<PlannedRestoration, PlanRefusal> {
  const { network, positionsBefore, rates } = request;
  const evidence = request.events.map(asItem);
  const trips = tripsInEvidence(network, positionsBefore, evidence);
  const settled = settledWindow(network, evidence);
  const unseen = unseenOpenings(network, trips.positionsNow, evidence, settled);
  for (const { switchIndex } of unseen) trips.positionsNow[switchIndex] = OPEN;
  const tripped = [...trips.tripped, ...unseen.map(({ switchIndex }) => switchIndex)];
  if (tripped.length + trips.unitFaults.length === 0) return fail(noFault(network, trips));

  let location: FaultLocation = { candidates: [], isolate: [], outside: 0, because: [] };
  if (tripped.length > 0) {
    const located = locateFault({
      network,
      positionsBefore,
      tripped,
      evidence,
      rates,
      window: settled,
    });
    if (located.ok) location = located.value;
    else if (trips.unitFaults.length === 0) {
      return fail({ kind: 'noFault', text: located.error.text, equipment: [] });
    }
  }
  const units = unitSections(
    network,
    trips.unitFaults.map((switchIndex) => ({
      switchIndex,
      tripFunction: trips.functions.get(switchIndex) ?? null,
    })),
  );
  const { options } = request;
  const planned = planRestoration({
    network,
    positionsBefore,
    positionsNow: trips.positionsNow,
    loads: request.loads,
    faultedSections: [...new Set([...location.isolate, ...units])].sort((a, b) => a - b),
    lostSources: [],
    tripped: [...tripped, ...trips.unitFaults]
      .sort((a, b) => a - b)
      .map((at) => network.grid.switches[at]!.id),
    candidates: [
      ...faultCandidates(network, location),
      ...units.map((section) => ({
        equipment: [...sectionEquipment(network, section)],
        // Where the opened devices leave it open which side they guard, either may be it.
        probability: 1 / units.length,
      })),
    ],
    because: [
      ...location.because,
      ...unseen.map((each) => becauseOfUnseen(network, each)),
      ...trips.reasons,
    ],
    options: {
      ...options,
      blocked: new Set([...options.blocked, ...trips.leftAlone]),
      untrusted: new Set([...options.untrusted, ...trips.untrusted]),
    },
  });
  if (!planned.ok) return planned;
  const risk = remainingRisk(
    location,
    new Set(planned.value.staysDark.map(({ section }) => section)),
  );
  return ok(risk > request.automaticRisk ? withRisk(planned.value, risk) : planned.value);
}

/** What a person has to weigh before the plan goes on. */
function withRisk(planned: PlannedRestoration, risk: number): PlannedRestoration {
  const { plan } = planned;
  const share = Number((risk * 100).toFixed(1));
  const vi = `Phần sẽ có điện vẫn có thể chứa sự cố với xác suất ${decimalComma(share)} %.`;
  const en = `What is live at the end may hold the fault, with ${share} %.`;
  return {
    ...planned,
    plan: {
      ...plan,
      advisory: [en, ...plan.advisory],
      advisoryVi: [vi, ...(plan.advisoryVi ?? [])],
    },
  };
}

/** The ranking of a location in the words of relight-plan/1. */
export function faultCandidates(network: Network, location: FaultLocation): FaultCandidate[] {
  return location.candidates.map(({ section, probability, because }) => ({
    equipment: [...sectionEquipment(network, section)],
    probability,
    because: because.map(({ supports, text }) => `${supports ? '+' : '−'} ${text.en}`),
    becauseVi: because.map(({ supports, text }) => `${supports ? '+' : '−'} ${text.vi}`),
  }));
}

function asItem(event: EvidenceEvent): EvidenceItem {
  return {
    equipment: event.equipment,
    signal: event.signal,
    value: event.value,
    quality: event.quality ?? 'good',
    side: event.side ?? null,
    at_ms: event.at === undefined ? null : isoTime_ms(event.at),
  };
}

/**
 * When the switches had come to rest: only what meters say after that tells what is dead now. null
 * where nothing carries a time.
 */
function settledWindow(network: Network, evidence: readonly EvidenceItem[]): EvidenceWindow | null {
  const times = evidence.flatMap(({ equipment, signal, at_ms }) =>
    at_ms !== null && network.index.switch.has(equipment) && MOVES.has(signal) ? [at_ms] : [],
  );
  if (times.length === 0) {
    return evidence.some(({ at_ms }) => at_ms !== null) ? ANY_TIME : null;
  }
  const last = Math.max(...times);
  return {
    from_ms: Math.min(...times) - EVIDENCE_BEFORE_TRIP_MS,
    lockedOut_ms: last,
    to_ms: last + EVIDENCE_AFTER_LOCKOUT_MS,
  };
}

const MOVES = new Set(['position', 'protectionTrip', 'lockout']);
const ANY_TIME: EvidenceWindow = {
  from_ms: Number.NEGATIVE_INFINITY,
  lockedOut_ms: Number.NEGATIVE_INFINITY,
  to_ms: Number.POSITIVE_INFINITY,
};

function becauseOfUnseen(network: Network, { switchIndex, reports }: UnseenOpening): Bilingual {
  const { name } = network.grid.switches[switchIndex]!;
  const list = reports.join(', ');
  return {
    vi: `${name} không có tín hiệu nhưng phía sau báo mất điện (${list}): coi như đã cắt.`,
    en: `${name} reports nothing, but supply is lost behind it (${list}): it is taken to have opened.`,
  };
}

function noFault(network: Network, trips: TripsInEvidence): PlanRefusal {
  const join = (words: readonly string[]): string => words.join(' ');
  const nothing: Bilingual = {
    vi: 'Bằng chứng không cho thấy sự cố: không có thiết bị nào nhảy do ngắn mạch hay chạm đất và khóa.',
    en: 'The evidence holds no fault: nothing tripped for a short circuit or an earth fault and locked out.',
  };
  return {
    kind: 'noFault',
    text: {
      vi: join([nothing.vi, ...trips.reasons.map((reason) => reason.vi)]),
      en: join([nothing.en, ...trips.reasons.map((reason) => reason.en)]),
    },
    equipment: trips.leftAlone.map((at) => network.grid.switches[at]!.id),
  };
}
