export * from './describe-load-flow.ts';
export * from './load-flow.ts';
export * from './load-state.ts';
export * from './loading.ts';
export * from './solve-load-flow.ts';
export * from './violations.ts';
export {
  BASE_POWER_VA,
  baseCurrent_A,
  extrasOf,
  loadFlowConstants,
  ratioOf,
  type LoadFlowConstants,
  type LoadShares,
  type NodeExtra,
} from './constants.ts';
export { createLoadFlowWorkspace, type LoadFlowWorkspace } from './workspace.ts';
