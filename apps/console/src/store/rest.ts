import {
  CommandCheckView,
  CommandView,
  PlacedFault,
  RestError,
  SessionView,
  type AutomationMode,
  type Bilingual,
  type ClearUnknown,
  type EarthFaultAction,
  type GridFile,
  type IncidentDecision,
  type IncidentView,
  type PhaseOrderReport,
  type RepairReport,
  type SwitchOperation,
  type ScopeModeRequest,
  type TagKind,
  type TrialCloseRequest,
  type WayBackRequest,
} from '@relight/contract';

/** An answer other than yes: what to tell the person, and the code to look up. */
export class RequestRefused extends Error {
  readonly code: string;
  readonly text: Bilingual | null;
  constructor(error: RestError) {
    super(error.message);
    this.code = error.code;
    this.text = error.text ?? null;
  }
}

/** Token of the session that every change must carry; null until asked for. */
let csrf: string | null = null;

function remember(json: unknown): SessionView {
  const view = SessionView.parse(json);
  csrf = view.csrf;
  return view;
}

/** One request; a change carries the token of the session. Throws RequestRefused where it is refused. */
export async function request(method: string, path: string, body?: unknown): Promise<unknown> {
  if (method !== 'GET' && csrf === null) await readSession();
  return send(method, path, body, method === 'GET' ? null : csrf);
}

/** @param token - Token of the session that every change must carry; null where there is none yet. */
async function send(
  method: string,
  path: string,
  body: unknown,
  token: string | null,
): Promise<unknown> {
  return (await answered(method, path, body, token)).json().catch(() => null);
}

/** A file to keep, as the server wrote it. Throws RequestRefused where it is refused. */
export async function download(path: string): Promise<Blob> {
  return (await answered('GET', path, undefined, null)).blob();
}

async function answered(
  method: string,
  path: string,
  body: unknown,
  token: string | null,
): Promise<Response> {
  const answer = await fetch(`/api/v1${path}`, {
    method,
    credentials: 'same-origin',
    signal: AbortSignal.timeout(15_000),
    headers: {
      ...(token === null ? {} : { 'x-relight-csrf': token }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (answer.ok) return answer;
  const json: unknown = await answer.json().catch(() => null);
  // Another log-in of this browser has another token: the next request asks for it.
  if (answer.status === 401 || answer.status === 403) csrf = null;
  const refused = RestError.safeParse(json);
  throw new RequestRefused(
    refused.success
      ? refused.data
      : { code: `HTTP ${answer.status}`, message: answer.statusText || `HTTP ${answer.status}` },
  );
}

/** Who sits here. */
export async function readSession(): Promise<SessionView> {
  return remember(await request('GET', '/session'));
}

export async function logIn(user: string, password: string): Promise<SessionView> {
  return remember(await send('POST', '/session', { user, password }, null));
}

export async function logOut(): Promise<void> {
  await request('DELETE', '/session');
  csrf = null;
}

export async function lock(): Promise<SessionView> {
  return remember(await request('POST', '/session/lock'));
}

export async function unlock(password: string | undefined): Promise<SessionView> {
  return remember(
    await request('POST', '/session/unlock', password === undefined ? {} : { password }),
  );
}

/** Only in the demo, where nobody has a password. */
export async function becomePerson(user: string): Promise<SessionView> {
  return remember(await request('POST', '/session/person', { user }));
}

export async function sayPresent(): Promise<void> {
  await request('POST', '/session/activity');
}

/** The grid file; the server checked it, so its shape is taken as it is. */
export async function fetchGrid(): Promise<GridFile> {
  return (await request('GET', '/grid')) as GridFile;
}

/**
 * The gates of a command that is not sent.
 * @param trialOf - Incident of which this close would be the declared trial.
 */
export async function checkCommand(
  equipment: string,
  operation: SwitchOperation,
  trialOf?: string,
): Promise<CommandCheckView> {
  const body = { equipment, operation, ...(trialOf === undefined ? {} : { trialOf }) };
  return CommandCheckView.parse(await request('POST', '/commands/check', body));
}

/** Selects at the RTU; nothing moves yet. */
export async function selectCommand(
  equipment: string,
  operation: SwitchOperation,
  overrideReason?: string,
): Promise<CommandView> {
  return CommandView.parse(
    await request('POST', '/commands', {
      idempotencyKey: crypto.randomUUID(),
      equipment,
      operation,
      ...(overrideReason === undefined ? {} : { overrideReason }),
    }),
  );
}

/** Opens a breaker or recloser at once, whatever tag, plan or other person stands in the way. */
export async function emergencyOpen(equipment: string): Promise<CommandView> {
  const body = { idempotencyKey: crypto.randomUUID(), equipment };
  return CommandView.parse(await request('POST', '/commands/emergency-open', body));
}

/** Agrees as second person to exactly what was shown. */
export async function approve(id: string, hash: string): Promise<void> {
  await request('POST', `/approvals/${encodeURIComponent(id)}/approve`, { hash });
}

export async function refuse(id: string, reason: string): Promise<void> {
  await request('POST', `/approvals/${encodeURIComponent(id)}/refuse`, { reason });
}

/** Declares tags and earths reconciled while control is locked; the second person lifts the lock. */
export async function reconcileTags(note: string): Promise<void> {
  await request('POST', '/control-lock/reconcile', { note });
}

/**
 * @param seenOff - `hotLine` only: devices upstream that report no reclosing and whose reclosing this
 *   person has seen locked.
 */
export async function placeTag(
  equipment: string,
  kind: TagKind,
  text: string,
  seenOff: ReadonlySet<string>,
): Promise<void> {
  await request('POST', '/tags', {
    idempotencyKey: crypto.randomUUID(),
    kind,
    equipment,
    text,
    ...(seenOff.size === 0 ? {} : { reclosingSeenOff: [...seenOff].sort() }),
  });
}

/** @param reason - Needed from anybody but the owner; then a second person has to agree. */
export async function removeTag(id: string, reason: string | undefined): Promise<void> {
  const body = reason === undefined ? {} : { reason };
  await request('POST', `/tags/${encodeURIComponent(id)}/remove`, body);
}

/** A portable earth somewhere in a section. */
export async function recordEarth(equipment: string, label: string, text: string): Promise<void> {
  const body = { idempotencyKey: crypto.randomUUID(), equipment, label, text };
  await request('POST', '/earths', body);
}

export async function removeEarth(id: string, reason: string | undefined): Promise<void> {
  const body = reason === undefined ? {} : { reason };
  await request('POST', `/earths/${encodeURIComponent(id)}/remove`, body);
}

export async function executeCommand(id: string): Promise<void> {
  await request('POST', `/commands/${encodeURIComponent(id)}/execute`);
}

export async function cancelCommand(id: string): Promise<void> {
  await request('POST', `/commands/${encodeURIComponent(id)}/cancel`);
}

/** A decision names the plan it was made on; a changed plan refuses it. */
export async function decide(
  incident: string,
  decision: Exclude<IncidentDecision, 'liftBlocks'>,
  planVersion: number,
  planHash: string | null,
): Promise<void> {
  const body = { decision, planVersion, planHash };
  await request('POST', `/incidents/${encodeURIComponent(incident)}/decision`, body);
}

/**
 * Declares sections repaired and clear.
 * @param sections - absent: all the incident keeps dead.
 */
export async function liftBlocks(
  { id, planVersion, planHash }: Pick<IncidentView, 'id' | 'planVersion' | 'planHash'>,
  sections: readonly string[] | undefined,
  repair: RepairReport,
): Promise<void> {
  await request('POST', `/incidents/${encodeURIComponent(id)}/decision`, {
    decision: 'liftBlocks',
    planVersion,
    planHash,
    ...(sections === undefined ? {} : { sections }),
    repair,
  });
}

/** Lays the present positions of switches before a second person, to become the normal ones. */
export async function adoptNormal(switches: readonly string[], reason: string): Promise<void> {
  const body = { idempotencyKey: crypto.randomUUID(), switches, reason };
  await request('POST', '/normal-state/adopt', body);
}

/** Puts the phase order of a section in doubt, or records who confirmed it. */
export async function reportPhaseOrder(section: string, report: PhaseOrderReport): Promise<void> {
  await request('POST', `/sections/${encodeURIComponent(section)}/phase-order`, report);
}

/** In how many hours the repair is expected to be done; the plan is made again with it. */
export async function setRepairTime(incident: string, repair_h: number): Promise<void> {
  await request('PUT', `/incidents/${encodeURIComponent(incident)}/repair-time`, { repair_h });
}

/** Declares one trial close onto a part that may hold the fault; the close goes out at once. */
export async function declareTrial(incident: string, body: TrialCloseRequest): Promise<void> {
  await request('POST', `/incidents/${encodeURIComponent(incident)}/trial-close`, body);
}

/** Asks for the way back to the normal state; its plan is then laid before a person. */
export async function askWayBack(incident: string, body: WayBackRequest): Promise<void> {
  await request('POST', `/incidents/${encodeURIComponent(incident)}/way-back`, body);
}

/** The next word on a standing earth fault. */
export async function answerEarthFault(id: string, wish: EarthFaultAction): Promise<void> {
  await request('POST', `/earth-faults/${encodeURIComponent(id)}`, wish);
}

export async function setFeederMode(feeder: string, mode: AutomationMode): Promise<void> {
  await request('PUT', `/feeders/${encodeURIComponent(feeder)}/mode`, { mode });
}

export async function setScopeMode(body: ScopeModeRequest): Promise<void> {
  await request('PUT', '/automation', body);
}

/** What a crew reports of a switch or earthing switch that sends no position itself. */
export async function enterPosition(
  equipment: string,
  position: 'open' | 'closed',
  text: string,
): Promise<void> {
  await request('PUT', `/equipment/${encodeURIComponent(equipment)}/position`, { position, text });
}

/** Takes an entered position back. */
export async function removePosition(equipment: string, reason: string): Promise<void> {
  const path = `/equipment/${encodeURIComponent(equipment)}/position/remove`;
  await request('POST', path, { reason });
}

/** Asks a second person to clear an outcome nobody knows. */
export async function clearUnknown(command: string, body: ClearUnknown): Promise<void> {
  await request('POST', `/commands/${encodeURIComponent(command)}/clear`, body);
}

/** Lays a list of opens before a second person. */
export async function prepareShedding(name: string, equipment: readonly string[]): Promise<void> {
  const body = { idempotencyKey: crypto.randomUUID(), name, equipment };
  await request('POST', '/shedding-lists', body);
}

export async function withdrawShedding(id: string): Promise<void> {
  await request('POST', `/shedding-lists/${encodeURIComponent(id)}/withdraw`);
}

export async function acknowledgeAlarm(id: string): Promise<void> {
  await request('POST', `/alarms/${encodeURIComponent(id)}/acknowledge`);
}

/** Every alarm of a group: an incident's, or those one alarm speaks for. */
export async function acknowledgeGroup(group: string): Promise<void> {
  await request('POST', `/alarms/group/${encodeURIComponent(group)}/acknowledge`);
}

/** All of them, or none where one is unknown. */
export async function acknowledgeAlarms(alarms: readonly string[]): Promise<void> {
  await request('POST', '/alarms/acknowledge', { alarms });
}

/** Puts an alarm aside for some time; it comes back by itself. */
export async function shelveAlarm(id: string, reason: string, for_ms: number): Promise<void> {
  await request('POST', `/alarms/${encodeURIComponent(id)}/shelve`, { reason, for_ms });
}

export async function takeOutOfService(id: string, reason: string): Promise<void> {
  await request('POST', `/alarms/${encodeURIComponent(id)}/out-of-service`, { reason });
}

/** Ends shelving, or puts an alarm back into service. */
export async function takeBack(id: string, from: 'shelved' | 'outOfService'): Promise<void> {
  const path = from === 'shelved' ? 'unshelve' : 'in-service';
  await request('POST', `/alarms/${encodeURIComponent(id)}/${path}`);
}

/** `standing`: an earth fault that trips nothing, where the neutral lets it stand. */
export async function placeFault(
  equipment: string,
  kind: 'permanent' | 'transient' | 'standing',
): Promise<PlacedFault> {
  const body = kind === 'standing' ? { equipment, standing: true } : { equipment, kind };
  return PlacedFault.parse(await request('POST', '/simulation/faults', body));
}

export async function repairFault(id: string): Promise<void> {
  await request('DELETE', `/simulation/faults/${encodeURIComponent(id)}`);
}

/** Faults placed in the simulation and not yet repaired. */
export async function listFaults(): Promise<readonly PlacedFault[]> {
  const json = (await request('GET', '/simulation/faults')) as { faults?: unknown };
  return PlacedFault.array()
    .parse(json.faults)
    .filter((fault) => !fault.cleared);
}
