import { fail, ok } from '@relight/foundation';
import type { Result } from '@relight/foundation';
import type { FileIssue } from './grid-file.ts';

/**
 * Parses JSON text. A syntax error becomes one issue whose path is `line L, column C` (both
 * from 1), because the engine's own message does not always say where.
 */
export function parseJsonText(text: string): Result<unknown, FileIssue> {
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
  try {
    return ok(JSON.parse(body) as unknown);
  } catch {
    const error = findSyntaxError(body);
    const before = body.slice(0, error.offset);
    const line = before.split('\n').length;
    const column = error.offset - (before.lastIndexOf('\n') + 1) + 1;
    const found =
      error.offset >= body.length
        ? 'the end of the text'
        : JSON.stringify(String.fromCodePoint(body.codePointAt(error.offset) ?? 0));
    return fail({
      path: `line ${line}, column ${column}`,
      message: `not valid JSON: expected ${error.expected}, got ${found}`,
    });
  }
}

interface SyntaxProblem {
  readonly offset: number;
  readonly expected: string;
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERAL = /true|false|null/y;
// A whole string: no bare control character, only known escapes.
const STRING = /"(?:[^"\\\p{Cc}]|[\u007F-\u009F]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;

/** Walks the text by the grammar of RFC 8259 without recursion and stops at the first offence. */
function findSyntaxError(text: string): SyntaxProblem {
  let at = 0;
  /** Open containers, innermost last. */
  const open: ('{' | '[')[] = [];
  let state: 'value' | 'valueOrEnd' | 'key' | 'keyOrEnd' | 'afterValue' = 'value';
  const skipSpace = (): void => {
    while (at < text.length && ' \t\n\r'.includes(text[at] ?? 'x')) at++;
  };
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    if (!pattern.test(text)) return false;
    at = pattern.lastIndex;
    return true;
  };
  for (;;) {
    skipSpace();
    const sign = text[at];
    const inner = open.at(-1);
    if (state === 'afterValue') {
      if (inner === undefined) return { offset: at, expected: 'nothing more' };
      const end = inner === '{' ? '}' : ']';
      if (sign === ',') {
        at++;
        state = inner === '{' ? 'key' : 'value';
      } else if (sign === end) {
        at++;
        open.pop();
      } else return { offset: at, expected: `"," or "${end}"` };
    } else if (state === 'key' || state === 'keyOrEnd') {
      if (state === 'keyOrEnd' && sign === '}') {
        at++;
        open.pop();
        state = 'afterValue';
        continue;
      }
      if (!take(STRING)) return { offset: at, expected: 'a field name in double quotes' };
      skipSpace();
      if (text[at] !== ':') return { offset: at, expected: '":"' };
      at++;
      state = 'value';
    } else if (state === 'valueOrEnd' && sign === ']') {
      at++;
      open.pop();
      state = 'afterValue';
    } else if (sign === '{' || sign === '[') {
      at++;
      open.push(sign);
      state = sign === '{' ? 'keyOrEnd' : 'valueOrEnd';
    } else if (take(STRING) || take(LITERAL) || take(NUMBER)) {
      state = 'afterValue';
    } else {
      const what = sign === '"' ? 'a text with valid escapes, closed on its line' : 'a value';
      return { offset: at, expected: what };
    }
  }
}
