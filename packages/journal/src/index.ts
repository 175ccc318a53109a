export * from './backup.ts';
export * from './hash-chain.ts';
export * from './input-log-reader.ts';
export * from './journal.ts';
export * from './journal-reader.ts';
export * from './sound-records.ts';
export * from './verify-journal.ts';
export type { JournalBatch } from './worker-messages.ts';
