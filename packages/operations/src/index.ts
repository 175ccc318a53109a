export * from './step-result.ts';
