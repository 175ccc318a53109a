export * from './hash-chain.ts';
export * from './input-log-reader.ts';
export * from './journal.ts';
export * from './journal-reader.ts';
export type { JournalBatch } from './worker-messages.ts';
