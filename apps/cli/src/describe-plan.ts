import type { Plan, Rejection, RejectionKind } from '@relight/contract';
import type { Grid } from '@relight/grid';

const MOST_CANDIDATES = 5;

/** A plan as a dispatcher reads it. */
export function describePlan(plan: Plan, grid: Grid): string {
  const names = new Map(grid.switches.map((each) => [each.id, each.name]));
  const name = (id: string): string => {
    const known = names.get(id) ?? '';
    return known === '' || known === id ? id : `${id} (${known})`;
  };
  const { result, fault } = plan;
  const steps = plan.steps.map((step) => {
    const back = step.restoresCustomers > 0 ? `, ${step.restoresCustomers} customers back` : '';
    const off = step.interruptsCustomers > 0 ? `, ${step.interruptsCustomers} off meanwhile` : '';
    const loading =
      step.maxLoadingAt === null ? '' : `, ${step.maxLoading_pct} % at ${step.maxLoadingAt}`;
    const crew = step.phase > 1 ? ' (by crew)' : '';
    return `  ${step.n}. ${step.action} ${name(step.switch)} to ${step.purpose}${crew}${back}${off}${loading}`;
  });
  return [
    // The way back to normal follows no fault, and a lost source opens nothing.
    ...(fault.isolated.length === 0 && plan.tripped.length === 0
      ? []
      : [
          `Protection opened: ${plan.tripped.map(name).join(', ') || 'nothing'}`,
          `Fault: ${fault.isolated.join(', ')}`,
        ]),
    ...fault.because.map((reason) => `  ${reason}`),
    ...likeliest(plan),
    `Out: ${result.outage.customers} customers, ${result.outage.p_kW} kW`,
    steps.length === 0 ? 'No step to take.' : 'Steps:',
    ...steps,
    `Back: ${result.restored.customers} customers. Dark: ${result.unrestored.customers}, of them ${result.insideFault.customers} in the faulted section.`,
    ...(plan.resultWithCrews === undefined
      ? []
      : [
          `With crews: ${plan.resultWithCrews.restored.customers} back, ${plan.resultWithCrews.unrestored.customers} dark.`,
        ]),
    `Highest loading ${result.maxLoading_pct} %, lowest voltage ${result.minVoltage_pu ?? '–'} pu, losses ${result.losses_kW} kW.`,
    ...(plan.forecast === undefined ? [] : [plan.forecast.because]),
    ...plan.rejected.map(
      (rejection) => `Not used: ${name(rejection.switch)}: ${reason(rejection)}`,
    ),
    ...(plan.staysDark ?? []).map(
      ({ equipment, customers, because }) =>
        `Stays dark: ${equipment[0] ?? ''}, ${customers} customers: ${because}`,
    ),
    ...plan.warnings.map((warning) => `Warning: ${warning}`),
    ...plan.advisory.map((why) => `A person must release it: ${why}`),
    plan.proof.status === 'optimal'
      ? 'Proved: no legal plan is better.'
      : `Not proved: at most ${plan.proof.gap_pct} % of the customers out could be better served.`,
  ].join('\n');
}

/** The places that hold the fault most probably, where there is a choice. */
function likeliest({ fault }: Plan): readonly string[] {
  if (fault.candidates.every(({ probability }) => probability >= 0.9995)) return [];
  return fault.candidates
    .filter(({ probability }) => probability >= 0.001)
    .slice(0, MOST_CANDIDATES)
    .map(({ equipment, probability }) => {
      const more = equipment.length > 1 ? ` and ${equipment.length - 1} more` : '';
      return `  ${(100 * probability).toFixed(1)} %: ${equipment[0] ?? ''}${more}`;
    });
}

/** What a reason means, in words. */
const WORDS: Readonly<Record<RejectionKind, string>> = {
  loading: 'overload',
  voltage: 'voltage outside its limits',
  source: 'no live source for it',
  pickup: 'too near the pickup of protection',
  tag: 'tagged, blocked or in doubt',
  stale: 'position not known',
  parallel: 'would parallel what may not be',
  earth: 'leads to an earthed part',
  fault: 'leads to the fault',
  generator: 'a generator stands in the way',
  deadOnly: 'moves only while dead',
  notRemote: 'only by hand on site',
  stuck: 'does not move',
  mode: 'the mode of its feeder forbids it',
  phaseOrder: 'phase order not confirmed',
  notNeeded: 'not needed',
};

function reason({ kind, limit, value, allowed, unit, ahead_h }: Rejection): string {
  const where = limit === undefined ? '' : ` at ${limit}`;
  const figures =
    value === undefined || allowed === undefined
      ? ''
      : `, ${value} ${unit ?? ''} of ${allowed} ${unit ?? ''} allowed`;
  const when = ahead_h === undefined ? '' : ` in ${ahead_h} h`;
  const isCollapse = kind === 'voltage' && limit === undefined;
  const words = isCollapse ? 'the voltage would collapse, no load flow' : WORDS[kind];
  return `${words}${where}${figures}${when}`;
}
