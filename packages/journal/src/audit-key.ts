import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const PRIVATE_FILE = 'audit-key.pem';
/** The public half; keep a copy of it where nobody who can write the journal can write. */
const PUBLIC_FILE = 'audit-key.pub.pem';
const ONLY_OWNER = 0o600;

/**
 * The Ed25519 key a journal directory signs its heads with, made at the first start.
 * @throws Error when the file cannot be read or made, or holds another kind of key.
 */
export function openAuditKey(directory: string): KeyObject {
  const path = join(directory, PRIVATE_FILE);
  if (!existsSync(path)) {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    writeNew(path, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), ONLY_OWNER);
    writeNew(
      join(directory, PUBLIC_FILE),
      publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      0o644,
    );
  }
  const key = createPrivateKey(readFileSync(path));
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`${path} holds no Ed25519 key`);
  return key;
}

/** The public key of a directory; null where it has none. */
export function publicAuditKey(directory: string): KeyObject | null {
  const path = join(directory, PUBLIC_FILE);
  return existsSync(path) ? createPublicKey(readFileSync(path)) : null;
}

/** Files of the key that a backup takes along. */
export const AUDIT_KEY_FILES: readonly string[] = [PRIVATE_FILE, PUBLIC_FILE];

function writeNew(path: string, text: string, mode: number): void {
  const file = openSync(path, 'wx', mode);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
