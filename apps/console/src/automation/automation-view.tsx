import { useState } from 'react';
import type { AutomationMode } from '@relight/contract';
import { useApp, useLive, useSession, useSpeech } from '../app-context.ts';
import { PaneHead } from '../panes/pane-head.tsx';
import { ActionButton } from '../parts/action-button.tsx';
import { mayDo } from '../people/session-store.ts';
import { deviceName } from '../store/grid-book.ts';
import { acknowledgeAlarm } from '../store/rest.ts';
import { ModeConfirm, type ModeChange } from './mode-change.tsx';
import { ModePicker } from './mode-picker.tsx';
import { bindingMode, scopeMode, substationOfFeeder, type ModeScope } from './modes.ts';

/** Acknowledges what took a feeder or device out of the automation, and so gives it back. */
export function GiveBack({ alarm, name }: { readonly alarm: string; readonly name: string }) {
  const { t } = useSpeech();
  const may = mayDo(useSession(), 'acknowledge');
  const [refused, setRefused] = useState<string | null>(null);
  return (
    <>
      <ActionButton
        className="small"
        testId="give-back"
        label={`${t('automation.giveBack')} ${name}`}
        isDisabled={!may}
        action={() => acknowledgeAlarm(alarm)}
        onRefused={setRefused}
      >
        {t('automation.giveBack')}
      </ActionButton>
      {refused !== null && <span role="alert">{refused}</span>}
    </>
  );
}

/** How far the engine may act by itself: system, substations, feeders, devices; the strictest wins. */
export function AutomationView() {
  const { book, ui } = useApp();
  const { t, say, num, time } = useSpeech();
  const live = useLive((state) => state);
  const may = mayDo(useSession(), 'mode');
  const [change, setChange] = useState<ModeChange | null>(null);
  const all = (book.file.feeders ?? []).map(({ id }) => id);
  const substations = (book.file.substations ?? []).filter(({ id }) =>
    all.some((feeder) => substationOfFeeder(book, feeder) === id),
  );
  const feedersOf = (substation: string): readonly string[] =>
    all.filter((feeder) => substationOfFeeder(book, feeder) === substation);
  const devices = [...live.switches.values()].filter(
    ({ id, outOfAutomation }) =>
      (outOfAutomation ?? null) !== null || scopeMode(live, 'device', id) !== 'automatic',
  );
  const pick = (
    scope: ModeScope,
    equipment: string,
    name: string,
    from: AutomationMode,
    feeders: readonly string[],
  ) =>
    may ? (
      <ModePicker
        label={t('automation.of', { name })}
        value={from}
        testId={`mode-${scope === 'system' ? 'system' : equipment}`}
        onPick={(to) => setChange({ scope, equipment, name, from, to, feeders })}
      />
    ) : (
      t(`mode.${from}`)
    );
  const setBy = (id: string) => {
    const set = live.modes.get(id);
    return set === undefined || set.mode === 'automatic' ? (
      <td className="dim">–</td>
    ) : (
      <td>
        {set.byName} · <span className="num">{time(set.at_ms)}</span>
      </td>
    );
  };
  const systemMode = scopeMode(live, 'system', '');
  return (
    <>
      <PaneHead title={t('title.automation')} facts={t('automation.note')} />
      <div className="data-table automation" tabIndex={0} aria-label={t('title.automation')}>
        {change !== null && (
          <ModeConfirm
            key={`${change.scope} ${change.equipment} ${change.to}`}
            change={change}
            onClose={() => setChange(null)}
          />
        )}
        <h2>{t('automation.wide')}</h2>
        <table data-testid="scope-modes">
          <thead>
            <tr>
              <th>{t('automation.scope')}</th>
              <th>{t('automation.mode')}</th>
              <th className="n">{t('overview.feeders')}</th>
              <th>{t('automation.setBy')}</th>
            </tr>
          </thead>
          <tbody>
            <tr>
              <td>{t('automation.system')}</td>
              <td>{pick('system', '', t('automation.system'), systemMode, all)}</td>
              <td className="n">{num(all.length)}</td>
              {setBy('system')}
            </tr>
            {substations.map(({ id, name }) => (
              <tr key={id}>
                <td>{name ?? id}</td>
                <td>
                  {pick(
                    'substation',
                    id,
                    name ?? id,
                    scopeMode(live, 'substation', id),
                    feedersOf(id),
                  )}
                </td>
                <td className="n">{num(feedersOf(id).length)}</td>
                {setBy(`substation/${id}`)}
              </tr>
            ))}
          </tbody>
        </table>
        <h2>{t('overview.feeders')}</h2>
        <table data-testid="feeder-modes">
          <thead>
            <tr>
              <th>{t('overview.feeder')}</th>
              <th>{t('automation.own')}</th>
              <th>{t('automation.holds')}</th>
              <th>{t('automation.boundBy')}</th>
              <th>{t('automation.out')}</th>
            </tr>
          </thead>
          <tbody>
            {all.flatMap((id) => {
              const feeder = live.feeders.get(id);
              if (feeder === undefined) return [];
              const binding = bindingMode(live, substationOfFeeder(book, id), feeder);
              const { outOfAutomatic, outOfAutomaticAlarm } = feeder;
              return (
                <tr key={id} data-testid={`mode-row-${id}`} data-mode={binding.mode}>
                  <td title={feeder.name}>{feeder.name.replace(/^Xuất tuyến /u, '')}</td>
                  <td>{pick('feeder', id, feeder.name, feeder.mode, [id])}</td>
                  <td className={binding.mode === 'automatic' ? '' : 'strong'}>
                    {t(`mode.${binding.mode}`)}
                  </td>
                  <td data-testid={`bound-${id}`} data-by={binding.by}>
                    {t(`automationBy.${binding.by}`)}
                  </td>
                  <td>
                    {outOfAutomatic === null ? (
                      <span className="dim">–</span>
                    ) : (
                      <span className="out-of-automatic">
                        <b>{say(outOfAutomatic)}</b>{' '}
                        {typeof outOfAutomaticAlarm === 'string' && (
                          <GiveBack alarm={outOfAutomaticAlarm} name={feeder.name} />
                        )}
                      </span>
                    )}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
        <h2>{t('automation.devices')}</h2>
        {devices.length === 0 && <p className="note">{t('automation.noDevices')}</p>}
        {devices.length > 0 && (
          <table data-testid="device-modes">
            <thead>
              <tr>
                <th>{t('plan.device')}</th>
                <th>{t('automation.mode')}</th>
                <th>{t('automation.out')}</th>
                <th>{t('automation.setBy')}</th>
              </tr>
            </thead>
            <tbody>
              {devices.map((device) => {
                const name = deviceName(book, device.id);
                return (
                  <tr key={device.id} data-testid={`mode-row-${device.id}`}>
                    <td>
                      <button
                        type="button"
                        className="link dev"
                        onClick={() => ui.select({ kind: 'symbol', id: device.id })}
                      >
                        {name}
                      </button>
                    </td>
                    <td>
                      {pick('device', device.id, name, scopeMode(live, 'device', device.id), [])}
                    </td>
                    <td>
                      {device.outOfAutomation === null || device.outOfAutomation === undefined ? (
                        <span className="dim">–</span>
                      ) : (
                        <span className="out-of-automatic">
                          <b>{say(device.outOfAutomation)}</b>{' '}
                          {typeof device.outOfAutomationAlarm === 'string' && (
                            <GiveBack alarm={device.outOfAutomationAlarm} name={name} />
                          )}
                        </span>
                      )}
                    </td>
                    {setBy(`device/${device.id}`)}
                  </tr>
                );
              })}
            </tbody>
          </table>
        )}
      </div>
    </>
  );
}
