import { nearestWord } from '@relight/contract';
import { CliError } from './cli-error.ts';

/** One option of a verb: a flag, one value, or several (`--open A B --open C`). */
export interface OptionSpec {
  readonly kind: 'flag' | 'one' | 'many';
  /** Name of the value in the help text. */
  readonly value?: string;
  readonly help: string;
}

export interface ArgumentSpec {
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** Names of the arguments without a dash, in order; a last `?` makes one optional. */
  readonly positionals: readonly string[];
}

export class Arguments {
  readonly positionals: readonly string[];
  readonly #values: ReadonlyMap<string, readonly string[]>;

  constructor(positionals: readonly string[], values: ReadonlyMap<string, readonly string[]>) {
    this.positionals = positionals;
    this.#values = values;
  }

  has(option: string): boolean {
    return this.#values.has(option);
  }

  /** Last value given wins. */
  one(option: string): string | undefined {
    return this.#values.get(option)?.at(-1);
  }

  many(option: string): readonly string[] {
    return this.#values.get(option) ?? [];
  }

  /** A number within bounds, or the default. */
  number(
    option: string,
    bounds: { readonly min: number; readonly max: number; readonly whole?: boolean },
  ): number | undefined {
    const text = this.one(option);
    if (text === undefined) return undefined;
    const number = Number(text);
    const whole = bounds.whole === true;
    if (
      text.trim() === '' ||
      !(number >= bounds.min && number <= bounds.max) ||
      (whole && !Number.isInteger(number))
    ) {
      const range = `${bounds.min} to ${bounds.max}`;
      throw new CliError(
        'RL-001',
        `--${option} expects a ${whole ? 'whole ' : ''}number from ${range}, got "${text}"`,
      );
    }
    return number;
  }
}

/**
 * Splits the words after the verb. `--name=value` and `--name value` both work; a `many` option
 * takes every word up to the next option; `--` ends the options.
 * @throws CliError RL-001 for an unknown option, a missing value, a missing or surplus argument.
 */
export function parseArguments(
  verb: string,
  spec: ArgumentSpec,
  words: readonly string[],
): Arguments {
  const values = new Map<string, string[]>();
  const positionals: string[] = [];
  let onlyPositionals = false;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    if (onlyPositionals || !word.startsWith('-') || word === '-') {
      positionals.push(word);
      continue;
    }
    if (word === '--') {
      onlyPositionals = true;
      continue;
    }
    const equals = word.indexOf('=');
    const name = (equals < 0 ? word : word.slice(0, equals)).replace(/^--?/, '');
    const option = Object.hasOwn(spec.options, name) ? spec.options[name] : undefined;
    if (option === undefined || !word.startsWith('--')) {
      const near = nearestWord(name, Object.keys(spec.options));
      const hint = near === null ? '' : `; did you mean --${near}?`;
      throw new CliError('RL-001', `relight ${verb} knows no option ${word}${hint}`);
    }
    const list = values.get(name) ?? [];
    values.set(name, list);
    if (equals >= 0) {
      if (option.kind === 'flag') throw new CliError('RL-001', `--${name} takes no value`);
      list.push(word.slice(equals + 1));
      continue;
    }
    if (option.kind === 'flag') continue;
    const before = list.length;
    while (i + 1 < words.length && !isOption(words[i + 1] ?? '')) {
      i++;
      list.push(words[i] ?? '');
      if (option.kind === 'one') break;
    }
    if (list.length === before) {
      throw new CliError('RL-001', `--${name} expects ${option.value ?? 'a value'}`);
    }
  }
  checkPositionals(verb, spec, positionals);
  return new Arguments(positionals, values);
}

function isOption(word: string): boolean {
  // A negative number is a value.
  return word.startsWith('-') && word !== '-' && !/^-\d/.test(word);
}

function checkPositionals(verb: string, spec: ArgumentSpec, given: readonly string[]): void {
  const missing = spec.positionals.slice(given.length).find((name) => !name.endsWith('?'));
  if (missing !== undefined) {
    throw new CliError('RL-001', `relight ${verb} expects ${missing}`);
  }
  const surplus = given[spec.positionals.length];
  if (surplus !== undefined) {
    throw new CliError('RL-001', `relight ${verb} does not expect "${surplus}"`);
  }
}
