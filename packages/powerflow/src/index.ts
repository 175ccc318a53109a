export * from './describe-load-flow.ts';
export * from './load-flow.ts';
export * from './load-state.ts';
export * from './loading.ts';
export * from './solve-load-flow.ts';
export * from './violations.ts';
export {
  BASE_POWER_VA,
  createLoadFlowArrays,
  createLoadFlowWorkspace,
  type LoadFlowArrays,
  type LoadFlowWorkspace,
} from './workspace.ts';
