import { useState } from 'react';
import { Button } from 'react-aria-components';
import { useApp, useLive, useSession, useSpeech } from '../app-context.ts';
import { Confirm } from '../parts/confirm.tsx';
import { NoteInput } from '../parts/note-input.tsx';
import { TickBox } from '../parts/tick-box.tsx';
import { mayDo } from '../people/session-store.ts';
import { deviceName } from '../store/grid-book.ts';
import { adoptNormal } from '../store/rest.ts';

/**
 * Makes the present positions of switches the normal ones: every later plan leads there, so it is
 * asked with a reason, and a second person agrees. All are ticked at first, for mostly the whole
 * open point has moved; the server says what speaks against it.
 */
export function AdoptNormal({ switches }: { readonly switches: readonly string[] }) {
  const { book } = useApp();
  const { t, num } = useSpeech();
  const may = mayDo(useSession(), 'decide');
  const live = useLive((state) => state.switches);
  const waits = useLive((state) =>
    [...state.approvals.values()].some(
      ({ what, state: now }) => what === 'adoptNormal' && now === 'waiting',
    ),
  );
  const [asking, setAsking] = useState(false);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [reason, setReason] = useState('');
  if (switches.length === 0) return null;
  const named = switches.filter((id) => chosen.has(id)).sort();
  if (!asking)
    return (
      <div className="commands adopt">
        <Button
          className="btn"
          data-testid="adopt-open"
          isDisabled={!may || waits}
          onPress={() => {
            setChosen(new Set(switches));
            setReason('');
            setAsking(true);
          }}
        >
          {t('adopt.open')}
        </Button>
        {waits && <span className="dim">{t('adopt.waits')}</span>}
      </div>
    );
  return (
    <Confirm
      title={t('adopt.title')}
      confirm={t('adopt.now', { n: num(named.length) })}
      danger
      testId="adopt-confirm"
      isDisabled={named.length === 0 || reason.trim().length < 3}
      action={() => adoptNormal(named, reason.trim())}
      onClose={() => setAsking(false)}
    >
      <p>{t('adopt.effect')}</p>
      <fieldset className="ticks one-column">
        <legend>{t('adopt.which')}</legend>
        {switches.map((id) => {
          const position = live.get(id)?.position;
          return (
            <TickBox
              key={id}
              isSelected={chosen.has(id)}
              onChange={(on) =>
                setChosen(new Set(on ? [...chosen, id] : [...chosen].filter((each) => each !== id)))
              }
              testId={`adopt-${id}`}
            >
              <span>
                {deviceName(book, id)}{' '}
                <span className="dim">
                  {position === null || position === undefined ? '–' : t(`position.${position}`)}
                </span>
              </span>
            </TickBox>
          );
        })}
      </fieldset>
      <NoteInput
        label={t('adopt.reason')}
        value={reason}
        onChange={setReason}
        maxLength={500}
        testId="adopt-reason"
      />
      <p className="dim">{t('adopt.second')}</p>
    </Confirm>
  );
}
