import { CliError } from './cli-error.ts';

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const BACKSPACE = ['\u0008', '\u007F'];

/**
 * A secret from the keyboard, without showing it, asked for twice; from a pipe the first line. It
 * never comes from the command line: arguments stand in the list of processes and in the history.
 * @throws CliError RL-046 where nothing comes or the two differ.
 */
export async function readSecret(what: string, ask: (text: string) => void): Promise<string> {
  if (!process.stdin.isTTY) return firstLine();
  const first = await typed(`${what}: `, ask);
  const second = await typed(`${what}, again: `, ask);
  if (first !== second) throw new CliError('RL-046', 'the two do not agree');
  return first;
}

async function firstLine(): Promise<string> {
  let text = '';
  process.stdin.setEncoding('utf8');
  for await (const chunk of process.stdin) {
    text += String(chunk);
    if (text.includes('\n')) break;
  }
  const [line = ''] = text.split(/\r?\n/);
  if (line === '') throw new CliError('RL-046', 'no password came on standard input');
  return line;
}

function typed(prompt: string, ask: (text: string) => void): Promise<string> {
  const { stdin } = process;
  ask(prompt);
  stdin.setRawMode(true);
  stdin.setEncoding('utf8');
  stdin.resume();
  return new Promise((resolve, reject) => {
    let text = '';
    const end = (action: () => void): void => {
      stdin.off('data', hear);
      stdin.setRawMode(false);
      stdin.pause();
      ask('\n');
      action();
    };
    const hear = (chunk: string): void => {
      for (const key of chunk) {
        if (key === '\r' || key === '\n') return end(() => resolve(text));
        if (key === CTRL_C || key === CTRL_D) {
          return end(() => reject(new CliError('RL-046', 'given up')));
        }
        text = BACKSPACE.includes(key) ? text.slice(0, -1) : text + key;
      }
    };
    stdin.on('data', hear);
  });
}
