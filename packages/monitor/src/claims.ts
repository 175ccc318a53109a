interface Claim {
  /** Parts the engine keeps dead by its last word on record. */
  onRecord: ReadonlySet<string>;
  /** Those, and what fell away from them without a reason. */
  kept: ReadonlySet<string>;
  /** Of an earlier run, which told all it knew: nothing that comes later moves its fault elsewhere. */
  readonly isCarried: boolean;
}

/** What the engine has put on record that it keeps dead, by incident; parts by name. */
export class Claims {
  readonly #claims = new Map<string, Claim>();
  /** What the monitor of an earlier run held though no incident did; any lift ends it. */
  readonly #ownOfBefore = new Set<string>();

  /** What an incident of an earlier run kept dead. */
  carryOver(incident: string, parts: ReadonlySet<string>): void {
    this.#claims.set(incident, { onRecord: parts, kept: parts, isCarried: true });
  }

  /** What the monitor of an earlier run held by its own account. */
  carryOwn(parts: readonly string[]): void {
    for (const part of parts) this.#ownOfBefore.add(part);
  }

  /**
   * What the engine keeps dead from now on. It may be another part than before, for evidence comes
   * late. But it may not fall away as a whole, nor shrink where it stands from an earlier run, where
   * nothing explains it: that stays.
   * @param isExplained - The part is live, or a trip of the monitor's own account stands for it.
   */
  claim(
    incident: string,
    parts: ReadonlySet<string>,
    isExplained: (part: string) => boolean,
  ): void {
    const before = this.#claims.get(incident);
    const isCarried = before?.isCarried === true;
    const mayMove = parts.size > 0 && !isCarried;
    const left = mayMove
      ? []
      : [...(before?.kept ?? [])].filter((part) => !parts.has(part) && !isExplained(part));
    this.#claims.set(incident, { onRecord: parts, kept: new Set([...parts, ...left]), isCarried });
  }

  /**
   * People have declared parts of one incident clear. What another incident keeps dead on record
   * stays; what only the monitor still held for it goes with this word.
   * @returns the parts that no incident keeps dead any more.
   */
  lift(incident: string, parts: readonly string[]): readonly string[] {
    const lifted = new Set(parts);
    for (const [id, { onRecord, kept, isCarried }] of this.#claims) {
      const stays = (part: string): boolean =>
        !lifted.has(part) || (id !== incident && onRecord.has(part));
      this.#claims.set(id, {
        onRecord: new Set([...onRecord].filter(stays)),
        kept: new Set([...kept].filter(stays)),
        isCarried,
      });
    }
    for (const part of parts) this.#ownOfBefore.delete(part);
    const left = this.all();
    return parts.filter((part) => !left.has(part));
  }

  all(): ReadonlySet<string> {
    const kept = [...this.#claims.values()].flatMap((claim) => [...claim.kept]);
    return new Set([...kept, ...this.#ownOfBefore]);
  }

  /** Parts that the last word of the engine covers. */
  onRecord(): ReadonlySet<string> {
    return new Set([...this.#claims.values()].flatMap(({ onRecord }) => [...onRecord]));
  }

  /** Incidents that keep a part dead, sorted. */
  keepersOf(part: string): readonly string[] {
    return [...this.#claims].flatMap(([id, { kept }]) => (kept.has(part) ? [id] : [])).sort();
  }
}
