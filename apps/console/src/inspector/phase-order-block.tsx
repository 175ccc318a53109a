import { useState } from 'react';
import { Button } from 'react-aria-components';
import { useApp, useLive, useSession, useSpeech } from '../app-context.ts';
import { ConfirmationFields } from '../incident/repair-answer.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { NoteInput } from '../parts/note-input.tsx';
import { mayDo } from '../people/session-store.ts';
import { sectionOf } from '../scene/section-index.ts';
import { reportPhaseOrder } from '../store/rest.ts';

/** Joined conductors of a section: in doubt, and who confirms; or that somebody has joined some. */
export function PhaseOrderBlock({ node }: { readonly node: string }) {
  const { book, live } = useApp();
  const { t, time } = useSpeech();
  const may = mayDo(useSession(), 'decide');
  const sections = useLive((state) => state.sections);
  const [asking, setAsking] = useState(false);
  const [by, setBy] = useState('');
  const [how, setHow] = useState('');
  const section = sections.size === 0 ? undefined : sectionOf(book, live.get(), node);
  if (section === undefined) return null;
  const doubt = section.phaseUnconfirmed;
  const isSaid = how.trim().length >= 3 && (doubt === undefined || by.trim().length >= 2);
  const title = t(doubt === undefined ? 'phase.joinTitle' : 'phase.confirmTitle', {
    section: section.name,
  });
  return (
    <section className="block phase-order" data-testid="phase-order">
      {doubt !== undefined && (
        <p className="bad" data-testid="phase-unconfirmed">
          {t('phase.state', { name: doubt.byName, time: time(doubt.at_ms), text: doubt.text })}
        </p>
      )}
      {asking ? (
        <Confirm
          testId="phase-confirm"
          title={title}
          confirm={t(doubt === undefined ? 'phase.joinNow' : 'phase.confirmNow')}
          isDisabled={!isSaid}
          action={() =>
            reportPhaseOrder(
              section.id,
              doubt === undefined
                ? { state: 'unconfirmed', text: how.trim() }
                : { state: 'confirmed', by: by.trim(), how: how.trim() },
            )
          }
          onClose={() => setAsking(false)}
        >
          <p>{t(doubt === undefined ? 'phase.joinNote' : 'phase.confirmNote')}</p>
          {doubt === undefined ? (
            <NoteInput
              label={t('phase.what')}
              value={how}
              onChange={setHow}
              maxLength={500}
              testId="phase-what"
            />
          ) : (
            <ConfirmationFields
              by={by}
              how={how}
              onChange={(change) => {
                if (change.by !== undefined) setBy(change.by);
                if (change.how !== undefined) setHow(change.how);
              }}
            />
          )}
        </Confirm>
      ) : (
        <Button
          className="btn"
          data-testid={doubt === undefined ? 'phase-join' : 'phase-open'}
          isDisabled={!may}
          onPress={() => {
            setBy('');
            setHow('');
            setAsking(true);
          }}
        >
          {t(doubt === undefined ? 'phase.join' : 'phase.open')}
        </Button>
      )}
    </section>
  );
}
