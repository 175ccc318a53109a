export { buildModel } from './build-model.ts';
export { openColumns, type ColumnsRefusal } from './columns/columns-file.ts';
export { indexById, type IdIndex } from './columns/lazy-list.ts';
export { ColumnsWriter } from './columns/write-columns.ts';
export * from './graph.ts';
export * from './model.ts';
export * from './parse-grid.ts';
export { demoTownFile } from './seed-grids/demo-town.ts';
export * from './seed-grids/seed-regions.ts';
