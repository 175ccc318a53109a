import { readdirSync, readFileSync } from 'node:fs';

// The processes of this machine, as Linux shows them.

function allPids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** A file of a process; empty if it has ended while we looked. */
function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

/** Program and arguments, a space between them. */
export function commandLineOf(pid: number): string {
  return read(pid, 'cmdline').split('\0').join(' ').trim();
}

/** The processes whose command line has all of these words. */
export function processesWith(...words: readonly string[]): number[] {
  return allPids().filter((pid) => words.every((word) => commandLineOf(pid).includes(word)));
}

/** Processes whose ancestor is the given one, itself included. */
export function family(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const each of allPids()) {
    const stat = read(each, 'stat');
    if (stat !== '') parents.set(each, Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const found = [pid];
  for (const member of found) {
    for (const [child, parent] of parents) if (parent === member) found.push(child);
  }
  return found;
}

/** False for one that has ended and only waits for its parent to notice. */
export function isRunning(pid: number): boolean {
  const stat = read(pid, 'stat');
  return stat !== '' && !stat.includes(') Z ');
}
