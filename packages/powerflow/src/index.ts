export * from './load-flow.ts';
