import { ACCOUNT_ROUTES } from './routes/account-routes.ts';
import { ALARM_ROUTES } from './routes/alarm-routes.ts';
import { COMMAND_ROUTES } from './routes/command-routes.ts';
import { HISTORY_ROUTES } from './routes/history-routes.ts';
import { HOLD_ROUTES } from './routes/hold-routes.ts';
import { INCIDENT_ROUTES } from './routes/incident-routes.ts';
import { SESSION_ROUTES } from './routes/session-routes.ts';
import { SIMULATION_ROUTES } from './routes/simulation-routes.ts';
import { WATCH_ROUTES } from './routes/watch-routes.ts';

/**
 * Every route of the interface: the server registers from this table and OpenAPI is printed from it.
 * Log-in, session and rights: `/session` in packages/contract/src/rest.ts says which routes there
 * are and how a request shows who asks.
 */
export const ROUTES = {
  ...WATCH_ROUTES,
  ...COMMAND_ROUTES,
  ...INCIDENT_ROUTES,
  ...ALARM_ROUTES,
  ...HOLD_ROUTES,
  ...SESSION_ROUTES,
  ...ACCOUNT_ROUTES,
  ...HISTORY_ROUTES,
  ...SIMULATION_ROUTES,
} as const;

export type RouteId = keyof typeof ROUTES;
