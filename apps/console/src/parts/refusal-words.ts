import type { Speech } from '../app-context.ts';
import { RequestRefused } from '../store/rest.ts';

/** Why a request was not done, in the language of the window, with the code to look up. */
export function refusalWords({ t, say }: Pick<Speech, 't' | 'say'>, error: unknown): string {
  return error instanceof RequestRefused
    ? `${error.text === null ? error.message : say(error.text)} (${error.code})`
    : t('error.unreachable');
}
