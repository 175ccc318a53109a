import type { AutomationMode, ScopeMode } from '@relight/contract';
import { expect, test } from 'vitest';
import { bindingMode } from './modes.ts';

function set(id: string, mode: AutomationMode): readonly [string, ScopeMode] {
  const [scope = '', equipment = ''] = id.split('/');
  return [id, { id, scope: scope as ScopeMode['scope'], equipment, mode, byName: 'Lan', at_ms: 0 }];
}

test('the strictest of system, substation and feeder holds, and it is told which one', () => {
  const modes = new Map([set('substation/PT', 'advisory'), set('device/471-1', 'disabled')]);
  expect(bindingMode({ modes }, 'PT', { mode: 'automatic' })).toEqual({
    mode: 'advisory',
    by: 'substation',
  });
  expect(bindingMode({ modes }, 'QN', { mode: 'restoreOnly' })).toEqual({
    mode: 'restoreOnly',
    by: 'feeder',
  });
  expect(bindingMode({ modes }, 'PT', { mode: 'disabled' })).toEqual({
    mode: 'disabled',
    by: 'feeder',
  });
});

test('of equally strict ones the widest is named, since setting the feeder free would not help', () => {
  const modes = new Map([set('system', 'advisory'), set('substation/PT', 'advisory')]);
  expect(bindingMode({ modes }, 'PT', { mode: 'advisory' })).toEqual({
    mode: 'advisory',
    by: 'system',
  });
});

test('where nobody set anything the feeder speaks for itself', () => {
  expect(bindingMode({ modes: new Map() }, 'PT', { mode: 'automatic' })).toEqual({
    mode: 'automatic',
    by: 'feeder',
  });
});

test('while load is being shed nothing is automated, whatever the modes say', () => {
  const own = { mode: 'automatic', shedding: true } as const;
  expect(bindingMode({ modes: new Map() }, 'PT', own)).toEqual({
    mode: 'disabled',
    by: 'shedding',
  });
});
