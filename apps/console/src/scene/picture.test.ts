import type { SectionView } from '@relight/contract';
import { expect, test } from 'vitest';
import { lookOfSection, qualityLetter } from './picture.ts';

const section = (change: Partial<SectionView>): SectionView => ({
  id: 'n1',
  name: 'S1',
  nodes: ['n1'],
  lines: [],
  customers: 10,
  p_kW: 20,
  normalFeeder: 'F473',
  state: 'live',
  feeder: 'F473',
  share: null,
  deadSince_ms: null,
  restoredAt_ms: null,
  inLoop: false,
  ...change,
});

test('a section just restored is marked for five minutes and then looks like any other', () => {
  const restored = section({ restoredAt_ms: 0 });
  expect(lookOfSection(restored, 299_000)).toBe('restored');
  expect(lookOfSection(restored, 300_000)).toBe('live');
});

test('a section nothing is known of never looks energised', () => {
  expect(lookOfSection(undefined, 0)).toBe('unknown');
  expect(lookOfSection(section({ state: 'unknown' }), 0)).toBe('unknown');
});

test('a faulted section stays faulted, whatever it was before', () => {
  expect(lookOfSection(section({ state: 'faulted', restoredAt_ms: 0 }), 1)).toBe('faulted');
});

test('only a good value goes without a letter', () => {
  expect(qualityLetter('good')).toBeNull();
  expect(qualityLetter('notTopical')).toBe('S');
  expect(qualityLetter('substituted')).toBe('M');
});
