export { EnteredWords } from './entered-words.ts';
export * from './fault-ledger.ts';
export * from './monitor.ts';
export { Places } from './places.ts';
