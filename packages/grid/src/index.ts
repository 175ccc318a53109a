export * from './graph.ts';
export * from './model.ts';
export * from './parse-grid.ts';
export { demoTownFile } from './seed-grids/demo-town.ts';
