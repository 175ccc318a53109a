/**
 * Uses the engine as a library: checks a grid file, breaks every section of one feeder in turn
 * on paper and prints who would stay dark though healthy, and which limit it is that says no.
 *
 *   node_modules/.bin/node examples/plan-from-a-program/plan-every-fault.ts [FEEDER]
 */
import { readFileSync } from 'node:fs';
import { planForFault, planOptions } from '@relight/flisr';
import { parseGridText } from '@relight/grid';
import { compileNetwork, energise, normalPositions, sectionEquipment } from '@relight/topology';

const file = new URL('../../seeds/grids/demo-town.json', import.meta.url);
const parsed = parseGridText(readFileSync(file, 'utf8'));
if (!parsed.ok) {
  for (const { path, message } of parsed.error) console.error(`${path}: ${message}`);
  process.exit(1);
}
const { grid } = parsed.value;
const network = compileNetwork(grid);
const normal = normalPositions(network);
const { nodeFeeder } = energise(network, normal);

const wanted = process.argv[2] ?? 'F473';
const feeder = grid.feeders.findIndex(({ id }) => id === wanted);
for (let section = 0; section < network.sectionCount; section++) {
  const first = network.sectionNodes[network.sectionStart[section] ?? 0] ?? 0;
  const [equipment] = sectionEquipment(network, section);
  if (nodeFeeder[first] !== feeder || equipment === undefined) continue;
  const planned = planForFault(network, normal, [equipment], planOptions());
  if (!planned.ok) {
    console.log(`${equipment}: no plan (${planned.error.kind})`);
    continue;
  }
  const { result, rejected } = planned.value.plan;
  const healthyDark = result.unrestored.customers - result.insideFault.customers;
  const limits = rejected
    .filter(({ kind }) => kind === 'loading' || kind === 'voltage' || kind === 'source')
    .map(({ switch: tie, kind, limit }) => `${tie} by ${kind} at ${limit ?? '?'}`);
  console.log(
    `${equipment.padEnd(8)} ${result.outage.customers} out, ${result.restored.customers} back, ` +
      `${healthyDark} healthy and dark${limits.length > 0 ? `: ${limits.join(', ')}` : ''}`,
  );
}
