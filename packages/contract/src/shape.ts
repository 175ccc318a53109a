import { z } from 'zod';
import type { FileIssue } from './grid-file.ts';
import { nearestWord } from './nearest-word.ts';

/** What a shape check found; `value` is null when there is any issue. */
export interface ShapeCheck<Value> {
  readonly value: Value | null;
  readonly issues: readonly FileIssue[];
  /** Fields nobody reads, each with the field that may have been meant. */
  readonly warnings: readonly FileIssue[];
}

/**
 * Checks untrusted JSON against a schema and says every problem in plain words: where (path
 * like `lines[3].from`, `$` for the whole), what was expected, what was found.
 */
export function checkShape<Value>(schema: z.ZodType<Value>, json: unknown): ShapeCheck<Value> {
  const parsed = schema.safeParse(json);
  const warnings: FileIssue[] = [];
  findUnknownFields(schema, json, '', warnings);
  if (parsed.success) return { value: parsed.data, issues: [], warnings };
  const issues = parsed.error.issues.flatMap((issue) => plainIssue(issue, json));
  return { value: null, issues, warnings };
}

/** A JSON path as people write it: `lines[3].from`; `$` for the whole document. */
export function pathText(path: readonly PropertyKey[]): string {
  let text = '';
  for (const key of path) {
    if (typeof key === 'number') text += `[${key}]`;
    else text = memberOf(text, String(key));
  }
  return text === '' ? '$' : text;
}

/** A field with an empty name is still told where it stands. */
function memberOf(path: string, key: string): string {
  const name = key === '' ? '""' : key;
  return path === '' ? name : `${path}.${name}`;
}

/** A found value in few words. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') {
    return value.length > 60 ? `${JSON.stringify(value.slice(0, 57))}…` : JSON.stringify(value);
  }
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : 'an object';
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
};

function plainIssue(issue: z.core.$ZodIssue, json: unknown): FileIssue[] {
  const path = pathText(issue.path);
  const got = valueAt(json, issue.path);
  const say = (expected: string): FileIssue[] => [
    {
      path,
      message:
        got === undefined
          ? `is missing; expected ${expected}`
          : `expected ${expected}, got ${shown(got)}`,
    },
  ];
  switch (issue.code) {
    case 'invalid_type':
      return say(TYPE_WORDS[issue.expected] ?? issue.expected);
    case 'invalid_value':
      return say(choice(issue.values, got));
    case 'too_small':
      return say(atLeast(issue));
    case 'too_big':
      return say(atMost(issue));
    case 'invalid_format':
      return say(issue.format === 'datetime' ? 'a time like 2026-11-21T03:04:05Z' : issue.format);
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: pathText([...issue.path, key]),
        message: 'unknown field; expected only the fields of the format',
      }));
    case 'invalid_union':
      return say('one of the shapes the format allows');
    default:
      return [{ path, message: issue.message }];
  }
}

function choice(values: readonly unknown[], got: unknown): string {
  const words = values.map((value) => shown(value));
  const list = words.length === 1 ? (words[0] ?? '') : `one of ${words.join(', ')}`;
  if (typeof got !== 'string' || values.length === 1) return list;
  const near = nearestWord(
    got,
    values.filter((value) => typeof value === 'string'),
  );
  return near === null ? list : `${list} (did you mean ${shown(near)}?)`;
}

function atLeast(issue: z.core.$ZodIssueTooSmall): string {
  if (issue.origin === 'string') return 'a text that is not empty';
  if (issue.origin === 'array') return `a list of at least ${issue.minimum} entries`;
  return `a number ${issue.inclusive === true ? 'of at least' : 'greater than'} ${issue.minimum}`;
}

function atMost(issue: z.core.$ZodIssueTooBig): string {
  if (issue.origin === 'string') return `a text of at most ${issue.maximum} characters`;
  if (issue.origin === 'array') return `a list of at most ${issue.maximum} entries`;
  return `a number ${issue.inclusive === true ? 'of at most' : 'less than'} ${issue.maximum}`;
}

function valueAt(json: unknown, path: readonly PropertyKey[]): unknown {
  let value = json;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

function findUnknownFields(
  schema: z.core.$ZodType,
  json: unknown,
  path: string,
  warnings: FileIssue[],
): void {
  if (schema instanceof z.ZodOptional) {
    findUnknownFields(schema.unwrap(), json, path, warnings);
  } else if (schema instanceof z.ZodArray) {
    if (!Array.isArray(json)) return;
    json.forEach((item, i) => findUnknownFields(schema.element, item, `${path}[${i}]`, warnings));
  } else if (schema instanceof z.ZodObject) {
    if (typeof json !== 'object' || json === null || Array.isArray(json)) return;
    const shape: Readonly<Record<string, z.core.$ZodType>> = schema.shape;
    for (const [key, value] of Object.entries(json)) {
      const member = Object.hasOwn(shape, key) ? shape[key] : undefined;
      const memberPath = memberOf(path, key);
      if (member !== undefined) findUnknownFields(member, value, memberPath, warnings);
      else if (schema.def.catchall === undefined) {
        const near = nearestWord(key, Object.keys(shape));
        const hint = near === null ? '' : `; did you mean "${near}"?`;
        warnings.push({ path: memberPath, message: `unknown field, ignored${hint}` });
      }
    }
  }
}
