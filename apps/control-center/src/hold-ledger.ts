import {
  AdoptedPosition,
  StandingEarth,
  StandingJoint,
  StandingTag,
  type CarriedOver,
  type JournalRecord,
} from '@relight/contract';
import type { Places } from '@relight/monitor';
import { z } from 'zod';

const TagPlaced = z.object({ state: z.literal('placed'), tag: StandingTag });
const EarthPlaced = z.object({ state: z.literal('placed'), earth: StandingEarth });
const JointTold = z.object({ state: z.literal('unconfirmed'), joint: StandingJoint });
const NormalTold = z.object({ adopted: z.array(AdoptedPosition) });
const SECTION_PREFIX = 'S.';

/**
 * The monitor's own account of tags, earths and unconfirmed joints, kept from the journal records and not from the image
 * the core decides on: a core that forgets a tag is found out.
 */
export class HoldLedger {
  readonly #tags = new Map<string, StandingTag>();
  readonly #earths = new Map<string, StandingEarth>();
  /** Ids of sections with joints of unconfirmed phase order. */
  readonly #joints = new Set<string>();
  #adopted: readonly AdoptedPosition[] = [];
  readonly #places: Places;

  constructor(places: Places) {
    this.#places = places;
  }

  /** What stood when the last run ended. */
  carryOver(left: CarriedOver): void {
    for (const tag of left.tags ?? []) this.#tags.set(tag.id, tag);
    for (const earth of left.earths ?? []) this.#earths.set(earth.id, earth);
    for (const { section } of left.joints ?? []) this.#joints.add(section);
    this.#adopted = left.adopted ?? [];
  }

  take(records: readonly JournalRecord[]): void {
    for (const { kind, about, body } of records) {
      if (kind === 'normalState') this.#adopted = NormalTold.safeParse(body).data?.adopted ?? [];
      if (about === null) continue;
      if (kind === 'tag' || kind === 'earth') this.#takeHold(about, body);
      if (kind !== 'phaseOrder') continue;
      if (JointTold.safeParse(body).success) this.#joints.add(about);
      else this.#joints.delete(about);
    }
  }

  #takeHold(about: string, body: JournalRecord['body']): void {
    if (body['state'] === 'removed') {
      this.#tags.delete(about);
      this.#earths.delete(about);
      return;
    }
    const tag = TagPlaced.safeParse(body);
    if (tag.success) this.#tags.set(about, tag.data.tag);
    const earth = EarthPlaced.safeParse(body);
    if (earth.success) this.#earths.set(about, earth.data.earth);
  }

  /** Devices that may not be operated and nodes where a crew is at work. */
  tagged(): readonly string[] {
    return [...this.#tags.values()].flatMap(({ kind, equipment, sections }) => {
      if (kind === 'doNotOperate') return [equipment];
      return kind === 'crewAtWork' ? sections.flatMap((id) => this.#places.nodesOf(id)) : [];
    });
  }

  /** Devices and nodes of hot-line work. */
  hotLine(): readonly string[] {
    return [...this.#tags.values()].flatMap(({ kind, equipment, sections }) => {
      if (kind !== 'hotLine') return [];
      const device = equipment.startsWith(SECTION_PREFIX) ? [] : [equipment];
      return [...device, ...sections.flatMap((id) => this.#places.nodesOf(id))];
    });
  }

  /** Nodes of sections with joints of unconfirmed phase order. */
  phaseUnconfirmed(): readonly string[] {
    return [...this.#joints].flatMap((id) => this.#places.nodesOf(id));
  }

  /** Normal positions that are not those of the grid file, by switch. */
  adopted(): ReadonlyMap<string, 'open' | 'closed'> {
    return new Map(this.#adopted.map(({ switch: id, position }) => [id, position]));
  }

  /** Nodes under portable earths. */
  earthed(): readonly string[] {
    return [...this.#earths.values()].flatMap(({ equipment }) => this.#places.nodesOf(equipment));
  }
}
