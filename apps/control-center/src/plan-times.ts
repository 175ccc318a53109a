import type { IncidentView } from '@relight/contract';

/**
 * How long each plan took. The core knows no clock and no plan depends on it, so the shell
 * measures the turn of the fold that made the plan and adds `compute_ms` to what is shown.
 */
export class PlanTimes {
  readonly #newest = new Map<string, { readonly version: number; readonly took_ms: number }>();

  /**
   * @param incidents - As the fold gave them, in the turn that just ended.
   * @param took_ms - Time of that turn.
   */
  measured(incidents: readonly IncidentView[], took_ms: number): IncidentView[] {
    for (const { id, plan, planVersion } of incidents) {
      if (plan === null || this.#newest.get(id)?.version === planVersion) continue;
      this.#newest.set(id, { version: planVersion, took_ms: Number(took_ms.toFixed(3)) });
    }
    return this.shown(incidents);
  }

  /** The same incidents, each plan with the time it took where that is known. */
  shown(incidents: readonly IncidentView[]): IncidentView[] {
    return incidents.map((incident) => {
      const newest = this.#newest.get(incident.id);
      if (incident.plan === null || newest?.version !== incident.planVersion) return incident;
      return { ...incident, plan: { ...incident.plan, compute_ms: newest.took_ms } };
    });
  }
}
