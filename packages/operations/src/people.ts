import type { Actor } from '@relight/contract';

/** Who asks, as the core judges it. */
export interface Person {
  /** Account id. */
  readonly user: string;
  /** As it is shown. */
  readonly name: string;
  readonly session: string;
  /** Ids of the substations the person answers for; null: all. */
  readonly areas: readonly string[] | null;
  /** A dispatcher or shift lead: who may not command agrees to no command either. */
  readonly mayCommand: boolean;
}

/** A log from before there were accounts names people only: each is then a user and a session. */
export function personOf(by: string, actor: Actor | undefined): Person {
  if (actor === undefined) {
    return { user: by, name: by, session: `of ${by}`, areas: null, mayCommand: true };
  }
  const { user, name, session, areas, roles } = actor;
  const mayCommand = roles.includes('dispatcher') || roles.includes('shiftLead');
  return { user, name, session, areas, mayCommand };
}

/** Two-person actions: another user in another session. */
export function isSecondPerson(first: Person, second: Person): boolean {
  return first.user !== second.user && first.session !== second.session;
}

/** As the journal names those who did something together. */
export function usersOf(people: readonly Person[]): string {
  return people.map((person) => person.user).join(' + ');
}
