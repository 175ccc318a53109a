import { useState } from 'react';
import { useApp, useLive, useSession, useSpeech } from '../app-context.ts';
import { mayDo } from '../people/session-store.ts';
import { deviceName } from '../store/grid-book.ts';
import { GiveBack } from './automation-view.tsx';
import { ModeConfirm, type ModeChange } from './mode-change.tsx';
import { ModePicker } from './mode-picker.tsx';
import { scopeMode } from './modes.ts';

/** Whether the automation uses a device, why not, and the way to give it back or take it out. */
export function DeviceAutomation({ id }: { readonly id: string }) {
  const { book, ui } = useApp();
  const { t, say } = useSpeech();
  const device = useLive((state) => state.switches.get(id));
  const mode = useLive((state) => scopeMode(state, 'device', id));
  const may = mayDo(useSession(), 'mode');
  const [change, setChange] = useState<ModeChange | null>(null);
  if (device === undefined || book.switches.get(id)?.remote !== true) return null;
  const name = deviceName(book, id);
  const { outOfAutomation, outOfAutomationAlarm } = device;
  return (
    <section className="faceplate device-automation" data-testid="device-automation">
      <h2>
        {t('title.automation')}{' '}
        <button
          type="button"
          className="link"
          onClick={() => ui.set({ view: 'automation', dialog: null })}
        >
          {t('automation.all')}
        </button>
      </h2>
      {(outOfAutomation ?? null) !== null && outOfAutomation !== undefined && (
        <p className="out-of-automatic" data-testid="out-of-automation">
          <b>
            {t('automation.leftAlone', {
              why: outOfAutomation === null ? '' : say(outOfAutomation),
            })}
          </b>{' '}
          {typeof outOfAutomationAlarm === 'string' && (
            <GiveBack alarm={outOfAutomationAlarm} name={name} />
          )}
        </p>
      )}
      {may && change === null && (
        <ModePicker
          label={t('automation.of', { name })}
          value={mode}
          testId="mode-device"
          onPick={(to) =>
            setChange({ scope: 'device', equipment: id, name, from: mode, to, feeders: [] })
          }
        />
      )}
      {change !== null && <ModeConfirm change={change} onClose={() => setChange(null)} />}
    </section>
  );
}
