import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { SwitchOperation } from '@relight/contract';
import { useApp, useLive, useServerNow, useSession, useSpeech, useUi } from '../app-context.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { mayDo } from '../people/session-store.ts';
import { emergencyOpen } from '../store/rest.ts';
import { SheetSymbol } from '../parts/icons.tsx';
import { symbolName } from '../scene/draw-symbols.ts';
import { deviceName, stationOf } from '../store/grid-book.ts';
import { ControlDialog } from './control-dialog.tsx';
import { Fact } from './fact.tsx';

/** One person, one dialog: pressed twice, with what it does said between. */
function EmergencyOpen({
  equipment,
  onRefused,
}: {
  readonly equipment: string;
  readonly onRefused: (reason: string) => void;
}) {
  const { t } = useSpeech();
  const [armed, setArmed] = useState(false);
  if (!armed)
    return (
      <Button className="btn danger" data-testid="emergency" onPress={() => setArmed(true)}>
        {t('emergency.open')}…
      </Button>
    );
  return (
    <div className="emergency" role="alertdialog" aria-label={t('emergency.open')}>
      <p>{t('emergency.detail')}</p>
      <ActionButton
        className="danger"
        testId="emergency-now"
        action={() => emergencyOpen(equipment).then(() => setArmed(false))}
        onRefused={onRefused}
      >
        {t('emergency.now')}
      </ActionButton>
      <Button className="btn" autoFocus onPress={() => setArmed(false)}>
        {t('dialog.cancel')}
      </Button>
    </div>
  );
}

/** A switch: position, quality, signals, and the way to a command. */
export function SwitchInspector({ id }: { readonly id: string }) {
  const { book, ui } = useApp();
  const { t, num, time, duration } = useSpeech();
  const now = useServerNow();
  const device = book.switches.get(id);
  const symbol = book.symbols.get(id);
  const view = useLive((state) => state.switches.get(id));
  const measurements = useLive((state) => state.measurements);
  const lost = useLive((state) => state.status !== 'live');
  const dialog = useUi((state) => state.dialog);
  const holder = useLive((state) => state.commands.get(view?.commandId ?? ''));
  const session = useSession();
  const mayCommand = mayDo(session, 'command');
  const [refused, setRefused] = useState<string | null>(null);
  if (device === undefined || symbol === undefined) return null;
  const analog = (signal: string, unit: string, decimals: number): string => {
    const found = measurements.get(`${id} ${signal}`);
    if (found === undefined || typeof found.value !== 'number') return '–';
    return `${num(found.value, decimals)} ${unit}`;
  };
  const flag = (signal: string): boolean | null => {
    const value = measurements.get(`${id} ${signal}`)?.value;
    return typeof value === 'boolean' ? value : null;
  };
  const position = view?.position ?? null;
  const good = view !== undefined && (view.quality === 'good' || view.quality === 'substituted');
  const look =
    !good || position === null || position === 'bad'
      ? 'bad'
      : position === 'intermediate'
        ? 'mid'
        : position;
  const trip = flag('protectionTrip');
  const function_ = measurements.get(`${id} tripFunction`)?.value;
  const open = (operation: SwitchOperation): void => ui.set({ dialog: operation });
  const station = stationOf(book, id);
  return (
    <>
      <section className="faceplate" data-testid="faceplate">
        <header>
          <h2>
            <span className="dev">{deviceName(book, id)}</span>{' '}
            <span className="dim">
              {t(`kind.${device.kind}`)}
              {station === null ? '' : ` · ${station}`}
            </span>
          </h2>
          <p className="position">
            <SheetSymbol name={symbolName(device.kind, look)} size="s20" />
            <b data-testid="position">{position === null ? '–' : t(`position.${position}`)}</b>
            <span className="dim">
              {view?.lockout === true ? t('switch.lockout') : ''}
              {view !== undefined && !view.normal ? ` ${t('switch.offNormal')}` : ''}
            </span>
          </p>
        </header>
        <div className="values">
          <dl>
            <Fact name="I" value={analog('current_A', 'A', 0)} figure />
            <Fact name="P" value={analog('activePower_kW', 'kW', 0)} figure />
            <Fact
              name={t('switch.rating')}
              value={device.rated_A === undefined ? '–' : `${num(device.rated_A)} A`}
              figure
            />
            <Fact
              name={t('switch.age')}
              value={
                view?.sourceTime_ms === null || view === undefined
                  ? '–'
                  : duration(now - view.sourceTime_ms)
              }
              figure
              title={
                view?.sourceTime_ms === null || view === undefined
                  ? undefined
                  : time(view.sourceTime_ms, true)
              }
            />
          </dl>
          <dl className="signals">
            <Fact
              name={t('switch.quality')}
              value={t(`quality.${view?.quality ?? 'invalid'}`)}
              bad={!good}
            />
            <Fact
              name={t('switch.control')}
              value={t(view?.local === true ? 'switch.local' : 'switch.remote')}
              bad={view?.local === true}
            />
            {trip !== null && (
              <Fact
                name={t('switch.protection')}
                value={
                  trip
                    ? `${t('switch.operated')}${typeof function_ === 'string' && function_ !== 'none' ? ` ${function_}` : ''}`
                    : t('switch.notOperated')
                }
                bad={trip}
              />
            )}
            {view?.reclosing !== null && view !== undefined && (
              <Fact
                name={t('switch.reclosing')}
                value={t(view.reclosing ? 'switch.on' : 'switch.off')}
                bad={!view.reclosing}
              />
            )}
            {view?.faultIndicator !== null && view !== undefined && (
              <Fact
                name={t('switch.indicator')}
                value={t(view.faultIndicator ? 'switch.passed' : 'switch.notPassed')}
                bad={view.faultIndicator}
              />
            )}
          </dl>
        </div>
        {device.remote === true && dialog === null && (
          <div className="commands">
            <Button
              className="btn"
              isDisabled={lost || !mayCommand || position === 'open'}
              onPress={() => open('open')}
              data-testid="command-open"
            >
              {t('operation.open')}…
            </Button>
            <Button
              className="btn"
              isDisabled={lost || !mayCommand || position === 'closed'}
              onPress={() => open('close')}
              data-testid="command-close"
            >
              {t('operation.close')}…
            </Button>
            {view !== undefined && view.reclosing !== null && (
              <Button
                className="btn"
                isDisabled={lost || !mayCommand}
                data-testid="command-reclosing"
                onPress={() =>
                  open(view.reclosing === true ? 'disableReclosing' : 'enableReclosing')
                }
              >
                {t(view.reclosing ? 'operation.disableReclosing' : 'operation.enableReclosing')}…
              </Button>
            )}
            {(device.kind === 'breaker' || device.kind === 'recloser') && (
              <EmergencyOpen equipment={id} onRefused={setRefused} />
            )}
          </div>
        )}
        {refused !== null && (
          <p className="refusal" role="alert">
            {refused}
          </p>
        )}
        {!mayCommand && <p className="note">{t('switch.mayNot')}</p>}
        {holder !== undefined && (
          <p className="note" data-testid="holder">
            {t('switch.heldBy', { who: holder.by })} · {t(`command.${holder.state}`)}
          </p>
        )}
        {device.remote !== true && <p className="note">{t('switch.byHand')}</p>}
      </section>
      {dialog !== null && (
        <ControlDialog
          key={`${id} ${dialog}`}
          equipment={id}
          operation={dialog}
          onClose={() => ui.set({ dialog: null })}
        />
      )}
    </>
  );
}
