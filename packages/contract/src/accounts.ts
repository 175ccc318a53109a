import { z } from 'zod';
import { Role } from './people.ts';
import { Password, UserName } from './session.ts';

/** One row of GET /accounts; no password and no hash ever leaves the file. */
export const AccountView = z.object({
  user: UserName,
  name: z.string(),
  roles: z.array(Role),
  areas: z.array(z.string()).nullable(),
  disabled: z.boolean(),
  created_ms: z.number(),
});
export type AccountView = z.infer<typeof AccountView>;

/** A token of a program, without its secret. */
export const TokenView = z.object({
  id: z.string(),
  user: UserName,
  created_ms: z.number(),
  expires_ms: z.number(),
  revoked: z.boolean(),
});
export type TokenView = z.infer<typeof TokenView>;

/** An area of responsibility that can be given: a substation of the grid. */
export const AreaView = z.object({ id: z.string(), name: z.string() });
export type AreaView = z.infer<typeof AreaView>;

const Name = z.string().trim().min(1).max(100);
const Areas = z.array(z.string().min(1).max(200)).max(500).nullable();

export const NewAccount = z.strictObject({
  user: UserName,
  name: Name,
  roles: z.array(Role).min(1),
  areas: Areas,
  /** Absent for a program (role integration): it comes with a token. */
  password: Password.optional(),
});
export type NewAccount = z.infer<typeof NewAccount>;

export const SetRoles = z.strictObject({ roles: z.array(Role).min(1), areas: Areas });
export type SetRoles = z.infer<typeof SetRoles>;

export const SetPassword = z.strictObject({ password: Password });
export type SetPassword = z.infer<typeof SetPassword>;

export const SetDisabled = z.strictObject({ disabled: z.boolean() });
export type SetDisabled = z.infer<typeof SetDisabled>;

export const NewToken = z.strictObject({ life_days: z.int().min(1).max(3_650) });
export type NewToken = z.infer<typeof NewToken>;

/** The secret is in this answer and nowhere else. */
export const MadeToken = z.object({ id: z.string(), secret: z.string() });
export type MadeToken = z.infer<typeof MadeToken>;
