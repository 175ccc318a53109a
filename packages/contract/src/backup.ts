import { z } from 'zod';

/** `backup.json`: what a backup of a journal folder holds, and the SHA-256 of each file, hex. */
export const BackupManifest = z.object({
  format: z.literal('relight-backup/1'),
  /** When it was begun: what was written later is not in it. */
  at_ms: z.number(),
  /** Records of the audit journal in it. */
  records: z.int().nonnegative(),
  files: z.record(z.string(), z.string()),
});
export type BackupManifest = z.infer<typeof BackupManifest>;

/** `restored.json` in a restored journal folder, until a control centre has started on it. */
export const RestoredMark = z.object({ backup_ms: z.number(), restored_ms: z.number() });
export type RestoredMark = z.infer<typeof RestoredMark>;
