/**
 * Writes the documents that are made from code. `npm run docs` writes them, a test says when
 * one is out of date.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ERROR_CODES, fileFormatSchemas } from '@relight/contract';

/** Path from the root and content of every generated document. */
export function generatedDocuments(): readonly {
  readonly path: string;
  readonly content: string;
}[] {
  const schemas = Object.entries(fileFormatSchemas()).map(([name, schema]) => ({
    path: `docs/schemas/${name}.schema.json`,
    content: `${JSON.stringify(schema, null, 2)}\n`,
  }));
  return [{ path: 'docs/errors.md', content: errorsPage() }, ...schemas];
}

function errorsPage(): string {
  const rows = Object.entries(ERROR_CODES).map(
    ([code, { title, next }]) => `| \`${code}\` | ${title} | ${next} |`,
  );
  return [
    '# Errors',
    '',
    'Every error a user can meet has a code that never changes its meaning. On the command line it',
    'stands on standard error as `RL-nnn: what happened. What to do next.`; over REST it is the',
    '`code` of the answer. This page is generated from `packages/contract/src/error-codes.ts` by',
    '`npm run docs`.',
    '',
    '| Code | What it means | What to do next |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..');
  for (const { path, content } of generatedDocuments()) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    console.log(path);
  }
}
