export * from './detect/classify-trip.ts';
export * from './locate/evidence.ts';
export * from './locate/locate-fault.ts';
export * from './options.ts';
export * from './plan-request.ts';
export * from './plan-restoration.ts';
export * from './trip-model.ts';
export * from './what-if.ts';
