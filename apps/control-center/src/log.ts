import { pino, type DestinationStream, type Logger } from 'pino';

/** Fields whose text is never written, at any depth. */
const SECRET_FIELDS =
  'password|current|next|token|secret|csrf|x-relight-csrf|authorization|cookie|set-cookie|hash';
const FIELD = new RegExp(`("(?:${SECRET_FIELDS})":)"(?:[^"\\\\]|\\\\.)*"`, 'gi');
/** Secrets by their shape, wherever in a text they stand. */
const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/([?&](?:token|password)=)[^&\s"\\]+/gi, '$1…'],
  [/(Bearer\s+)[^\s"\\]+/gi, '$1…'],
  [/((?:relight_\d+|__Host-relight)=)[^;\s"\\]+/g, '$1…'],
  [/relight_[A-Za-z0-9_-]{40,}/g, 'relight_…'],
  [/\$argon2id\$[^\s"\\]+/g, '$argon2id$…'],
];

/**
 * A line of the log without secrets: fields with such a name, and texts that look like one. The
 * last gate before the disk, so that no caller has to think of it.
 */
export function withoutSecrets(line: string): string {
  let clean = line.replaceAll(FIELD, '$1"…"');
  for (const [shape, instead] of SHAPES) clean = clean.replaceAll(shape, instead);
  return clean;
}

/** One JSON object a line; what belongs to a command or an incident carries their ids. */
export function createLog(level: string, destination: DestinationStream): Logger {
  return pino({ level, base: null }, { write: (line) => destination.write(withoutSecrets(line)) });
}
