export { checkTrialGates } from './trial-gates.ts';
export { checkGates } from './gates.ts';
export { createOperations, type Engine } from './engine.ts';
export { fork } from './fork.ts';
export { initialState, type OperationsState } from './state.ts';
export { REQUESTS_KEPT } from './request-memory.ts';
export { snapshotViews, type SnapshotViews } from './views/snapshot.ts';
export { step } from './step.ts';
export * from './step-result.ts';
