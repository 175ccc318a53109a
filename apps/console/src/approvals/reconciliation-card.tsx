import { useState } from 'react';
import { useLive, useSession, useSpeech } from '../app-context.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { NoteInput } from '../parts/note-input.tsx';
import { mayDo } from '../people/session-store.ts';
import { reconcileTags } from '../store/rest.ts';

/**
 * While control is locked (after a restore, or with a damaged journal): two people compare tags
 * and earths with the field, each says what with; the second one lifts the lock.
 */
export function ReconciliationCard() {
  const { t, say, day, time } = useSpeech();
  const lock = useLive((state) => state.summary?.controlLock ?? null);
  const session = useSession();
  const [note, setNote] = useState('');
  const [refused, setRefused] = useState<string | null>(null);
  if (lock === null) return null;
  const { declared } = lock;
  // The same person is not a second one, nor is the same session; the server says so as well.
  const own = declared !== null && declared.by === session?.user;
  return (
    <section className="approvals" aria-label={t('reconcile.title')} data-testid="reconcile">
      <h2>{t('reconcile.title')}</h2>
      <div className="approval">
        <p>{say(lock.because)}</p>
        {lock.backup_ms !== null && (
          <p className="dim">
            {t('reconcile.backup', { time: `${day(lock.backup_ms)} ${time(lock.backup_ms)}` })}
          </p>
        )}
        <p>{t('reconcile.compare')}</p>
        {declared !== null && (
          <p data-testid="reconcile-declared">
            {t('reconcile.declared', { name: declared.by, time: time(declared.at_ms) })}:{' '}
            {declared.note}
          </p>
        )}
        {own ? (
          <p className="dim">{t('reconcile.waits')}</p>
        ) : (
          <>
            <NoteInput
              label={t('reconcile.note')}
              value={note}
              onChange={setNote}
              maxLength={1_000}
              testId="reconcile-note"
            />
            <div className="commands">
              <ActionButton
                testId="reconcile-declare"
                isDisabled={!mayDo(session, 'approve') || note.trim().length < 3}
                action={async () => {
                  await reconcileTags(note.trim());
                  setNote('');
                }}
                onRefused={setRefused}
              >
                {t(declared === null ? 'reconcile.declare' : 'reconcile.lift')}
              </ActionButton>
            </div>
          </>
        )}
        {refused !== null && (
          <p className="refusal" role="alert">
            {refused}
          </p>
        )}
      </div>
    </section>
  );
}
