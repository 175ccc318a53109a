import { readFileSync } from 'node:fs';
import { CliError, EXIT_USAGE } from './cli-error.ts';
import { overview, verbHelp } from './help.ts';
import type { CliIo } from './verb.ts';
import { VERBS } from './verbs.ts';
import type { VerbEntry } from './verbs.ts';

const PROCESS_IO: CliIo = {
  out: (text) => process.stdout.write(`${text}\n`),
  err: (text) => process.stderr.write(`${text}\n`),
  environment: process.env,
};

/**
 * Runs one command line.
 * @returns The exit code: 0 done, 1 the answer is no, 2 wrong use or unknown id.
 */
export async function main(words: readonly string[], io: CliIo = PROCESS_IO): Promise<number> {
  const json = words.includes('--json');
  try {
    return await dispatch(words, io);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    await report(error, json, io);
    return error.exitCode;
  }
}

async function dispatch(words: readonly string[], io: CliIo): Promise<number> {
  const [first = '--help'] = words;
  if (first === '--help' || first === '-h' || first === 'help') {
    io.out(overview(VERBS));
    return words.length === 0 ? EXIT_USAGE : 0;
  }
  if (first === '--version' || first === '-V') {
    io.out(words.includes('--json') ? JSON.stringify({ version: version() }) : version());
    return 0;
  }
  const entry = await findVerb(words);
  const verb = await entry.load();
  const { parseArguments } = await import('./parse-arguments.ts');
  const rest = words.slice(entry.name.split(' ').length);
  if (rest.includes('--help') || rest.includes('-h')) {
    io.out(verbHelp(entry, verb));
    return 0;
  }
  const spec = {
    ...verb.arguments,
    options: { ...verb.arguments.options, json: { kind: 'flag', help: '' } as const },
  };
  return await verb.run(parseArguments(entry.name, spec, rest), io);
}

async function findVerb(words: readonly string[]): Promise<VerbEntry> {
  const entry = VERBS.find(({ name }) => {
    const parts = name.split(' ');
    return parts.every((part, i) => words[i] === part);
  });
  if (entry !== undefined) return entry;
  const { nearestWord } = await import('@relight/contract');
  const [first = '', second = ''] = words;
  const family = VERBS.filter(({ name }) => name.startsWith(`${first} `));
  const typed = family.length > 0 ? `${first} ${second}`.trim() : first;
  const near = nearestWord(
    typed,
    VERBS.map((verb) => verb.name),
  );
  const meant = near === null ? family.map(({ name }) => name) : [near];
  const hint =
    meant.length === 0 ? '' : `; did you mean ${meant.map((name) => `"${name}"`).join(' or ')}?`;
  throw new CliError('RL-001', `unknown verb "${typed}"${hint}`);
}

/** One line on standard error; with `--json` also the one document that was promised. */
async function report(error: CliError, json: boolean, io: CliIo): Promise<void> {
  const { ERROR_CODES } = await import('@relight/contract');
  const { next } = ERROR_CODES[error.code];
  const stop = /[.?!]$/.test(error.message) ? '' : '.';
  for (const line of error.details) io.err(line);
  io.err(`${error.code}: ${error.message}${stop} ${next}`);
  if (json) {
    const { code, message, details } = error;
    io.out(JSON.stringify({ error: { code, message, next, details } }));
  }
}

function version(): string {
  const file = new URL('../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
