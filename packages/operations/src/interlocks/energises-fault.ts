import { entryAt } from '../entry-at.ts';
import type { Incident } from '../incident-state.ts';
import { ascending } from '../outage.ts';
import { say } from '../signal-text.ts';
import type { Verdict, WantedMove } from './interlock.ts';

/**
 * Interlock 6: no close onto a faulted or not yet located section. A section counts until its
 * incident proved momentary or a person declared the part repaired. Nobody overrides it.
 * @param tried - incident whose declared trial close this is: the one exception, for the sections
 *   that were declared and no others.
 */
export function energisesFault(move: WantedMove, tried: Incident | null): Verdict {
  const { engine, state } = move;
  if (move.operation === 'open')
    return { ok: true, text: say('không đóng điện', 'closes nothing') };
  const sections = new Set(move.region.map((node) => entryAt(engine.network.nodeSection, node)));
  for (const incident of state.incidents) {
    for (const section of sectionsKeptDead(incident)) {
      if (incident === tried && tried.trial?.sections.includes(section) === true) continue;
      if (!sections.has(section)) continue;
      const name = entryAt(engine.sections, section).name;
      return {
        ok: false,
        text: !isLocated(incident)
          ? say(
              `đóng điện vào ${name} khi ${incident.id} chưa xác định được điểm sự cố`,
              `would energise ${name} while ${incident.id} has not located its fault`,
            )
          : say(
              `đóng điện vào phân đoạn sự cố ${name} (${incident.id})`,
              `would energise the faulted section ${name} (${incident.id})`,
            ),
      };
    }
  }
  return {
    ok: true,
    text: say('không chạm phân đoạn sự cố nào', 'touches no faulted section'),
  };
}

/**
 * Sections an incident forbids to energise: what it isolates, or all it lost while not located,
 * and what it isolated before another trip began the locating anew.
 */
export function sectionsKeptDead(incident: Incident): readonly number[] {
  if (incident.lifted) return [];
  const present =
    incident.state === 'momentary' ? [] : (namedPart(incident) ?? incident.outSections);
  const earlier = [...incident.located, ...incident.condemned];
  const all = earlier.length === 0 ? present : ascending(new Set([...present, ...earlier]));
  const { liftedSections } = incident;
  return liftedSections.length === 0
    ? all
    : all.filter((section) => !liftedSections.includes(section));
}

/**
 * A person has something to lift: a part kept dead, or a tripped device of which nobody knows
 * why, though nothing behind it is dead.
 */
export function awaitsLift(incident: Incident): boolean {
  if (incident.lifted) return false;
  if (sectionsKeptDead(incident).length > 0) return true;
  return incident.state === 'aborted' && incident.trips.length > 0 && !isLocated(incident);
}

/** The evidence named a part; otherwise all it lost counts as faulted. */
export function isLocated(incident: Incident): boolean {
  return namedPart(incident) !== null;
}

function namedPart({ location }: Incident): readonly number[] | null {
  return location === null || location.isolate.length === 0 ? null : location.isolate;
}
