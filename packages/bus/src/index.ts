export * from './bus.ts';
export * from './memory-bus.ts';
export * from './message-port-bus.ts';
