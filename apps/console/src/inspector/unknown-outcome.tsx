import { useState } from 'react';
import { Button, Label, Radio, RadioGroup } from 'react-aria-components';
import type { CommandView } from '@relight/contract';
import { useApp, useLive, useSession, useSpeech } from '../app-context.ts';
import { Confirm } from '../parts/confirm.tsx';
import { Icon } from '../parts/icons.tsx';
import { NoteInput } from '../parts/note-input.tsx';
import { mayDo } from '../people/session-store.ts';
import { deviceName } from '../store/grid-book.ts';
import type { LiveState } from '../store/live-store.ts';
import { clearUnknown } from '../store/rest.ts';

const SEEN = ['asWanted', 'asBefore'] as const;

/** The command to a device of which nobody knows what came of it; undefined: none. */
export function unknownCommandOn(live: LiveState, equipment: string): CommandView | undefined {
  return [...live.commands.values()].find(
    (command) => command.equipment === equipment && command.state === 'unknown',
  );
}

/**
 * An outcome nobody knows blocks its device until it is read, or until two people say where it
 * stands, seen at the site. Nothing here sends anything to the device.
 */
export function UnknownOutcome({ id }: { readonly id: string }) {
  const { book } = useApp();
  const { t, say, time } = useSpeech();
  const command = useLive((state) => unknownCommandOn(state, id));
  const waiting = useLive((state) =>
    [...state.approvals.values()].find(
      ({ about, what, state: stands }) =>
        what === 'clearUnknown' && about === command?.id && stands === 'waiting',
    ),
  );
  const may = mayDo(useSession(), 'command');
  const lost = useLive((state) => state.status !== 'live');
  const [asking, setAsking] = useState(false);
  const [seen, setSeen] = useState<(typeof SEEN)[number] | null>(null);
  const [reason, setReason] = useState('');
  if (command === undefined) return null;
  const operation = t(`operation.${command.operation}`);
  return (
    <section className="faceplate unknown-outcome" data-testid="unknown-outcome">
      <h2>
        <Icon name="priority-1" /> {t('unknown.title')}
      </h2>
      <p>
        {t('unknown.what', { operation, who: command.by, time: time(command.requestedAt_ms) })}
        {command.reason !== null && ` · ${say(command.reason)}`}
      </p>
      <p className="dim">{t('unknown.blocked')}</p>
      {waiting !== undefined ? (
        <p data-testid="unknown-waits">
          <Icon name="wait" /> {t('tags.waits')}
        </p>
      ) : asking ? (
        <Confirm
          testId="unknown-confirm"
          title={t('unknown.formTitle', { device: deviceName(book, id) })}
          confirm={t('tags.askSecond')}
          isDisabled={seen === null || reason.trim().length < 3}
          action={async () => {
            if (seen !== null) await clearUnknown(command.id, { seen, reason: reason.trim() });
          }}
          onClose={() => setAsking(false)}
        >
          <RadioGroup
            className="choices"
            value={seen}
            onChange={(value) => setSeen(SEEN.find((s) => s === value) ?? null)}
          >
            <Label>{t('unknown.seen')}</Label>
            {SEEN.map((value) => (
              <Radio key={value} value={value} className="choice" data-testid={`seen-${value}`}>
                {t(`unknownSeen.${value}`, { operation })}
              </Radio>
            ))}
          </RadioGroup>
          <NoteInput
            label={t('unknown.reason')}
            value={reason}
            onChange={setReason}
            maxLength={500}
            testId="unknown-reason"
          />
        </Confirm>
      ) : (
        <div className="commands">
          <Button
            className="btn"
            data-testid="unknown-clear"
            isDisabled={!may || lost}
            onPress={() => setAsking(true)}
          >
            {t('unknown.clear')}…
          </Button>
        </div>
      )}
    </section>
  );
}
