import { useState } from 'react';
import { Button, Label, Radio, RadioGroup } from 'react-aria-components';
import { useApp, useLive, useServerNow, useSession, useSpeech } from '../app-context.ts';
import type { App } from '../app-context.ts';
import { Confirm } from '../parts/confirm.tsx';
import { NoteInput } from '../parts/note-input.tsx';
import { mayDo } from '../people/session-store.ts';
import { deviceName } from '../store/grid-book.ts';
import { enterPosition, removePosition } from '../store/rest.ts';
import type { LiveState } from '../store/live-store.ts';

const POSITIONS = ['open', 'closed'] as const;
type Stands = (typeof POSITIONS)[number];

/** Whether a device takes a person's word: a switch or earthing switch that reports nothing itself. */
export function takesEntry({ book }: App, live: LiveState, id: string): boolean {
  if (live.entered.has(id)) return true;
  if (book.switches.has(id)) return live.switches.get(id)?.quality === 'substituted';
  const isEarthing = book.file.groundDisconnectors?.some((each) => each.id === id) === true;
  return isEarthing && !live.measurements.has(`${id} position`);
}

/** Where a device stands that sends no position: who said so and when, a new word, or none any more. */
export function EnteredPosition({ id }: { readonly id: string }) {
  const app = useApp();
  const { book } = app;
  const { t, time, day, duration } = useSpeech();
  const now = useServerNow();
  const takes = useLive((state) => takesEntry(app, state, id));
  const entered = useLive((state) => state.entered.get(id));
  const may = mayDo(useSession(), 'tag');
  const lost = useLive((state) => state.status !== 'live');
  const [doing, setDoing] = useState<'enter' | 'remove' | null>(null);
  const [position, setPosition] = useState<Stands | null>(null);
  const [text, setText] = useState('');
  if (!takes) return null;
  const earthing = book.file.groundDisconnectors?.find((each) => each.id === id);
  const normal: Stands =
    earthing === undefined
      ? book.switches.get(id)?.normallyOpen === true
        ? 'open'
        : 'closed'
      : earthing.closed === true
        ? 'closed'
        : 'open';
  const name = deviceName(book, id);
  const done = (): void => {
    setDoing(null);
    setPosition(null);
    setText('');
  };
  return (
    <section className="faceplate entered-position" data-testid="entered-position">
      <h2>
        {t('entered.title')} <span className="dev">{name}</span>
      </h2>
      {entered === undefined ? (
        <p>{t('entered.none', { position: t(`position.${normal}`) })}</p>
      ) : (
        <p data-testid="entered">
          <b>{t(`position.${entered.position}`)}</b> <b className="letter">M</b>{' '}
          {t('entered.by', { who: entered.byName })} ·{' '}
          <span className="num">
            {day(entered.at_ms)} {time(entered.at_ms)}
          </span>{' '}
          ·{' '}
          <span className="num" data-testid="entered-age">
            {t('entered.age', { age: duration(Math.max(0, now - entered.at_ms)) })}
          </span>
          {entered.text !== '' && <> · {entered.text}</>}
        </p>
      )}
      {doing === null && (
        <div className="commands">
          <Button
            className="btn"
            data-testid="position-enter"
            isDisabled={!may || lost}
            onPress={() => setDoing('enter')}
          >
            {t('entered.enter')}…
          </Button>
          {entered !== undefined && (
            <Button
              className="btn"
              data-testid="position-remove"
              isDisabled={!may || lost}
              onPress={() => setDoing('remove')}
            >
              {t('entered.remove')}…
            </Button>
          )}
        </div>
      )}
      {doing === 'enter' && (
        <Confirm
          testId="position-confirm"
          title={t('entered.formTitle', { device: name })}
          confirm={t('entered.now')}
          isDisabled={position === null || text.trim().length < 3}
          action={async () => {
            if (position !== null) await enterPosition(id, position, text.trim());
          }}
          onClose={done}
        >
          <p>{t(earthing === undefined ? 'entered.effect' : 'entered.earthEffect')}</p>
          <RadioGroup
            className="choices"
            value={position}
            onChange={(value) => setPosition(POSITIONS.find((p) => p === value) ?? null)}
          >
            <Label>{t('entered.seen')}</Label>
            {POSITIONS.map((value) => (
              <Radio key={value} value={value} className="choice" data-testid={`position-${value}`}>
                {t(`position.${value}`)}
              </Radio>
            ))}
          </RadioGroup>
          <NoteInput
            label={t('entered.source')}
            value={text}
            onChange={setText}
            maxLength={500}
            testId="position-text"
          />
        </Confirm>
      )}
      {doing === 'remove' && (
        <Confirm
          testId="position-back"
          title={t('entered.removeTitle', { device: name })}
          confirm={t('entered.remove')}
          isDisabled={text.trim().length < 3}
          action={() => removePosition(id, text.trim())}
          onClose={done}
        >
          <p>{t('entered.removeEffect', { position: t(`position.${normal}`) })}</p>
          <NoteInput
            label={t('approval.reason')}
            value={text}
            onChange={setText}
            maxLength={500}
            testId="position-text"
          />
        </Confirm>
      )}
    </section>
  );
}
