import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parseGrid } from '@relight/grid';
import { planForFault, planOptions } from '@relight/flisr';
import { compileNetwork, normalPositions } from '@relight/topology';

/** One restoration case: a grid, a fault, and the proved optimum by the objective. */
interface RestorationCase {
  readonly name: string;
  readonly fault: readonly string[];
  readonly options: { readonly allowShedding: boolean };
  readonly grid: unknown;
  readonly expected: {
    readonly tripped: readonly string[];
    readonly unrestored: Record<string, number>;
    readonly insideFault: Record<string, number>;
    readonly switchOperations: number;
  };
}

const own = join(dirname(fileURLToPath(import.meta.url)), '../kit/cases/restoration');
const shared = process.env['RELIGHT_RESTORATION'];

function cases(folder: string): readonly (readonly [string, RestorationCase])[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => {
      const read = JSON.parse(readFileSync(join(folder, file), 'utf8')) as RestorationCase;
      return [read.name, read] as const;
    });
}

function check({ grid, fault, options, expected }: RestorationCase): string {
  const parsed = parseGrid(grid);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const network = compileNetwork(parsed.value.grid);
  const planned = planForFault(network, normalPositions(network), fault, planOptions(options));
  if (!planned.ok) throw new Error(JSON.stringify(planned.error));
  const { plan } = planned.value;
  expect(plan.tripped).toEqual(expected.tripped);
  expect(plan.result.unrestored).toMatchObject(expected.unrestored);
  expect(plan.result.insideFault).toMatchObject(expected.insideFault);
  expect(plan.result.switchOperations).toBe(expected.switchOperations);
  return plan.proof.status;
}

test.each(cases(own))('the plan of %s serves all that can be served', (_, one) => {
  expect(check(one)).toBe('optimal');
});

if (shared === undefined) {
  // The 33-bus case has no clear licence and is not in this repository.
  test('RELIGHT_RESTORATION is not set: the cases of that folder are not run', () => {
    expect(cases(own)).toHaveLength(23);
  });
} else {
  test('all cases of RELIGHT_RESTORATION match, at most one of them without proof', () => {
    const proofs = cases(shared).map(([, one]) => check(one));
    expect(proofs.length).toBeGreaterThan(0);
    expect(proofs.filter((status) => status !== 'optimal').length).toBeLessThanOrEqual(1);
  });
}
