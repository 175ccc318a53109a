export * from './compile-network.ts';
export * from './energise.ts';
export * from './live-energisation.ts';
export * from './network.ts';
export * from './traces.ts';
