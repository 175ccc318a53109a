/**
 * Every error a user can meet: a stable code, what it means and what to do next.
 * `docs/errors.md` is generated from this table; a code is never used for something else.
 */
export const ERROR_CODES = {
  'RL-001': {
    title: 'Unknown verb or option',
    next: 'Run `relight --help` for the verbs and `relight VERB --help` for their options.',
  },
  'RL-002': {
    title: 'File not found or not readable',
    next: 'Check the path; GRID may also be the name of a seed grid (`relight validate --help` lists them).',
  },
  'RL-003': {
    title: 'File is not valid JSON',
    next: 'Mend the file at the place the message names.',
  },
  'RL-004': {
    title: 'Grid file is refused',
    next: 'Mend every problem listed; `relight validate FILE` checks again.',
  },
  'RL-005': {
    title: 'Unknown equipment id',
    next: 'Use an id of the grid file; ids are case-sensitive.',
  },
  'RL-006': {
    title: 'Evidence file is refused',
    next: 'Mend the fields listed; see the JSON Schema of relight-evidence/1.',
  },
  'RL-007': {
    title: 'Load flow did not converge',
    next: 'Check impedances and loads around the node named; a radial state is needed.',
  },
  'RL-008': {
    title: 'The request asks for two things that exclude each other',
    next: 'Drop one of the options named.',
  },
  'RL-009': {
    title: 'Node.js is too old',
    next: 'Run it through `npm start` or `node_modules/.bin/relight`, or install Node.js 24.7 or newer.',
  },
  'RL-010': {
    title: 'Port is in use',
    next: 'Stop the other program or choose another port with `--port`.',
  },
  'RL-011': {
    title: 'Refused to listen beyond this machine',
    next: 'The demo profile serves loopback only; use 127.0.0.1.',
  },
  'RL-012': { title: 'Configuration is refused', next: 'Mend the fields listed in relight.yaml.' },
  'RL-013': {
    title: 'A process of the system ended unexpectedly',
    next: 'Read its last messages above; start again.',
  },
  'RL-015': {
    title: 'The console could not be built',
    next: 'Mend what the messages above name, or install the packages again.',
  },
  'RL-016': {
    title: 'Recorded input log is refused',
    next: 'Give the journal folder of one run, or its input log with --grid and --points.',
  },
  'RL-017': {
    title: 'Forecast file is refused',
    next: 'Mend the fields listed; see the JSON Schema of relight-forecast/1.',
  },
  'RL-020': {
    title: 'Token missing or wrong',
    next: 'Open the address printed at the start; each start has a new token.',
  },
  'RL-021': {
    title: 'Host or Origin not allowed',
    next: 'Open the console at the printed loopback address.',
  },
  'RL-022': {
    title: 'Request body is refused',
    next: 'Send the fields the OpenAPI document describes, and no others.',
  },
  'RL-023': { title: 'No such resource', next: 'Check the id against the snapshot.' },
  'RL-024': {
    title: 'Command refused by an interlock',
    next: 'Read the gates in the answer; nothing was sent.',
  },
  'RL-025': {
    title: 'Conflict with another request',
    next: 'Somebody or something else holds the device or the plan; the answer names it.',
  },
  'RL-026': {
    title: 'Plan has changed',
    next: 'Look at the new version of the plan and decide again.',
  },
  'RL-027': {
    title: 'Not in this state',
    next: 'The command or incident has moved on; look at its present state.',
  },
  'RL-028': {
    title: 'Simulators cannot be reached',
    next: 'Check that the simulators run; they are started by `relight up`.',
  },
  'RL-029': {
    title: 'Control centre is not ready',
    next: 'Wait until every station has been read once.',
  },
  'RL-030': { title: 'Point list is refused', next: 'Mend every clash and gap listed.' },
  'RL-031': {
    title: 'The journal cannot be written',
    next: 'Commands are refused until it can; free disk space or check the folder.',
  },
  'RL-032': {
    title: 'Scenario file is refused',
    next: 'Mend the fields listed in the scenario file.',
  },
  'RL-040': {
    title: 'Name or password is wrong',
    next: 'Type both again; an administrator can set a new password with `relight user password`.',
  },
  'RL-041': {
    title: 'Too many wrong passwords',
    next: 'Wait the seconds the answer names; other people and other workplaces are not affected.',
  },
  'RL-042': {
    title: 'The role does not allow it',
    next: 'Ask somebody with the right, or an administrator for another role.',
  },
  'RL-043': {
    title: 'The session is locked',
    next: 'Type the password to unlock it; picture and alarms go on meanwhile.',
  },
  'RL-044': {
    title: 'CSRF token missing or wrong',
    next: 'Read GET /api/v1/session and send its `csrf` as header `x-relight-csrf`.',
  },
  'RL-045': {
    title: 'Too many requests',
    next: 'Wait the seconds the answer names (Retry-After) and ask less often.',
  },
  'RL-046': {
    title: 'Account, role or password is refused',
    next: 'Mend what the message names; nothing was changed.',
  },
  'RL-047': {
    title: 'Accounts file cannot be used',
    next: 'Check the folder given with --journal; `relight user add` makes the file.',
  },
  'RL-050': {
    title: 'Production needs TLS in front',
    next: 'Set server.origin to https://… and server.trustedProxies to the proxy that ends TLS.',
  },
  'RL-051': {
    title: 'Production needs people',
    next: 'Make an administrator first: `relight user add USER --journal DIR --roles administrator`.',
  },
  'RL-052': {
    title: 'Production refuses OPC UA without security',
    next: 'Set `security` of each RTU named to SignAndEncrypt in the point list.',
  },
  'RL-053': {
    title: 'Production refuses a simulation',
    next: 'Use the demo profile for simulations; `relight serve` runs a real grid.',
  },
  'RL-054': {
    title: 'Production refuses a missing or default secret',
    next: 'Set passwords of their own at the devices named and in opcua-passwords.json.',
  },
  'RL-060': {
    title: 'This alarm cannot be put aside',
    next: 'Alarms of priority 1 stay on every screen until their cause has gone; acknowledge it.',
  },
  'RL-063': {
    title: 'The journal is damaged',
    next: 'Keep the file as it is for the inquiry; `relight audit verify` names the first bad record, `relight restore` starts from a backup.',
  },
  'RL-064': {
    title: 'Not a backup of this program, or damaged',
    next: 'Give the folder that `relight backup` made, whole and unchanged.',
  },
  'RL-066': {
    title: 'Not an audit journal',
    next: 'Give journal.db of a journal folder, or the folder.',
  },
  'RL-067': {
    title: 'The backup could not be made',
    next: 'Name the journal folder, and a new or empty folder with room for a copy of it.',
  },
  'RL-062': {
    title: 'A second person is needed',
    next: 'Another user in another session has to agree to it; nobody approves what they asked for themselves.',
  },
  'RL-070': {
    title: 'What was approved is not what was shown',
    next: 'Look at what the approval shows now and decide again.',
  },
  'RL-071': {
    title: 'Tag or earth is refused',
    next: 'Do first what the message names, then place it again.',
  },
  'RL-072': {
    title: 'Position cannot be entered',
    next: 'Only devices without a position of their own take a position from a person; one that has become doubtful is replaced by what somebody has seen.',
  },
  'RL-073': {
    title: 'Not in your area of responsibility',
    next: 'Ask the dispatcher of the area named.',
  },
  'RL-080': {
    title: 'This control centre stops, or another one leads',
    next: 'Ask again with the same idempotency key at the one that serves. To wait behind it, start this one with --standby.',
  },
  'RL-083': {
    title: 'Another control centre leads on this journal',
    next: 'To wait behind it, start this one with --standby; to run another grid beside it, give --journal a folder of its own.',
  },
  'RL-081': {
    title: 'The history cannot be asked',
    next: 'Picture, alarms and commands go on without it. Free disk space, look at what the log says of the history, and ask again.',
  },
  'RL-082': {
    title: 'More rows than one export may have',
    next: 'Ask for a shorter range, one after the other, or filter by equipment, quality or words.',
  },
  'RL-077': {
    title: 'The present state cannot be adopted as normal',
    next: 'See to each thing the message names; the normal state is what every later plan leads back to.',
  },
  'RL-075': {
    title: 'Whether conductors were joined is not said',
    next: 'Say for the sections that are clear whether conductors were joined there, and if so who confirmed the phase order and how; unconfirmed is an answer too.',
  },
  'RL-074': {
    title: 'A permit or an earth is still out',
    next: 'Have the tags handed back and the earths removed that the message names, then lift the block.',
  },
  'RL-076': {
    title: 'The way back has to wait',
    next: 'Do first what the message names, one after the other, then ask for the way back again.',
  },
} as const;
export type ErrorCode = keyof typeof ERROR_CODES;
