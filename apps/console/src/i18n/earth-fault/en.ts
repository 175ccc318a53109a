import type { vi } from './vi.ts';

/** The same in English. */
export const en: Readonly<Record<keyof typeof vi, string>> = {
  'earthFault.title': 'Earth fault, network {network}',
  'earthFault.since': 'Since',
  'earthFault.stood': 'Stands for',
  'earthFault.runLeft': 'May run for',
  'earthFault.runOver': 'Past the time allowed',
  'earthFault.measured': '3U0 = {value} kV at {place}',
  'earthFault.noTrip':
    'The neutral is not solidly earthed: no protection trips, the network runs on.',
  'earthFault.order': 'Order of opening',
  'earthFault.orderNote': 'fewest customers first; 3U0 goes with the faulted feeder',
  'earthFault.tryThis': 'Open this',
  'earthFault.tryNext': 'Open {feeder}',
  'earthFault.tryTitle': 'Open {device} for the search',
  'earthFault.tryEffect':
    '{feeder}: {n} customers lose supply. If it is not this one it is closed again by itself; if 3U0 goes it stays open until a person decides.',
  'earthFault.tryNow': 'Open {device} now',
  'earthFault.stop': 'Stop the search',
  'earthFault.stopSearchEffect':
    'Closes {feeder} again if it is open for the search; no further feeder is tried.',
  'earthFault.stopSearchNow': 'Stop, close again',
  'earthFault.leaveOpen': 'Leave open for repair',
  'earthFault.leaveOpenEffect':
    '{feeder} stays open. No command energises it until a person declares it repaired.',
  'earthFault.leaveOpenNow': 'Leave open',
  'earthFault.run': 'Run for a stated time',
  'earthFault.runEffect':
    'The network runs on with the earth fault; an alarm comes when the time is over. No command is sent.',
  'earthFault.closeAndRun': 'Close and run for a time',
  'earthFault.closeAndRunEffect':
    '{feeder} is closed with the earth fault still on it: the sound phases rise. Only where nobody is near the fault.',
  'earthFault.howLong': 'For how long',
  'earthFault.minutes': '{n} min',
  'earthFault.runNow': 'Run for {n} min',
  'earthFaultState.standing': 'stands, not searched',
  'earthFaultState.searching': 'searching',
  'earthFaultState.found': 'feeder found',
  'earthFaultState.leftOpen': 'feeder left open, under repair',
  'earthFaultState.running': 'running with the earth fault',
  'earthFaultState.gone': 'gone',
  'earthFeeder.waiting': 'Waits',
  'earthFeeder.open': 'Open for the search',
  'earthFeeder.sound': 'Not this one',
  'earthFeeder.faulted': 'Has the earth fault',
};
