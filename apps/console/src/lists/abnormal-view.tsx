import { useApp, useLive, useServerNow, useSpeech } from '../app-context.ts';
import type { App } from '../app-context.ts';
import { deviceName, stationOf } from '../store/grid-book.ts';
import type { LiveState } from '../store/live-store.ts';
import { PaneHead } from '../panes/pane-head.tsx';

const REASONS = ['offNormal', 'lockout', 'reclosingOff', 'local', 'earthed', 'quality'] as const;
type Reason = (typeof REASONS)[number];

interface Row {
  readonly reason: Reason;
  readonly equipment: string;
  readonly signal: string | null;
  readonly quality: string;
  readonly at_ms: number | null;
}

/** Whatever is not as it should be, one row per device and reason. */
function abnormalRows(live: LiveState, { book }: App): Row[] {
  const rows: Row[] = [];
  for (const s of live.switches.values()) {
    const row = (reason: Reason): void => {
      const { id: equipment, quality, sourceTime_ms: at_ms } = s;
      rows.push({ reason, equipment, signal: null, quality, at_ms });
    };
    if (!s.normal) row('offNormal');
    if (s.lockout) row('lockout');
    if (s.reclosing === false) row('reclosingOff');
    if (s.local) row('local');
    if (s.quality !== 'good') row('quality');
  }
  for (const earth of book.file.groundDisconnectors ?? [])
    if (earth.closed === true)
      rows.push({
        reason: 'earthed',
        equipment: earth.id,
        signal: null,
        quality: 'good',
        at_ms: null,
      });
  for (const m of live.measurements.values())
    if (m.quality !== 'good')
      rows.push({
        reason: 'quality',
        equipment: m.equipment,
        signal: m.signal,
        quality: m.quality,
        at_ms: m.sourceTime_ms,
      });
  return rows.sort(
    (a, b) =>
      REASONS.indexOf(a.reason) - REASONS.indexOf(b.reason) ||
      (a.equipment < b.equipment ? -1 : a.equipment > b.equipment ? 1 : 0),
  );
}

/** Devices off their normal state, reclosing off, local control, values that cannot be trusted. */
export function AbnormalView() {
  const app = useApp();
  const { ui, book } = app;
  const { t, num, duration } = useSpeech();
  const live = useLive((state) => state);
  const now = useServerNow();
  const rows = abnormalRows(live, app);
  return (
    <>
      <PaneHead title={t('title.tags')} facts={t('abnormal.count', { n: num(rows.length) })} />
      <div className="data-table" tabIndex={0} aria-label={t('title.tags')}>
        {rows.length === 0 && <p className="empty-list">{t('abnormal.none')}</p>}
        {rows.length > 0 && (
          <table data-testid="abnormal">
            <thead>
              <tr>
                <th>{t('abnormal.what')}</th>
                <th>{t('column.device')}</th>
                <th>{t('column.place')}</th>
                <th>{t('feeder.position')}</th>
                <th>{t('switch.quality')}</th>
                <th className="n">{t('switch.age')}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => {
                const position = live.switches.get(row.equipment)?.position;
                return (
                  <tr
                    key={`${row.reason} ${row.equipment} ${row.signal ?? ''}`}
                    data-testid={`abnormal-${row.reason}`}
                  >
                    <td>{t(`abnormal.${row.reason}`)}</td>
                    <td>
                      <button
                        type="button"
                        className="link dev"
                        disabled={!book.symbols.has(row.equipment)}
                        onClick={() => ui.select({ kind: 'symbol', id: row.equipment })}
                      >
                        {deviceName(book, row.equipment)}
                      </button>
                      {row.signal === null ? '' : ` · ${row.signal}`}
                    </td>
                    <td>{stationOf(book, row.equipment) ?? '–'}</td>
                    <td>
                      {position === undefined || position === null || row.signal !== null
                        ? '–'
                        : t(`position.${position}`)}
                    </td>
                    <td className={row.quality === 'good' ? '' : 'bad'}>
                      {t(`quality.${row.quality as 'good'}`)}
                    </td>
                    <td className="n">{row.at_ms === null ? '–' : duration(now - row.at_ms)}</td>
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
