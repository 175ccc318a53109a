import { Button, ListBox, ListBoxItem, Popover, Select, SelectValue } from 'react-aria-components';
import type { AlarmView } from '@relight/contract';
import { useApp, useLive, useServerNow, useSpeech, useUi } from '../app-context.ts';
import { bindingMode, substationOfFeeder } from '../automation/modes.ts';
import { Icon } from '../parts/icons.tsx';
import { UserMenu } from '../people/user-menu.tsx';
import { silenceAll, soundingPriority } from './alarm-sound.ts';
import { THEME_CHOICES, type ThemeChoice } from '../store/ui-store.ts';

const AUTOMATION_MODES = ['automatic', 'advisory', 'restoreOnly', 'disabled'] as const;
export const PRIORITIES = [1, 2, 3, 4] as const;

/** Whether somebody still has to acknowledge it. */
export function needsAcknowledging(alarm: AlarmView): boolean {
  return alarm.state === 'unacknowledged' || alarm.state === 'returnedUnacknowledged';
}

function Clock() {
  const now = useServerNow();
  const { time, weekday, day } = useSpeech();
  return (
    <div className="group">
      <span className="wall-clock" data-testid="clock">
        {time(now)}
      </span>
      <span className="sub two wide">
        {weekday(now)}
        <br />
        {day(now)}
      </span>
    </div>
  );
}

function Links() {
  const { t, num } = useSpeech();
  const summary = useLive((state) => state.summary);
  const links = useLive((state) => state.links);
  const trips = [...links.values()].flatMap((l) =>
    l.roundTrip_ms === null ? [] : [l.roundTrip_ms],
  );
  const worst = trips.length === 0 ? null : Math.max(...trips);
  return (
    <div className="group" title={t('bar.links')}>
      <Icon name="link" />
      <div className="two">
        <span className="num">
          {summary?.rtusUp ?? 0}/{summary?.rtus ?? 0}
        </span>{' '}
        RTU
        <div className="sub wide">
          {worst === null ? t('bar.noAnswer') : t('bar.slowest', { ms: num(worst) })}
        </div>
      </div>
    </div>
  );
}

/** The mode most feeders are in leads; the others are counted beside it. */
function Automation() {
  const { ui, book } = useApp();
  const { t, num } = useSpeech();
  const modes = useLive((state) => state.modes);
  const whole = useLive((state) => state.summary?.automation ?? 'advisory');
  const feeders = useLive((state) => state.feeders);
  const all = [...feeders.values()];
  const counts = AUTOMATION_MODES.map((mode) => ({
    mode,
    n: all.filter(
      (feeder) => bindingMode({ modes }, substationOfFeeder(book, feeder.id), feeder).mode === mode,
    ).length,
  })).sort((a, b) => b.n - a.n);
  const lead = counts[0] === undefined || counts[0].n === 0 ? whole : counts[0].mode;
  const out = all.filter((feeder) => feeder.outOfAutomatic !== null).length;
  const others = counts.filter(({ mode, n }) => n > 0 && mode !== lead);
  const detail =
    out > 0
      ? t('bar.outOfAutomatic', { n: num(out) })
      : others.length === 0
        ? t(`modeDetail.${lead}`)
        : [{ mode: lead, n: all.length - others.reduce((sum, o) => sum + o.n, 0) }, ...others]
            .map(({ mode, n }) => `${num(n)} ${t(`modeShort.${mode}`).toLowerCase()}`)
            .join(' · ');
  return (
    <Button
      className="group mode-button"
      data-testid="automation"
      aria-label={`FLISR: ${t(`mode.${lead}`)}. ${t('automation.all')}`}
      onPress={() => ui.set({ view: 'automation', selection: null, dialog: null })}
    >
      <span className="two">
        <span>
          <b>FLISR: {t(`mode.${lead}`)}</b>
        </span>
        <span className="sub wide">{detail}</span>
      </span>
    </Button>
  );
}

function Counters() {
  const { t, num } = useSpeech();
  const alarms = useLive((state) => state.alarms);
  const open = [...alarms.values()].filter(needsAcknowledging);
  return (
    <>
      <span className="sub wide two">{t('bar.unacknowledged')}</span>
      <div className="group">
        {PRIORITIES.map((p) => {
          const count = open.filter((alarm) => alarm.priority === p).length;
          return (
            <span
              key={p}
              className={`counter ${count === 0 ? 'zero' : ''}`}
              title={t(`priority.${p}`)}
              data-testid={`alarms-${p}`}
            >
              <span className={count > 0 && p < 3 ? 'mark unacked' : 'mark'}>
                <Icon name={`priority-${p}`} label={t(`priority.${p}`)} />
              </span>
              {num(count)}
              <small>{t(`priority.${p}`)}</small>
            </span>
          );
        })}
      </div>
    </>
  );
}

function Silence() {
  const { ui, live } = useApp();
  const { t } = useSpeech();
  const alarms = useLive((state) => state.alarms);
  const silenced = useUi((state) => state.silenced);
  const sounding = soundingPriority(alarms.values(), silenced);
  return (
    <Button
      data-testid="silence"
      data-sounding={sounding ?? ''}
      isDisabled={sounding === null}
      onPress={() => ui.set({ silenced: silenceAll(live.get().alarms.values()) })}
    >
      <Icon name="silence" />
      <span className="visually-hidden">{t('bar.silence')}</span>
      <kbd>F8</kbd>
    </Button>
  );
}

export function LanguageSwitch() {
  const { ui } = useApp();
  const { t, language } = useSpeech();
  const other = language === 'vi' ? 'en' : 'vi';
  return (
    <Button data-testid="language" onPress={() => ui.set({ language: other })}>
      <span className="visually-hidden">{t('bar.language')}</span>
      {language === 'vi' ? 'VI' : 'EN'}
      <span className="other">{other.toUpperCase()}</span>
    </Button>
  );
}

export function ThemeSwitch() {
  const { ui } = useApp();
  const { t } = useSpeech();
  const theme = useUi((state) => state.theme);
  return (
    <Select
      aria-label={t('bar.theme')}
      selectedKey={theme}
      onSelectionChange={(key) => ui.set({ theme: key as ThemeChoice })}
    >
      <Button data-testid="theme">
        <span aria-hidden="true" className="theme-mark" />
        <SelectValue className="wide" />
        <Icon name="chevron" size="s12" />
      </Button>
      <Popover className="popover">
        <ListBox>
          {THEME_CHOICES.map((choice) => (
            <ListBoxItem key={choice} id={choice} className="option">
              {t(`theme.${choice}`)}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </Select>
  );
}

/** Where we are, what time it is, who is reachable, and what waits to be acknowledged. */
export function TopBar() {
  const { t, num } = useSpeech();
  const { book } = useApp();
  const simulation = useLive((state) => state.simulation);
  return (
    <header className="bar">
      <div className="brand">
        <span>Relight</span>
      </div>
      <span className="badge-real" data-testid="badge">
        <Icon name="live" />
        {t('bar.real')}
      </span>
      {simulation && (
        <span className="field-note" title={t('bar.simulatedField')}>
          <span className="long">{t('bar.simulatedField')}</span>
          <span className="short">{t('bar.simulatedShort')}</span>
        </span>
      )}
      <div className="two wide area">
        <div title={book.file.name ?? book.file.id}>{book.file.name ?? book.file.id}</div>
        <div className="sub">
          {t('bar.extent', {
            stations: num(book.stationNames.size),
            feeders: num(book.file.feeders?.length ?? 0),
          })}
        </div>
      </div>
      <span className="sep wide" />
      <Clock />
      <span className="sep" />
      <Links />
      <span className="sep" />
      <Automation />
      <span className="grow" />
      <Counters />
      <Silence />
      <LanguageSwitch />
      <ThemeSwitch />
      <span className="sep" />
      <UserMenu />
    </header>
  );
}
