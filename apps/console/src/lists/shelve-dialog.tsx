import { useEffect, useRef, useState } from 'react';
import { Button, Label, Radio, RadioGroup } from 'react-aria-components';
import type { AlarmView } from '@relight/contract';
import { useApp, useLive, useServerNow, useSession, useSpeech } from '../app-context.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { Icon } from '../parts/icons.tsx';
import { NoteInput } from '../parts/note-input.tsx';
import { deviceName } from '../store/grid-book.ts';
import { shelveAlarm, takeOutOfService } from '../store/rest.ts';

const MINUTES = ['30', '60', '240', '480'] as const;
const REASONS = ['chattering', 'testing', 'known', 'other'] as const;

interface Props {
  readonly alarm: AlarmView;
  readonly how: 'shelve' | 'outOfService';
  readonly onClose: () => void;
}

/** Puts an alarm aside, with a reason everybody sees; a shelved one comes back by itself. */
export function ShelveDialog({ alarm, how, onClose }: Props) {
  const { book } = useApp();
  const { t, say, time } = useSpeech();
  const now = useServerNow();
  const user = useLive((state) => state.user);
  const session = useSession();
  const cancel = useRef<HTMLButtonElement>(null);
  const [minutes, setMinutes] = useState<(typeof MINUTES)[number]>('60');
  const [reason, setReason] = useState<(typeof REASONS)[number] | null>(null);
  const [note, setNote] = useState('');
  const [refused, setRefused] = useState<string | null>(null);
  useEffect(() => cancel.current?.focus(), []);
  const enough = reason !== null && (reason !== 'other' || note.trim().length >= 3);
  const words =
    reason === null || reason === 'other'
      ? note.trim()
      : [t(`shelve.${reason}`), note.trim()].filter((part) => part !== '').join('. ');
  const for_ms = Number(minutes) * 60_000;
  return (
    <section
      className="dialog"
      role="dialog"
      aria-labelledby="shelve-title"
      data-testid="shelve-dialog"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onClose();
      }}
    >
      <header>
        <h2 id="shelve-title">{t(how === 'shelve' ? 'shelve.title' : 'shelve.outTitle')}</h2>
        <p className="dim">
          <Icon name={`priority-${alarm.priority}`} />{' '}
          <span className="dev">{deviceName(book, alarm.equipment)}</span> {say(alarm.text)}
        </p>
      </header>
      <div className="body shelve-form">
        {how === 'shelve' && (
          <RadioGroup
            className="segments"
            value={minutes}
            onChange={(value) => setMinutes(MINUTES.find((m) => m === value) ?? '60')}
            orientation="horizontal"
          >
            <Label>{t('shelve.howLong')}</Label>
            <div className="segment-row">
              {MINUTES.map((value) => (
                <Radio key={value} value={value} className="segment">
                  {t(`shelve.${value}`)}
                </Radio>
              ))}
            </div>
          </RadioGroup>
        )}
        <RadioGroup
          className="choices"
          value={reason}
          onChange={(value) => setReason(REASONS.find((r) => r === value) ?? null)}
        >
          <Label>{t('shelve.why')}</Label>
          {REASONS.map((value) => (
            <Radio key={value} value={value} className="choice" data-testid={`reason-${value}`}>
              {t(`shelve.${value}`)}
            </Radio>
          ))}
        </RadioGroup>
        <NoteInput
          label={t('shelve.note')}
          value={note}
          onChange={setNote}
          maxLength={400}
          rows={3}
          testId="shelve-note"
        />
        <ul className="consequences">
          <li>
            <Icon name="wait" />
            {how === 'shelve' ? t('shelve.back', { time: time(now + for_ms) }) : t('shelve.until')}
          </li>
          <li>
            <Icon name="user" />
            {t('shelve.everybody', { who: session?.name ?? user })}
          </li>
        </ul>
        {refused !== null && (
          <p className="refusal" role="alert">
            {refused}
          </p>
        )}
      </div>
      <footer>
        <span className="grow" />
        <ActionButton
          right="acknowledge"
          testId="shelve-now"
          isDisabled={!enough}
          action={async () => {
            setRefused(null);
            if (how === 'shelve') await shelveAlarm(alarm.id, words, for_ms);
            else await takeOutOfService(alarm.id, words);
            onClose();
          }}
          onRefused={setRefused}
        >
          {t(how === 'shelve' ? 'shelve.do' : 'shelve.doOut')}
        </ActionButton>
        <Button ref={cancel} className="btn" onPress={onClose}>
          {t('dialog.cancel')} <kbd>Esc</kbd>
        </Button>
      </footer>
    </section>
  );
}
