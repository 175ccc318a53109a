import type { Verb } from './verb.ts';

export interface VerbEntry {
  /** As typed; `config check` is one verb of two words. */
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  readonly load: () => Promise<Verb>;
}

/** Every verb, in the order of the help text. A verb's code loads only when it is used. */
export const VERBS: readonly VerbEntry[] = [
  {
    name: 'up',
    usage: '[--grid GRID] [--port N]',
    summary: 'everything on this machine: simulators, control centre, console',
    load: async () => (await import('./verbs/up.ts')).up,
  },
  {
    name: 'demo',
    usage: '[--grid GRID] [--equipment ID] [--seed N] [--speed N]',
    summary: 'one permanent fault, end to end on real sockets, without a browser',
    load: async () => (await import('./verbs/demo.ts')).demo,
  },
  {
    name: 'validate',
    usage: 'GRID',
    summary: 'checks a grid file and names every problem',
    load: async () => (await import('./verbs/validate.ts')).validate,
  },
  {
    name: 'loadflow',
    usage: 'GRID [--open ID…] [--close ID…]',
    summary: 'AC load flow of one state',
    load: async () => (await import('./verbs/loadflow.ts')).loadflow,
  },
  {
    name: 'plan',
    usage: 'GRID --fault EQUIPMENT… | --evidence FILE',
    summary: 'isolates a fault and restores the rest, on paper',
    load: async () => (await import('./verbs/plan.ts')).plan,
  },
  {
    name: 'reconfigure',
    usage: 'GRID --objective losses',
    summary: 'the radial state with the least losses, and how far from the best it can be',
    load: async () => (await import('./verbs/reconfigure.ts')).reconfigure,
  },
  {
    name: 'simulate',
    usage: 'GRID [--write-points FILE]',
    summary: 'RTU simulators on real Modbus TCP and OPC UA sockets',
    load: async () => (await import('./verbs/simulate.ts')).simulate,
  },
  {
    name: 'replay',
    usage: 'JOURNAL [--compare OTHER]',
    summary: 'folds a recorded input log again and hashes every decision',
    load: async () => (await import('./verbs/replay.ts')).replay,
  },
  {
    name: 'points check',
    usage: 'FILE [--grid GRID]',
    summary: 'checks a point list, JSON or CSV',
    load: async () => (await import('./verbs/points-check.ts')).pointsCheck,
  },
  {
    name: 'points convert',
    usage: 'FILE --to csv|json [--out FILE]',
    summary: 'writes a point list for spreadsheets or for programs',
    load: async () => (await import('./verbs/points-convert.ts')).pointsConvert,
  },
  {
    name: 'config check',
    usage: '[FILE]',
    summary: 'checks relight.yaml and prints what is in force',
    load: async () => (await import('./verbs/config-check.ts')).configCheck,
  },
  {
    name: 'serve',
    usage: 'GRID POINTS --journal DIR',
    summary: 'the control centre of a real grid, for people with accounts',
    load: async () => (await import('./verbs/serve.ts')).serve,
  },
  {
    name: 'audit verify',
    usage: 'FILE',
    summary: 'checks that no record of an audit journal was changed, and names the first that was',
    load: async () => (await import('./verbs/audit-verify.ts')).auditVerify,
  },
  {
    name: 'backup',
    usage: '--journal DIR --to DIR',
    summary: 'copies a journal folder while the control centre runs',
    load: async () => (await import('./verbs/backup.ts')).backup,
  },
  {
    name: 'restore',
    usage: 'BACKUP --journal DIR',
    summary: 'puts a backup into an empty folder; control stays locked until tags are reconciled',
    load: async () => (await import('./verbs/restore.ts')).restore,
  },
  {
    name: 'normal export',
    usage: '--journal DIR [--out FILE]',
    summary: 'normal positions adopted since the grid file was written, put into a copy of it',
    load: async () => (await import('./verbs/normal-export.ts')).normalExport,
  },
  {
    name: 'user add',
    usage: 'USER --journal DIR --roles ROLE…',
    summary: 'makes an account',
    load: async () => (await import('./verbs/user-accounts.ts')).userAdd,
  },
  {
    name: 'user list',
    usage: '--journal DIR',
    summary: 'accounts, roles, areas, tokens',
    load: async () => (await import('./verbs/user-list.ts')).userList,
  },
  {
    name: 'user disable',
    usage: 'USER --journal DIR',
    summary: 'lets nobody in with an account any more',
    load: async () => (await import('./verbs/user-accounts.ts')).userDisable,
  },
  {
    name: 'user enable',
    usage: 'USER --journal DIR',
    summary: 'opens a disabled account again',
    load: async () => (await import('./verbs/user-accounts.ts')).userEnable,
  },
  {
    name: 'user password',
    usage: 'USER --journal DIR',
    summary: 'sets a new password',
    load: async () => (await import('./verbs/user-accounts.ts')).userPassword,
  },
  {
    name: 'user roles',
    usage: 'USER --journal DIR --roles ROLE…',
    summary: 'replaces roles and areas of an account',
    load: async () => (await import('./verbs/user-accounts.ts')).userRoles,
  },
  {
    name: 'user token',
    usage: 'USER --journal DIR [--days N]',
    summary: 'makes a token for a program',
    load: async () => (await import('./verbs/user-accounts.ts')).userToken,
  },
  {
    name: 'user revoke',
    usage: 'TOKEN --journal DIR',
    summary: 'makes a token worthless',
    load: async () => (await import('./verbs/user-accounts.ts')).userRevoke,
  },
  {
    name: 'bench',
    usage: '[NAME] [--seed N] [--seconds N]',
    summary: 'measures speed against goals and peers, on generated grids',
    load: async () => (await import('./verbs/bench.ts')).bench,
  },
];
