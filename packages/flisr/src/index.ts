export * from './plan-request.ts';
