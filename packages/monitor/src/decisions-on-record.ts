import type { JournalRecord } from '@relight/contract';
import { z } from 'zod';

/** What a journal record means to the account of faults; most records mean nothing to it. */
export type DecisionOnRecord =
  | { readonly kind: 'entered'; readonly equipment: string; readonly position: 'open' | 'closed' }
  /** Nobody has confirmed a person's word for too long. */
  | { readonly kind: 'doubtful'; readonly equipment: string }
  /** A person's word on a position is taken back: the grid file counts again. */
  | { readonly kind: 'takenBack'; readonly equipment: string }
  /** A command of ours may move the device from now on (`isOver` false), or does so no more. */
  | {
      readonly kind: 'command';
      readonly id: string;
      readonly equipment: string;
      readonly operation: string;
      readonly isOver: boolean;
    }
  | {
      readonly kind: 'keepsDead';
      readonly incident: string;
      readonly sections: readonly string[];
    }
  | { readonly kind: 'lifted'; readonly incident: string; readonly sections: readonly string[] }
  | {
      readonly kind: 'trial';
      readonly incident: string;
      readonly command: string;
      readonly equipment: string;
      readonly sections: readonly string[];
    };

const Entered = z.object({
  entered: z.object({ equipment: z.string(), position: z.enum(['open', 'closed']) }),
});
const Command = z.object({ state: z.string(), equipment: z.string(), operation: z.string() });
const KeepsDead = z.object({ keepsDead: z.array(z.string()) });
/** `incident`: whose blocks are lifted, where the record is about something else, as an earth fault. */
const Lifted = z.object({ lifts: z.array(z.string()), incident: z.string().optional() });
const Trial = z.object({
  trialClose: z.object({
    command: z.string(),
    equipment: z.string(),
    sections: z.array(z.string()),
  }),
});
/** States of a command in which its write may have gone out. */
const MAY_MOVE: ReadonlySet<string> = new Set(['executing', 'acknowledged', 'unknown']);

/** Reads one record; null: it decides nothing about faults. */
export function decisionIn({ kind, about, body }: JournalRecord): DecisionOnRecord | null {
  switch (kind) {
    case 'position': {
      const { data } = Entered.safeParse(body);
      if (data !== undefined) return { kind: 'entered', ...data.entered };
      if (about === null) return null;
      if ('doubtful' in body) return { kind: 'doubtful', equipment: about };
      return 'removed' in body ? { kind: 'takenBack', equipment: about } : null;
    }
    case 'command': {
      const { data } = Command.safeParse(body);
      if (data === undefined || about === null) return null;
      const { state, equipment, operation } = data;
      return { kind: 'command', id: about, equipment, operation, isOver: !MAY_MOVE.has(state) };
    }
    case 'incident': {
      const { data } = KeepsDead.safeParse(body);
      if (data === undefined || about === null) return null;
      return { kind: 'keepsDead', incident: about, sections: data.keepsDead };
    }
    case 'approval': {
      const trial = Trial.safeParse(body).data;
      if (trial !== undefined && about !== null) {
        return { kind: 'trial', incident: about, ...trial.trialClose };
      }
      const { data } = Lifted.safeParse(body);
      if (data === undefined || about === null) return null;
      return { kind: 'lifted', incident: data.incident ?? about, sections: data.lifts };
    }
    default:
      return null;
  }
}
