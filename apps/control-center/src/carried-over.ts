import { z } from 'zod';
import { SwitchOperation, type CarriedOver, type JournalRecord } from '@relight/contract';

const KeptDead = z.object({ keepsDead: z.array(z.string()), openedAt_ms: z.number() });
const CommandArrow = z.object({
  state: z.string(),
  equipment: z.string(),
  operation: SwitchOperation,
});
/** States in which the write may have gone out and nothing is known of what came of it. */
const WITHOUT_OUTCOME: ReadonlySet<string> = new Set(['executing', 'acknowledged', 'unknown']);

/**
 * What earlier runs leave behind: the last word of their journal on each incident, and the
 * commands of the last run that have no outcome. Cost: the length of the journal.
 */
export function carriedOver(records: Iterable<JournalRecord>): CarriedOver {
  let lastIncident = 0;
  const keptDead = new Map<string, CarriedOver['keptDead'][number]>();
  const commands = new Map<string, CarriedOver['openCommands'][number]>();
  for (const { kind, about, body } of records) {
    if (kind === 'start') commands.clear(); // That run has told its people already.
    if (about === null) continue;
    if (kind === 'incident') {
      const number = Number(/^SC-(\d+)$/.exec(about)?.[1] ?? 0);
      lastIncident = Math.max(lastIncident, number);
      const kept = KeptDead.safeParse(body);
      if (!kept.success) continue;
      const { keepsDead, openedAt_ms } = kept.data;
      if (keepsDead.length === 0) keptDead.delete(about);
      else keptDead.set(about, { incident: about, openedAt_ms, sections: keepsDead });
    } else if (kind === 'command') {
      const arrow = CommandArrow.safeParse(body);
      if (!arrow.success) continue;
      const { state, equipment, operation } = arrow.data;
      if (WITHOUT_OUTCOME.has(state)) commands.set(about, { id: about, equipment, operation });
      else commands.delete(about);
    }
  }
  return { lastIncident, keptDead: [...keptDead.values()], openCommands: [...commands.values()] };
}
