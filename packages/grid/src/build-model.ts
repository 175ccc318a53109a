import type { GridFile, SwitchKind } from '@relight/contract';
import {
  ampere,
  assert,
  metre,
  ohm,
  perUnit,
  reactive,
  volt,
  voltAmpere,
  watt,
} from '@relight/foundation';
import type { Grid } from './model.ts';

/**
 * Turns a checked file into the model: defaults filled in, SI units, arrays sorted by id.
 * @throws InvariantError on a reference that does not exist: the rules must have run before.
 */
export function buildModel(file: GridFile): Grid {
  const nodes = sorted(file.nodes);
  const lines = sorted(file.lines);
  const switches = sorted(file.switches);
  const nodeAt = finder(nodes, 'node');
  const lineAt = finder(lines, 'line');
  const switchAt = finder(switches, 'switch');
  const optional = <Value>(value: number | undefined, make: (n: number) => Value): Value | null =>
    value === undefined ? null : make(value);
  const minVoltage = file.limits?.minVoltage_pu ?? 0.95;

  return {
    id: file.id,
    name: file.name ?? file.id,
    frequency_Hz: file.frequency_Hz ?? 50,
    provenance: file.provenance ?? '',
    limits: {
      minVoltage: perUnit(minVoltage),
      maxVoltage: perUnit(file.limits?.maxVoltage_pu ?? 1.05),
      loadingFactor: file.limits?.loadingFactor ?? 1,
      emergencyMinVoltage: perUnit(
        file.limits?.emergencyMinVoltage_pu ?? Math.min(0.9, minVoltage),
      ),
    },
    substations: sorted(file.substations).map((s) => ({
      id: s.id,
      name: s.name ?? s.id,
      nominalVoltage: optional(s.nominalVoltage_kV, (kV) => volt(kV * 1e3)),
      unmanned: s.unmanned ?? false,
      lon: s.lon ?? null,
      lat: s.lat ?? null,
    })),
    connectivityNodes: nodes.map((n) => ({
      id: n.id,
      nominalVoltage: volt(n.nominalVoltage_kV * 1e3),
      substation: n.substation ?? null,
      busbar: n.busbar ?? false,
      lon: n.lon ?? null,
      lat: n.lat ?? null,
    })),
    sources: sorted(file.sources).map((s) => ({
      id: s.id,
      node: nodeAt(s.node),
      voltage: perUnit(s.voltage_pu ?? 1),
      maxPower: optional(s.max_MVA, (MVA) => voltAmpere(MVA * 1e6)),
      // The prefix keeps a source without a group out of a group that bears its id as name.
      angleGroup: s.angleGroup ?? `own:${s.id}`,
      neutralEarthing: s.neutralEarthing ?? 'solid',
    })),
    transformers: sorted(file.transformers).map((t) => ({
      id: t.id,
      name: t.name ?? t.id,
      from: nodeAt(t.from),
      to: nodeAt(t.to),
      ratedPower: voltAmpere(t.rated_MVA * 1e6),
      emergencyPower: optional(t.emergency_MVA, (MVA) => voltAmpere(MVA * 1e6)),
      shortCircuitVoltage: t.shortCircuitVoltage_pct / 100,
      loadLosses: watt((t.losses_kW ?? 0) * 1e3),
      noLoadLosses: watt((t.noLoadLosses_kW ?? 0) * 1e3),
      tap: perUnit(t.tap_pu ?? 1),
      phaseShift_deg: t.phaseShift_deg ?? 0,
      neutralEarthing: t.neutralEarthing ?? 'solid',
    })),
    lines: lines.map((l) => ({
      id: l.id,
      name: l.name ?? l.id,
      from: nodeAt(l.from),
      to: nodeAt(l.to),
      length: optional(l.length_m, metre),
      resistance: ohm(l.r_ohm),
      reactance: ohm(l.x_ohm),
      ratedCurrent: optional(l.rated_A, ampere),
      emergencyCurrent: optional(l.emergency_A, ampere),
      construction: l.construction ?? null,
    })),
    switches: switches.map((s) => ({
      id: s.id,
      name: s.name ?? s.id,
      kind: s.kind,
      from: nodeAt(s.from),
      to: nodeAt(s.to),
      normallyOpen: s.normallyOpen ?? false,
      remote: s.remote ?? false,
      ratedCurrent: optional(s.rated_A, ampere),
      pickupCurrent: optional(s.pickup_A, ampere),
      protects: s.protects ?? protectsByKind(s.kind),
      faultIndicator: s.faultIndicator ?? false,
      parallelAllowed: s.parallelAllowed ?? false,
    })),
    faultIndicators: sorted(file.faultIndicators).map((i) => ({
      id: i.id,
      node: nodeAt(i.node),
      line: lineAt(i.line),
      directional: i.directional ?? false,
      earthFault: i.earthFault ?? true,
      phaseFault: i.phaseFault ?? true,
      remote: i.remote ?? false,
    })),
    groundDisconnectors: sorted(file.groundDisconnectors).map((g) => ({
      id: g.id,
      node: nodeAt(g.node),
      closed: g.closed ?? false,
    })),
    loads: sorted(file.loads).map((l) => ({
      id: l.id,
      name: l.name ?? l.id,
      node: nodeAt(l.node),
      activePower: watt(l.p_kW * 1e3),
      reactivePower: reactive((l.q_kvar ?? 0) * 1e3),
      impedanceShare: l.zip?.impedance ?? 0,
      currentShare: l.zip?.current ?? 0,
      customers: l.customers ?? 0,
      priority: l.priority ?? 'normal',
    })),
    shunts: sorted(file.shunts).map((s) => ({
      id: s.id,
      node: nodeAt(s.node),
      reactivePower: reactive(s.q_kvar * 1e3),
    })),
    generators: sorted(file.generators).map((g) => ({
      id: g.id,
      node: nodeAt(g.node),
      activePower: watt(g.p_kW * 1e3),
      reactivePower: reactive((g.q_kvar ?? 0) * 1e3),
      canIsland: g.canIsland ?? false,
    })),
    feeders: sorted(file.feeders).map((f) => ({
      id: f.id,
      name: f.name ?? f.id,
      head: switchAt(f.head),
      mode: f.mode ?? 'advisory',
    })),
  };
}

/** Breakers, reclosers and fuses trip on fault current unless the file says otherwise. */
function protectsByKind(kind: SwitchKind): boolean {
  return kind === 'breaker' || kind === 'recloser' || kind === 'fuse';
}

/** By id in code-unit order, the same on every machine. */
function sorted<Item extends { readonly id: string }>(items: readonly Item[] = []): Item[] {
  return items.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

function finder(items: readonly { readonly id: string }[], what: string): (id: string) => number {
  const places = new Map(items.map((item, i) => [item.id, i]));
  return (id) => {
    const place = places.get(id);
    assert(place !== undefined, `unknown ${what} ${id} in a file that passed the rules`);
    return place;
  };
}
