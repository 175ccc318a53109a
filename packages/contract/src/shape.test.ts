import { expect, test } from 'vitest';
import { EvidenceFile } from './evidence.ts';
import { fileFormatSchemas } from './json-schemas.ts';
import { nearestWord } from './nearest-word.ts';
import { PointListFile } from './points.ts';
import { CommandRequest } from './rest.ts';
import { checkShape } from './shape.ts';

test('every problem of a document is named in plain words with its path', () => {
  const evidence = {
    format: 'relight-evidence/1',
    events: [
      { equipment: 'S01.473', signal: 'positon', value: 'open' },
      { equipment: '', signal: 'lockout', value: true, at: 'yesterday', quality: 'bad' },
      { signal: 'lockout', value: [] },
      7,
    ],
  };
  expect(checkShape(EvidenceFile, evidence).issues).toEqual([
    {
      path: 'events[0].signal',
      message: expect.stringMatching(/did you mean "position"\?\), got "positon"/),
    },
    {
      path: 'events[1].at',
      message: 'expected a time like 2026-11-21T03:04:05Z, got "yesterday"',
    },
    { path: 'events[1].equipment', message: 'expected a text that is not empty, got ""' },
    {
      path: 'events[1].quality',
      message: 'expected one of "good", "stale", "invalid", got "bad"',
    },
    { path: 'events[2].equipment', message: 'is missing; expected a text' },
    {
      path: 'events[2].value',
      message: 'expected one of the shapes the format allows, got a list',
    },
    { path: 'events[3]', message: 'expected an object, got 7' },
  ]);
});

test('a number beyond its bounds says the bound', () => {
  const points = {
    format: 'relight-points/1',
    grid: 'g',
    rtus: [{ id: 'R', protocol: 'opcua', port: 70_000 }],
    points: [],
  };
  expect(checkShape(PointListFile, points).issues).toEqual([
    { path: 'rtus[0].port', message: 'expected a number of at most 65535, got 70000' },
  ]);
});

test('a field nobody reads is a warning, with the field that may have been meant', () => {
  const found = checkShape(EvidenceFile, {
    format: 'relight-evidence/1',
    events: [{ equipement: 'x', equipment: 'x', signal: 'lockout', value: true }],
    colour: 'red',
    '': 1,
  });
  expect(found.issues).toEqual([]);
  expect(found.warnings).toEqual([
    {
      path: 'events[0].equipement',
      message: 'unknown field, ignored; did you mean "equipment"?',
    },
    { path: 'colour', message: 'unknown field, ignored' },
    { path: '""', message: 'unknown field, ignored' },
  ]);
});

test('where a message is strict, an unknown field is a problem, said once', () => {
  const found = checkShape(CommandRequest, {
    idempotencyKey: '12345678',
    equipment: 'PT.471',
    operation: 'open',
    force: true,
  });
  expect(found.issues).toEqual([
    { path: 'force', message: 'unknown field; expected only the fields of the format' },
  ]);
  expect(found.warnings).toEqual([]);
});

test('a member inherited from Object is not taken for a known field', () => {
  const found = checkShape(EvidenceFile, { format: 'relight-evidence/1', events: [], toString: 1 });
  expect(found.warnings.map((warning) => warning.path)).toEqual(['toString']);
});

test('the nearest word is near, or there is none', () => {
  const known = ['rated_A', 'rated_MVA', 'normallyOpen', 'from', 'to'];
  expect(nearestWord('ratedA', known)).toBe('rated_A');
  expect(nearestWord('normalyOpen', known)).toBe('normallyOpen');
  expect(nearestWord('form', known)).toBe('from');
  expect(nearestWord('colour', known)).toBe(null);
});

test('each file format has a JSON Schema that names its version', () => {
  for (const [name, schema] of Object.entries(fileFormatSchemas())) {
    const version = `relight-${name.split('-')[1]}/1`;
    expect(schema).toMatchObject({ properties: { format: { const: version } } });
  }
});
