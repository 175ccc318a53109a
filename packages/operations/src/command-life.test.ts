import type {
  Actor,
  ControlOrder,
  InputEvent,
  JournalRecord,
  StandingEarth,
  StandingTag,
} from '@relight/contract';
import { OPEN } from '@relight/topology';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  AN,
  BINH,
  CHI,
  commandRequest,
  earthRequest,
  newKey,
  tagRequest,
} from './testing/people.ts';
import { ScriptedField, type Earlier } from './testing/scripted-field.ts';
import { twoFeeders } from './testing/two-feeders.ts';

/**
 * Model-based: people, devices that misbehave, links that go and crashes in any order. The model
 * keeps its own account of tags and earths and judges every order in the moment it is sent.
 */
const PEOPLE = [AN, BINH, CHI] as const;
const DEVICES = ['T.471', '471-1', '471-2', '471-472-3'] as const;
const SECTIONS = ['S.a3', 'S.a5'] as const;

/** Every arrow a command may take. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  '': ['requested'],
  requested: ['approved', 'selected', 'rejected', 'expired', 'cancelled', 'failed'],
  approved: ['selected', 'rejected', 'expired', 'cancelled', 'failed'],
  selected: ['executing', 'expired', 'cancelled'],
  executing: ['acknowledged', 'rejected', 'expired', 'cancelled', 'failed', 'unknown', 'verified'],
  acknowledged: ['verified', 'failed', 'unknown'],
  unknown: ['verified', 'failed', 'unknown'],
  // It moved, and fell back by itself.
  verified: ['failed'],
};

interface Model {
  /** Owner (account id) of every tag that stands, by id. */
  readonly tags: Map<
    string,
    { readonly kind: string; readonly at: string; readonly owner: string }
  >;
  readonly earths: Map<string, { readonly at: string; readonly owner: string }>;
  readonly operated: Set<string>;
}

/** The field, watched: each order is judged as it leaves, each arrow as it is recorded. */
class WatchedField extends ScriptedField {
  readonly model: Model;
  readonly #states = new Map<string, string>();

  /** What earlier runs left on disk. */
  readonly disk: readonly JournalRecord[];

  constructor(
    model: Model,
    disk: readonly JournalRecord[],
    states: ReadonlyMap<string, string>,
    earlier: Earlier | null,
  ) {
    super(twoFeeders(), {}, earlier);
    this.model = model;
    this.disk = disk;
    for (const [id, state] of states) this.#states.set(id, state);
  }

  get states(): ReadonlyMap<string, string> {
    return this.#states;
  }

  override feed(event: InputEvent): void {
    const [orders, records] = [this.orders.length, this.journal.length];
    const replies = this.replies.length;
    super.feed(event);
    // The first events come while the object is being made.
    if (this.model === undefined) return;
    for (const record of this.journal.slice(records)) {
      if (record.kind !== 'command' || record.about === null) continue;
      const before = this.#states.get(record.about) ?? '';
      const now = String(record.body['state']);
      expect(ARROWS[before] ?? [], `${record.about}: ${before} to ${now}`).toContain(now);
      this.#states.set(record.about, now);
    }
    // What this very step answered as taken away forbids no more.
    for (const { accepted } of this.replies.slice(replies)) {
      if ((accepted?.tag?.removedAt_ms ?? null) !== null) {
        this.model.tags.delete(accepted?.tag?.id ?? '');
      }
      if ((accepted?.earth?.removedAt_ms ?? null) !== null) {
        this.model.earths.delete(accepted?.earth?.id ?? '');
      }
    }
    for (const order of this.orders.slice(orders)) this.#judge(order);
    // An emergency open may overtake one whose outcome then stays unknown.
    const busy = this.state.activeCommands.flatMap((id) => {
      const command = this.state.commands.get(id);
      return command === undefined || command.unsettled ? [] : [command.equipment];
    });
    expect(new Set(busy).size, 'one command in flight per device').toBe(busy.length);
  }

  #judge(order: ControlOrder): void {
    // A tag is no reason to refuse an emergency open.
    const isFree = order.emergency === true && order.operation === 'open';
    if (order.phase === 'cancel') return;
    const tagged = [...this.model.tags.values()].some(
      (tag) => tag.kind === 'doNotOperate' && tag.at === order.equipment,
    );
    expect(tagged && !isFree, `${order.phase} of the tagged ${order.equipment}`).toBe(false);
    if (order.phase === 'operate') {
      expect(this.model.operated.has(order.commandId), 'one write per command').toBe(false);
      this.model.operated.add(order.commandId);
      const executing = this.journal.findLast(
        (each) => each.about === order.commandId && each.body['state'] === 'executing',
      );
      expect(executing?.sequence, 'recorded before').toBeLessThanOrEqual(this.state.durable);
    }
    if (order.operation === 'close') this.#judgeClose(order.equipment);
  }

  /** What may hang together with the device after its close: nothing held, unless live already. */
  #judgeClose(equipment: string): void {
    const { network } = this.engine;
    const index = network.index.switch.get(equipment) ?? -1;
    const branch = network.firstSwitchBranch + index;
    const reach = new Set([network.branchFrom[branch] ?? -1, network.branchTo[branch] ?? -1]);
    for (const node of reach) {
      const end = network.adjacencyStart[node + 1] ?? 0;
      for (let at = network.adjacencyStart[node] ?? 0; at < end; at++) {
        const other = (network.adjacencyBranch[at] ?? 0) - network.firstSwitchBranch;
        if (other >= 0 && this.state.positions[other] === OPEN) continue;
        reach.add(network.adjacencyNode[at] ?? -1);
      }
    }
    if (![...network.sourceNode].some((node) => reach.has(node))) return;
    const held = [...this.model.tags.values(), ...this.model.earths.values()].filter(
      (each) => !('kind' in each) || each.kind === 'crewAtWork',
    );
    for (const { at } of held) {
      const section = this.engine.sectionIndex.get(at) ?? -1;
      const first = network.sectionNodes[network.sectionStart[section] ?? 0] ?? -1;
      const isLive = (this.state.energisation.nodeSource[first] ?? -1) !== -1;
      expect(reach.has(first) && !isLive, `close of ${equipment} towards ${at}`).toBe(false);
    }
  }
}

/** What the crash left on disk: everything up to the last durable record. */
function afterCrash(world: WatchedField): WatchedField {
  const kept = [
    ...world.disk,
    ...world.journal.filter((each) => each.sequence <= world.state.durable),
  ];
  const tags = new Map<string, StandingTag>();
  const earths = new Map<string, StandingEarth>();
  const open = new Map<string, { id: string; equipment: string; operation: 'open' | 'close' }>();
  const states = new Map<string, string>();
  for (const { kind, about, body } of kept) {
    if (about === null) continue;
    if (kind === 'tag' && body['state'] === 'placed') tags.set(about, body['tag'] as StandingTag);
    if (kind === 'tag' && body['state'] === 'removed') tags.delete(about);
    if (kind === 'earth' && body['state'] === 'placed') {
      earths.set(about, body['earth'] as StandingEarth);
    }
    if (kind === 'earth' && body['state'] === 'removed') earths.delete(about);
    if (kind !== 'command') continue;
    const state = String(body['state']);
    const inDoubt = ['executing', 'acknowledged', 'unknown'].includes(state);
    states.set(about, inDoubt ? 'unknown' : state);
    const { equipment, operation } = body as { equipment: string; operation: 'open' | 'close' };
    if (inDoubt) open.set(about, { id: about, equipment, operation });
    else open.delete(about);
  }
  // Every tag and earth somebody was told of is among them.
  for (const id of world.model.tags.keys()) expect([...tags.keys()]).toContain(id);
  for (const id of world.model.earths.keys()) expect([...earths.keys()]).toContain(id);
  const next = new WatchedField(world.model, kept, states, {
    now_ms: world.now + 3_000,
    positions: world.positions,
    carriedOver: {
      lastIncident: 0,
      keptDead: [],
      openCommands: [...open.values()],
      tags: [...tags.values()],
      earths: [...earths.values()],
    },
  });
  next.run(500);
  expect(next.views.tags.map((tag) => tag.id).sort()).toEqual([...tags.keys()].sort());
  return next;
}

/** One thing that happens; `real.world` is replaced by a crash. */
class Happening implements fc.Command<Model, { world: WatchedField }> {
  readonly #name: string;
  readonly #run: (model: Model, real: { world: WatchedField }) => void;

  constructor(name: string, run: (model: Model, real: { world: WatchedField }) => void) {
    this.#name = name;
    this.#run = run;
  }
  check = (): boolean => true;
  run(model: Model, real: { world: WatchedField }): void {
    this.#run(model, real);
    const { tags, earths } = real.world.views;
    expect(tags.map((tag) => tag.id).sort()).toEqual([...model.tags.keys()].sort());
    expect(earths.map((earth) => earth.id).sort()).toEqual([...model.earths.keys()].sort());
  }
  toString = (): string => this.#name;
}

const person = fc.constantFrom<Actor>(...PEOPLE);
const device = fc.constantFrom(...DEVICES);
const section = fc.constantFrom(...SECTIONS);

/** Puts an accepted tag or earth into the model's own account. */
function noteAccepted(model: Model, reply: ReturnType<ScriptedField['askAs']>): void {
  const { tag, earth } = reply.accepted ?? {};
  if (tag !== undefined && tag.removedAt_ms === null) {
    model.tags.set(tag.id, { kind: tag.kind, at: tag.equipment, owner: tag.owner });
  }
  if (tag !== undefined && tag.removedAt_ms !== null) model.tags.delete(tag.id);
  if (earth !== undefined && earth.removedAt_ms === null) {
    model.earths.set(earth.id, { at: earth.section, owner: earth.owner ?? '' });
  }
  if (earth !== undefined && earth.removedAt_ms !== null) model.earths.delete(earth.id);
}

const happenings = fc.commands(
  [
    fc.tuple(person, device, fc.constantFrom('open', 'close')).map(
      ([who, equipment, operation]) =>
        new Happening(`${who.name} carries out: ${operation} ${equipment}`, (_, { world }) => {
          const { command } = world.askAs(who, commandRequest(equipment, operation));
          world.run(700);
          if (command === undefined) return;
          world.askAs(who, { type: 'executeCommand', command: command.id });
          world.run(12_000);
        }),
    ),
    fc.tuple(person, device, fc.constantFrom('open', 'close')).map(
      ([who, equipment, operation]) =>
        new Happening(`${who.name} asks to ${operation} ${equipment}`, (_, { world }) => {
          world.askAs(who, commandRequest(equipment, operation));
        }),
    ),
    fc.tuple(person, fc.nat(3), fc.constantFrom('executeCommand', 'cancelCommand')).map(
      ([who, back, type]) =>
        new Happening(`${who.name}: ${type} ${back}`, (_, { world }) => {
          const command = world.views.commands.at(-1 - back)?.id;
          if (command !== undefined) world.askAs(who, { type, command });
        }),
    ),
    fc.tuple(person, device).map(
      ([who, equipment]) =>
        new Happening(`${who.name} tags ${equipment}`, (model, { world }) => {
          noteAccepted(model, world.askAs(who, tagRequest('doNotOperate', equipment)));
        }),
    ),
    fc.tuple(person, section).map(
      ([who, at]) =>
        new Happening(`a crew of ${who.name} on ${at}`, (model, { world }) => {
          noteAccepted(model, world.askAs(who, tagRequest('crewAtWork', at)));
        }),
    ),
    fc.tuple(person, section).map(
      ([who, at]) =>
        new Happening(`${who.name} earths ${at}`, (model, { world }) => {
          noteAccepted(model, world.askAs(who, earthRequest(at)));
        }),
    ),
    fc.tuple(person, fc.nat(5), fc.boolean()).map(
      ([who, which, isEarth]) =>
        new Happening(
          `${who.name} removes ${isEarth ? 'earth' : 'tag'} ${which}`,
          (model, { world }) => {
            const held = [...(isEarth ? model.earths : model.tags)];
            const [id, { owner }] = held[which % Math.max(held.length, 1)] ?? [
              'none',
              { owner: '' },
            ];
            const reason = 'as reported';
            const reply = world.askAs(
              who,
              isEarth
                ? { type: 'removeEarth', earth: id, reason }
                : { type: 'removeTag', tag: id, reason },
            );
            const gone = reply.accepted?.tag ?? reply.accepted?.earth;
            expect(gone !== undefined, 'at once for its owner only').toBe(owner === who.user);
            noteAccepted(model, reply);
          },
        ),
    ),
    fc.tuple(person, fc.nat(3)).map(
      ([who, which]) =>
        new Happening(`${who.name} agrees to ${which}`, (model, { world }) => {
          const asked = world.views.approvals.filter((each) => each.state === 'waiting');
          const approval = asked[which % Math.max(asked.length, 1)];
          if (approval === undefined) return;
          const { id, hash } = approval;
          const reply = world.askAs(who, { type: 'approve', approval: id, hash });
          if (approval.by === who.user) expect(reply.status).toBe(403);
          noteAccepted(model, reply);
        }),
    ),
    fc.tuple(person, fc.constantFrom('T.471', 'T.472')).map(
      ([who, equipment]) =>
        new Happening(`${who.name}: emergency open of ${equipment}`, (_, { world }) => {
          world.askAs(who, { type: 'emergencyOpen', idempotencyKey: newKey(), equipment });
        }),
    ),
    fc.tuple(device, fc.constantFrom('open', 'closed')).map(
      ([equipment, to]) =>
        new Happening(`${equipment} is moved ${to} at the site`, (_, { world }) => {
          world.moveByHand(equipment, to);
        }),
    ),
    fc.tuple(device, fc.constantFrom('stuck', 'mute', 'unknown', 'well')).map(
      ([equipment, how]) =>
        new Happening(`${equipment} behaves: ${how}`, (_, { world }) => {
          world.misbehaviour[equipment] = {
            ...(how === 'stuck' ? { stuck: true } : {}),
            ...(how === 'mute' ? { mute: true } : {}),
            ...(how === 'unknown' ? { operateAnswer: 'unknown' as const } : {}),
          };
        }),
    ),
    fc.tuple(fc.constantFrom('RTU.T', 'RTU.471-1', 'RTU.471-2', 'RTU.472-1'), fc.boolean()).map(
      ([rtu, comes]) =>
        new Happening(`${rtu} ${comes ? 'comes' : 'goes'}`, (_, { world }) => {
          if (comes) world.findRtu(rtu);
          else world.loseRtu(rtu);
        }),
    ),
    fc.constantFrom(5, 40, 700, 12_000, 65_000).map(
      (ms) =>
        new Happening(`${ms} ms pass`, (_, { world }) => {
          world.run(ms);
        }),
    ),
    fc.constant(
      new Happening('crash and restart', (_, real) => {
        real.world = afterCrash(real.world);
      }),
    ),
  ],
  { maxCommands: 40, size: 'max' },
);

test('command life and tags hold whatever people, devices, links and crashes do', () => {
  const numRuns = Number(process.env['RELIGHT_RUNS'] ?? 300);
  const seen: Record<string, number> = {};
  fc.assert(
    fc.property(happenings, (commands) => {
      const model: Model = { tags: new Map(), earths: new Map(), operated: new Set() };
      const real = { world: new WatchedField(model, [], new Map(), null) };
      real.world.run(500);
      fc.modelRun(() => ({ model, real }), commands);
      for (const state of real.world.states.values()) seen[state] = (seen[state] ?? 0) + 1;
    }),
    { numRuns },
  );
  // It has been everywhere: ends of every kind, and tags that came and went.
  for (const state of ['verified', 'rejected', 'expired', 'cancelled', 'failed', 'unknown']) {
    expect(seen[state] ?? 0, state).toBeGreaterThan(0);
  }
}, 0);
