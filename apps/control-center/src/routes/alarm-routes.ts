import { AcknowledgeRequest, OutOfServiceRequest, ShelveRequest } from '@relight/contract';
import { Done, type Route } from './route.ts';

/** Alarms: acknowledged, put aside, brought back. */
export const ALARM_ROUTES = {
  acknowledgeAlarm: {
    id: 'acknowledgeAlarm',
    method: 'POST',
    path: '/alarms/:id/acknowledge',
    right: 'acknowledge',
    summary: 'Acknowledges an alarm',
    answer: { status: 202, schema: Done },
  },
  acknowledgeAlarms: {
    id: 'acknowledgeAlarms',
    method: 'POST',
    path: '/alarms/acknowledge',
    right: 'acknowledge',
    body: AcknowledgeRequest,
    summary: 'Acknowledges all the alarms named, or none',
    answer: { status: 202, schema: Done },
  },
  acknowledgeGroup: {
    id: 'acknowledgeGroup',
    method: 'POST',
    path: '/alarms/group/:id/acknowledge',
    right: 'acknowledge',
    summary: 'Acknowledges every alarm of an incident, or of the alarm that speaks for a group',
    answer: { status: 202, schema: Done },
  },
  shelveAlarm: {
    id: 'shelveAlarm',
    method: 'POST',
    path: '/alarms/:id/shelve',
    right: 'acknowledge',
    body: ShelveRequest,
    summary: 'Puts an alarm aside for a time, with a reason',
    answer: { status: 202, schema: Done },
  },
  unshelveAlarm: {
    id: 'unshelveAlarm',
    method: 'POST',
    path: '/alarms/:id/unshelve',
    right: 'acknowledge',
    summary: 'Takes a shelved alarm back',
    answer: { status: 202, schema: Done },
  },
  takeAlarmOutOfService: {
    id: 'takeAlarmOutOfService',
    method: 'POST',
    path: '/alarms/:id/out-of-service',
    right: 'acknowledge',
    body: OutOfServiceRequest,
    summary: 'Takes an alarm out of service for work on its equipment, with a reason',
    answer: { status: 202, schema: Done },
  },
  returnAlarmToService: {
    id: 'returnAlarmToService',
    method: 'POST',
    path: '/alarms/:id/in-service',
    right: 'acknowledge',
    summary: 'Puts an alarm back into service',
    answer: { status: 202, schema: Done },
  },
} as const satisfies Readonly<Record<string, Route>>;
