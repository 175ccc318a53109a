export * from './assert.ts';
export * from './clock.ts';
export * from './numeric.ts';
export * from './quantity.ts';
export * from './random.ts';
export * from './result.ts';
export * from './sha256.ts';
