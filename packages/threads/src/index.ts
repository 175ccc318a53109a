export * from './start-thread.ts';
