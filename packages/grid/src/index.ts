export { buildModel } from './build-model.ts';
export * from './graph.ts';
export * from './model.ts';
export * from './parse-grid.ts';
export { demoTownFile } from './seed-grids/demo-town.ts';
export * from './seed-grids/seed-regions.ts';
