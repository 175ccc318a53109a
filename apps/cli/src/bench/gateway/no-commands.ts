import type { CommandStore } from '@relight/gateway';

/** A gateway of a bench is never commanded. */
export const noCommands: CommandStore = {
  epoch: 1,
  newestToken: 0,
  find: () => undefined,
  begin: () => Promise.resolve(),
  finish: () => Promise.resolve(),
  raiseToken: () => Promise.resolve(),
  close: () => Promise.resolve(),
};
