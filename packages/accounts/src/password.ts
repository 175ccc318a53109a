import { argon2, randomBytes, timingSafeEqual, type Argon2Parameters } from 'node:crypto';

/** Cost of one try: 19 MiB, two passes, one lane (the least OWASP recommends for argon2id). */
const COST = { memory: 19_456, passes: 2, parallelism: 1 } as const;
const SALT_BYTES = 16;
const TAG_BYTES = 32;
const SHORTEST = 10;

/** Words that stand in manuals and lists; nobody guards a switch with one. */
const DEFAULTS: ReadonlySet<string> = new Set([
  ...['admin', 'administrator', 'changeme', 'default', 'demo', 'guest', 'letmein', 'operator'],
  ...['password', 'relight', 'root', 'scada', 'secret', 'test', 'user', 'welcome', 'matkhau'],
  ...['qwerty', 'qwertyuiop', 'abcdefghij', 'iloveyou', '1234567890', '0123456789', '123456789'],
]);

/** True for what everybody tries first: a word of the manuals, with or without figures behind it. */
export function isDefaultSecret(text: string, user = ''): boolean {
  const plain = text.normalize('NFC').toLowerCase();
  const word = plain.replace(/[\d!@#$._-]+$/, '');
  return (
    DEFAULTS.has(plain) ||
    DEFAULTS.has(word) ||
    plain.length === 0 ||
    new Set(plain).size < 3 ||
    (user !== '' && (plain === user || word === user))
  );
}

/** Why a password is not taken, or null. Length counts, not a zoo of characters. */
export function passwordProblem(password: string, user: string): string | null {
  if (password.normalize('NFC').length < SHORTEST)
    return `a password needs at least ${SHORTEST} characters`;
  if (password.length > 200) return 'a password may have at most 200 characters';
  if (isDefaultSecret(password, user)) return 'this password is one that everybody tries first';
  return null;
}

interface Cost {
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

function derive(password: string, salt: Buffer, cost: Cost, tagLength: number): Promise<Buffer> {
  const parameters: Argon2Parameters = {
    ...cost,
    // The same word typed on two keyboards must be the same bytes.
    message: password.normalize('NFC'),
    nonce: salt,
    tagLength,
  };
  return new Promise((resolve, reject) => {
    argon2('argon2id', parameters, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

/** A password as it is kept: the usual string `$argon2id$v=19$m=…,t=…,p=…$salt$tag`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const tag = await derive(password, salt, COST, TAG_BYTES);
  const { memory, passes, parallelism } = COST;
  const text = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${text(salt)}$${text(tag)}`;
}

const KEPT = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;
/** Compared against where there is no such account, so that both answers take as long. */
let nobody: Promise<string> | null = null;

/**
 * Whether a password is the one kept. About 50 ms in the thread pool; an account that does not
 * exist (`null`) takes as long and is never right.
 */
export async function verifyPassword(password: string, kept: string | null): Promise<boolean> {
  nobody ??= hashPassword(randomBytes(16).toString('hex'));
  const match = KEPT.exec(kept ?? (await nobody));
  if (match === null) return false;
  const [, memory, passes, parallelism, salt = '', tag = ''] = match;
  const wanted = Buffer.from(tag, 'base64');
  const given = await derive(
    password,
    Buffer.from(salt, 'base64'),
    { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) },
    wanted.length,
  );
  return timingSafeEqual(given, wanted) && kept !== null;
}
