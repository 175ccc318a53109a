import { expect, test } from 'vitest';
import { CliError } from './cli-error.ts';
import { parseArguments } from './parse-arguments.ts';

const SPEC = {
  positionals: ['GRID'],
  options: {
    open: { kind: 'many', value: 'ID', help: '' },
    speed: { kind: 'one', value: 'N', help: '' },
    'no-transfer': { kind: 'flag', help: '' },
  },
} as const;

const parse = (...words: string[]) => parseArguments('plan', SPEC, words);

test('an option that takes several ids takes every word up to the next option', () => {
  const args = parse('town', '--open', '471-28', '471-74', '--no-transfer', '--open', '472-30');
  expect(args.positionals).toEqual(['town']);
  expect(args.many('open')).toEqual(['471-28', '471-74', '472-30']);
  expect(args.has('no-transfer')).toBe(true);
});

test('a value may stand behind an equals sign, and a grid may stand last', () => {
  const args = parse('--open=471-28', '--speed', '2.5', 'town');
  expect(args.many('open')).toEqual(['471-28']);
  expect(args.number('speed', { min: 0, max: 10 })).toBe(2.5);
  expect(args.positionals).toEqual(['town']);
});

test.each([
  [
    'an unknown option',
    ['town', '--opne', 'x'],
    'relight plan knows no option --opne; did you mean --open?',
  ],
  ['a missing value', ['town', '--open'], '--open expects ID'],
  ['a flag with a value', ['town', '--no-transfer=1'], '--no-transfer takes no value'],
  ['a missing grid', [], 'relight plan expects GRID'],
  ['a second grid', ['town', 'city'], 'relight plan does not expect "city"'],
])('%s is refused with one clear line', (_, words, message) => {
  expect(() => parse(...words)).toThrow(new CliError('RL-001', message));
});

test.each(['fast', '', '11', 'NaN'])('the speed "%s" is refused', (speed) => {
  const args = parse('town', `--speed=${speed}`);
  expect(() => args.number('speed', { min: 0, max: 10 })).toThrow(
    `--speed expects a number from 0 to 10, got "${speed}"`,
  );
});
