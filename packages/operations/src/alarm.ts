import type { AlarmView, Bilingual, CarriedAlarm } from '@relight/contract';

/** Something a person is told of, from its raising until it is over and known to somebody. */
export interface Alarm {
  readonly id: string;
  /** Same key: the same alarm, counted up. */
  readonly key: string;
  readonly priority: AlarmView['priority'];
  /** By cause and acknowledgement alone; `shownState` is what a person sees. */
  state: CarriedAlarm['state'];
  raisedAt_ms: number;
  readonly equipment: string;
  readonly place: Bilingual;
  text: Bilingual;
  incident: string | null;
  count: number;
  acknowledgedBy: string | null;
  acknowledgedAt_ms: number | null;
  shelved: CarriedAlarm['shelved'];
  /** Monotonic end of the shelving; null while it is not shelved. */
  shelfEnds_ms: number | null;
  outOfService: CarriedAlarm['outOfService'];
  /** It only follows from something told already; null: it speaks for itself. */
  suppressed: { readonly by: string; readonly because: Bilingual } | null;
  /** Most it ever spoke for at once; 0 for an alarm of its own. */
  members: number;
}
