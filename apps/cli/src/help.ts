import type { VerbEntry } from './verbs.ts';
import type { OptionSpec } from './parse-arguments.ts';
import type { Verb } from './verb.ts';

export function overview(verbs: readonly VerbEntry[]): string {
  const width = Math.max(...verbs.map((verb) => verb.name.length));
  const lines = verbs.map((verb) => `  ${verb.name.padEnd(width)}  ${verb.summary}`);
  return [
    'relight: finds, isolates and restores faults in a distribution grid',
    '',
    'Usage: relight VERB [arguments] [--json] [--help]',
    '',
    ...lines,
    '',
    'GRID is a path or the name of a seed grid. --json prints exactly one JSON document on',
    'standard output. Exit codes: 0 done, 1 the answer is no, 2 wrong use or unknown id.',
    '`relight VERB --help` tells more, `relight --version` which version this is.',
  ].join('\n');
}

export function verbHelp(entry: VerbEntry, verb: Verb): string {
  const specs: Record<string, OptionSpec> = {
    ...verb.arguments.options,
    json: { kind: 'flag', help: 'print one JSON document on standard output' },
    help: { kind: 'flag', help: 'print this' },
  };
  const options = Object.entries(specs).map(([name, option]) => {
    const value = option.value === undefined ? '' : ` ${option.value}`;
    const more = option.kind === 'many' ? '…' : '';
    return { left: `--${name}${value}${more}`, help: option.help };
  });
  const width = Math.max(...options.map((option) => option.left.length));
  return [
    `Usage: relight ${entry.name} ${entry.usage}`,
    '',
    verb.description,
    '',
    ...options.map((option) => `  ${option.left.padEnd(width)}  ${option.help}`),
  ].join('\n');
}
