import { expect, test } from 'vitest';
import { createLog } from './log.ts';

function linesOf(write: (log: ReturnType<typeof createLog>) => void): string[] {
  const lines: string[] = [];
  write(createLog('debug', { write: (line) => void lines.push(line) }));
  return lines;
}

const SECRET = 'S3cr3tValue_that_must_not_be_seen_anywhere_0123456789';

test('a secret reaches no line of the log, in whatever form it is handed over', () => {
  const lines = linesOf((log) => {
    log.info({ password: SECRET }, 'x');
    log.info({ body: { user: 'lan', deep: { password: `a"b\\${SECRET}` } } }, 'x');
    log.info(
      { req: { headers: { cookie: `relight_7480=${SECRET}`, authorization: SECRET } } },
      'x',
    );
    log.info({ headers: { 'X-Relight-CSRF': SECRET, 'set-cookie': SECRET } }, 'x');
    log.info(`GET /?token=${SECRET} from a browser`);
    log.info({ url: `/?a=1&token=${SECRET}&b=2` }, 'x');
    log.error(new Error(`refused: Authorization: Bearer ${SECRET}`));
    log.warn({ cookies: `a=1; __Host-relight=${SECRET}; b=2` }, 'x');
    log.info(`made relight_${SECRET}`);
    log.info({ row: `$argon2id$v=19$m=19456,t=2,p=1$${SECRET}` }, 'x');
    log.child({ token: SECRET }).info('x');
  });
  expect(lines).toHaveLength(11);
  expect(lines.filter((line) => line.includes(SECRET))).toEqual([]);
});

test('a line stays JSON, and what is no secret stays as it was', () => {
  const [line = ''] = linesOf((log) =>
    log.info({ command: 'C1', incident: 'SC-2', token: 'x"y', by: 'lan' }, 'command'),
  );
  expect(JSON.parse(line)).toMatchObject({
    command: 'C1',
    incident: 'SC-2',
    token: '…',
    by: 'lan',
    msg: 'command',
  });
});
