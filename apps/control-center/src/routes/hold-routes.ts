import {
  Accepted,
  EnterPosition,
  PlaceTag,
  ReconcileRequest,
  RecordEarth,
  Remove,
  RemovePosition,
} from '@relight/contract';
import { Done, type Route } from './route.ts';

/** What people have put on the grid: tags, earths, positions, and the lock after a restore. */
export const HOLD_ROUTES = {
  placeTag: {
    id: 'placeTag',
    method: 'POST',
    path: '/tags',
    right: 'tag',
    body: PlaceTag,
    summary: 'Places a tag; answers once it is on disk',
    answer: { status: 202, schema: Accepted },
  },
  removeTag: {
    id: 'removeTag',
    method: 'POST',
    path: '/tags/:id/remove',
    right: 'tag',
    body: Remove,
    summary: 'Takes a tag away: its owner at once, anybody else with a second person',
    answer: { status: 202, schema: Accepted },
  },
  recordEarth: {
    id: 'recordEarth',
    method: 'POST',
    path: '/earths',
    right: 'tag',
    body: RecordEarth,
    summary: 'Records a portable earth; answers once it is on disk',
    answer: { status: 202, schema: Accepted },
  },
  removeEarth: {
    id: 'removeEarth',
    method: 'POST',
    path: '/earths/:id/remove',
    right: 'tag',
    body: Remove,
    summary: 'Takes a portable earth off the record: as for tags',
    answer: { status: 202, schema: Accepted },
  },
  enterPosition: {
    id: 'enterPosition',
    method: 'PUT',
    path: '/equipment/:id/position',
    right: 'tag',
    body: EnterPosition,
    summary: 'Enters where a device stands that sends no position of its own',
    answer: { status: 202, schema: Accepted },
  },
  removePosition: {
    id: 'removePosition',
    method: 'POST',
    path: '/equipment/:id/position/remove',
    right: 'tag',
    body: RemovePosition,
    summary: 'Takes an entered position back, unless that would claim an opening nobody has seen',
    answer: { status: 202, schema: Accepted },
  },
  reconcileTags: {
    id: 'reconcileTags',
    method: 'POST',
    path: '/control-lock/reconcile',
    right: 'approve',
    body: ReconcileRequest,
    summary:
      'Declares tags and earths reconciled after a restore; the second person lifts the lock',
    answer: { status: 202, schema: Done },
  },
} as const satisfies Readonly<Record<string, Route>>;
