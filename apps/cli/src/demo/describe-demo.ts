import type { DemoReport } from './run-demo.ts';
import type { TimelineEntry } from './timeline.ts';

/** The report as a person reads it: what happened when, then what came of it. */
export function describeDemo(report: DemoReport): string {
  const { customers, truth } = report;
  const verdict = report.ok
    ? 'Supply is back wherever the grid allows it; the faulted section stayed dead; no loop was made.'
    : failure(report);
  return [
    '',
    ...report.timeline.flatMap(line),
    '',
    `${customers.out} customers lost supply, ${customers.restored} have it back, ${customers.dark} are dark:`,
    `  ${customers.insideFault} in the faulted section, ${truth.unrestorableCustomers} without another legal supply, ` +
      `${truth.restorableDarkCustomers} who could have it.`,
    verdict,
  ].join('\n');
}

function failure({ atRest, truth }: DemoReport): string {
  const why = [
    ...(atRest ? [] : ['the system did not come to rest in time']),
    ...(truth.restorableDarkCustomers > 0
      ? [`${truth.restorableDarkCustomers} customers are dark although a legal supply exists`]
      : []),
    ...(truth.faultedEnergisedAfterTrip ? ['the faulted section was energised again'] : []),
    ...(truth.loops > 0 ? [`${truth.loops} loops were made`] : []),
  ];
  return `Not good: ${why.join('; ')}.`;
}

function line(entry: TimelineEntry): string[] {
  const words = describe(entry);
  if (words === null) return [];
  return [`${(entry.at_ms / 1_000).toFixed(2).padStart(8)} s  ${words}`];
}

function describe(entry: TimelineEntry): string | null {
  const text = (field: string): string => String(entry[field]);
  const list = (field: string): string => (entry[field] as readonly string[]).join(', ');
  if (entry.event.startsWith('protection ')) {
    return `${text('switch')}: ${entry.event.slice('protection '.length)}`;
  }
  switch (entry.event) {
    case 'plan':
      return `plan ${text('version')}: fault in ${list('isolated')}; ${list('steps') || 'no step'}`;
    case 'supply back':
      return `${text('customersRestored')} customers have supply again, ${text('customersDark')} dark`;
    case 'command verified':
      return `${text('switch')} reports: ${text('operation')} done`;
    case 'command failed':
    case 'command rejected':
    case 'command unknown':
    case 'command expired':
      return `${text('switch')}: ${text('operation')} ${entry.event.slice(8)} (${text('reason')})`;
    case 'wire operate':
      return `${text('switch')} is told over ${text('rtu')}`;
    default:
      return entry.event.startsWith('incident ') ? entry.event : null;
  }
}
