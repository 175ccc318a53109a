import { z } from 'zod';
import { Quality } from './signals.ts';

/**
 * What a tag forbids. `doNotOperate` (a device): no command to it, either way. `crewAtWork` (a
 * section): it may not be energised. `hotLine` (a device or a section): people work on it live, so
 * no close of that device, no automatic reclosing upstream, no energising after a trip and no
 * transfer to another way of supply, until the owner reports the crew clear. `information`: shows
 * only.
 */
export const TagKind = z.enum(['doNotOperate', 'crewAtWork', 'hotLine', 'information']);
export type TagKind = z.infer<typeof TagKind>;

/** One tag. Tags stack; each goes only with its owner or with two people. */
export const TagView = z.object({
  id: z.string(),
  kind: TagKind,
  /** Id of the switch or section it sits on. */
  equipment: z.string(),
  on: z.enum(['device', 'section']),
  /**
   * Sections it holds: the one it sits on; of a hot-line tag on a device, those the device supplied
   * when it was placed.
   */
  sections: z.array(z.string()),
  text: z.string(),
  /** Devices whose reclosing the owner has seen locked, for they report none. */
  reclosingSeenOff: z.array(z.string()).optional(),
  /** Account id of the owner, and the name shown. */
  owner: z.string(),
  ownerName: z.string(),
  placedAt_ms: z.number(),
  /** Set once it is gone; a snapshot holds only tags that stand. */
  removedAt_ms: z.number().nullable(),
});
export type TagView = z.infer<typeof TagView>;

/**
 * An earth that is on the grid: a portable one that a person recorded, or an earthing switch that
 * does not provably stand open. What it earths may not be energised.
 */
export const EarthView = z.object({
  /** Own id of a portable earth; the id of the earthing switch. */
  id: z.string(),
  kind: z.enum(['portable', 'earthingSwitch']),
  section: z.string(),
  /** Null: somewhere in the section. */
  node: z.string().nullable(),
  /** Number on the portable earth, name of the switch. */
  label: z.string(),
  text: z.string(),
  /** Of an earthing switch its reading; a person's word is `substituted`. */
  quality: Quality,
  /** Account id and name of who recorded it; null where only telemetry or the grid file says so. */
  owner: z.string().nullable(),
  ownerName: z.string().nullable(),
  placedAt_ms: z.number().nullable(),
  /** It stands on a node that is live: a top alarm. */
  onLive: z.boolean(),
  removedAt_ms: z.number().nullable(),
});
export type EarthView = z.infer<typeof EarthView>;

/**
 * A tag or earth of an earlier run whose place the grid file no longer holds. Nobody can say what it
 * forbids, so the independent monitor lets no close pass while it is on record; two people take it
 * off by the routes of tags and earths.
 */
export const LostHoldView = z.object({
  id: z.string(),
  kind: z.enum(['tag', 'earth']),
  /** What it sat on; in no grid file now. */
  equipment: z.string(),
  text: z.string(),
  ownerName: z.string(),
  placedAt_ms: z.number(),
});
export type LostHoldView = z.infer<typeof LostHoldView>;

const key = z.string().min(8).max(100);
const equipment = z.string().min(1).max(200);
const text = z.string().max(500);
/** A typed reason: words, not a blank. */
export const Reason = z.string().trim().min(3).max(500);

export const PlaceTag = z.strictObject({
  idempotencyKey: key,
  kind: TagKind,
  equipment,
  text,
  /**
   * `hotLine` only: protective devices upstream that report no reclosing at all, and whose reclosing
   * this person has had locked and looked at on the spot.
   */
  reclosingSeenOff: z.array(equipment).max(50).optional(),
});
export type PlaceTag = z.infer<typeof PlaceTag>;

/** `reason` is needed where another person than the owner asks; then a second one approves. */
export const Remove = z.strictObject({ reason: Reason.optional() });
export type Remove = z.infer<typeof Remove>;

/** A portable earth, on a node or somewhere in a section. */
export const RecordEarth = z.strictObject({
  idempotencyKey: key,
  equipment,
  label: z.string().trim().min(1).max(50),
  text,
});
export type RecordEarth = z.infer<typeof RecordEarth>;

/** What a crew reports of a switch or earthing switch that sends no position itself. */
export const EnterPosition = z.strictObject({ position: z.enum(['open', 'closed']), text });
export type EnterPosition = z.infer<typeof EnterPosition>;

/** Takes an entered position back; the grid file's own counts again. */
export const RemovePosition = z.strictObject({ reason: Reason });
export type RemovePosition = z.infer<typeof RemovePosition>;

/** Where a person says a switch or earthing switch stands that sends no position of its own. */
export const EnteredView = z.object({
  /** Id of the device. */
  id: z.string(),
  position: z.enum(['open', 'closed']),
  text: z.string(),
  by: z.string(),
  byName: z.string(),
  at_ms: z.number(),
  /** Set once it was taken back; a snapshot holds only what stands. */
  removedAt_ms: z.number().nullable(),
});
export type EnteredView = z.infer<typeof EnteredView>;
