import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { IncidentView, WayBackView } from '@relight/contract';
import { useApp, useLive, useSession, useSpeech } from '../app-context.ts';
import { Confirm } from '../parts/confirm.tsx';
import { Icon } from '../parts/icons.tsx';
import { NoteInput } from '../parts/note-input.tsx';
import { TickBox } from '../parts/tick-box.tsx';
import { mayDo } from '../people/session-store.ts';
import { deviceName } from '../store/grid-book.ts';
import { askWayBack } from '../store/rest.ts';

/** Why, and whether customers may be off for a moment: nothing is switched by it yet. */
function Asking({
  incident,
  onClose,
}: {
  readonly incident: string;
  readonly onClose: () => void;
}) {
  const { t } = useSpeech();
  const [reason, setReason] = useState('');
  const [mayInterrupt, setMayInterrupt] = useState(false);
  return (
    <Confirm
      testId="way-back-confirm"
      title={t('wayBack.formTitle')}
      confirm={t('wayBack.now')}
      isDisabled={reason.trim().length < 3}
      action={() => askWayBack(incident, { reason: reason.trim(), mayInterrupt })}
      onClose={onClose}
    >
      <p>{t('wayBack.effect')}</p>
      <NoteInput
        label={t('wayBack.reason')}
        value={reason}
        onChange={setReason}
        maxLength={500}
        testId="way-back-reason"
      />
      <TickBox isSelected={mayInterrupt} onChange={setMayInterrupt} testId="way-back-interrupt">
        {t('wayBack.mayInterrupt')}
      </TickBox>
    </Confirm>
  );
}

/** What has to be done first, each with the next thing to do. */
function Missing({ missing }: Pick<WayBackView, 'missing'>) {
  const { t, say } = useSpeech();
  if (missing.length === 0) return null;
  return (
    <ul className="plain-list" data-testid="way-back-missing">
      {missing.map(({ kind, text, next }) => (
        <li key={`${kind} ${text.vi}`} data-testid={`way-back-${kind}`}>
          <Icon name="cross" size="s12" label={t('dialog.gateUnmet')} />
          <span>
            {say(text)} <span className="dim">→ {say(next)}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}

/**
 * The way back to the normal state after the repair: what is off its normal position, what still
 * stands in the way, and the wish for a plan. The plan itself is shown, approved and followed like
 * any other. Where nothing is to be moved back, nothing stands here.
 */
export function WayBackBlock({ incident }: { readonly incident: IncidentView }) {
  const { book, ui } = useApp();
  const { t, num, time } = useSpeech();
  const may = mayDo(useSession(), 'decide');
  const lost = useLive((state) => state.status !== 'live');
  const [asking, setAsking] = useState(false);
  const { wayBack } = incident;
  if (wayBack === undefined) return null;
  const { offered, missing, offNormal, asked } = wayBack;
  return (
    <section className="block way-back" data-testid="way-back">
      <h2>
        <span>{t('wayBack.title')}</span>{' '}
        <span className="dim">{t('wayBack.offNormal', { n: num(offNormal.length) })}</span>
      </h2>
      <p className="way-back-switches">
        {offNormal.map((each) => (
          <button
            key={each.switch}
            type="button"
            className="link dev"
            onClick={() => ui.select({ kind: 'symbol', id: each.switch })}
          >
            {deviceName(book, each.switch)} → {t(`wayBackTo.${each.normal}`)}
          </button>
        ))}
      </p>
      {asked !== null && (
        <p className="dim" data-testid="way-back-asked">
          {t('wayBack.askedBy', { name: asked.by })}{' '}
          <span className="time">{time(asked.at_ms)}</span>
          {': '}
          {asked.reason}
          {asked.mayInterrupt && ` · ${t('wayBack.interrupts')}`}
        </p>
      )}
      <Missing missing={missing} />
      {asking && offered ? (
        <Asking incident={incident.id} onClose={() => setAsking(false)} />
      ) : (
        (offered || asked === null) && (
          <Button
            className="btn"
            data-testid="way-back-ask"
            isDisabled={!may || lost || !offered}
            onPress={() => setAsking(true)}
          >
            {t(asked === null ? 'wayBack.ask' : 'wayBack.askAgain')}
          </Button>
        )
      )}
    </section>
  );
}
