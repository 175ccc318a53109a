import type { Quality } from '@relight/contract';
import { useApp, useLive, useServerNow, useSpeech } from '../app-context.ts';
import type { Speech } from '../app-context.ts';
import { deviceName, feederOfEquipment, stationOf } from '../store/grid-book.ts';
import type { LiveState } from '../store/live-store.ts';
import { PaneHead } from '../panes/pane-head.tsx';
import { AdoptNormal } from '../normal-state/adopt-normal.tsx';
import type { Selection } from '../store/ui-store.ts';
import { LostHoldsBlock } from '../tags/lost-holds-block.tsx';

const REASONS = [
  'unknown',
  'earth',
  'tag',
  'phaseOrder',
  'entered',
  'automation',
  'offNormal',
  'adopted',
  'lockout',
  'reclosingOff',
  'local',
  'quality',
] as const;
type Reason = (typeof REASONS)[number];

interface Row {
  /** What tells rows of one reason apart. */
  readonly key: string;
  readonly reason: Reason;
  /** Id of a device, or of a section. */
  readonly equipment: string;
  readonly signal: string | null;
  readonly quality: Quality | null;
  readonly at_ms: number | null;
  /** Who stands behind it and what they wrote. */
  readonly by: string;
  /** It is more than unusual: an earth on a live section, an outcome nobody knows. */
  readonly alarming?: boolean;
}

/** What people have put there: tags, earths, positions, and outcomes they have to clear. */
function heldRows(live: LiveState, say: Speech['say'], t: Speech['t']): Row[] {
  const rows: Row[] = [];
  for (const command of live.commands.values())
    if (command.state === 'unknown')
      rows.push({
        key: command.id,
        reason: 'unknown',
        equipment: command.equipment,
        signal: null,
        quality: null,
        at_ms: command.changedAt_ms,
        by: `${t(`operation.${command.operation}`)}, ${command.by}`,
        alarming: true,
      });
  for (const earth of live.earths.values())
    rows.push({
      key: earth.id,
      reason: 'earth',
      equipment: earth.kind === 'earthingSwitch' ? earth.id : earth.section,
      signal: null,
      quality: earth.quality,
      at_ms: earth.placedAt_ms,
      by: [
        ...(earth.onLive ? [t('earth.onLive')] : []),
        ...(earth.kind === 'portable' ? [`${t('earth.portable')} ${earth.label}`] : []),
        ...(earth.ownerName === null ? [] : [earth.ownerName]),
        earth.text,
      ]
        .filter((part) => part !== '')
        .join(' · '),
      alarming: earth.onLive,
    });
  for (const tag of live.tags.values())
    rows.push({
      key: tag.id,
      reason: 'tag',
      equipment: tag.equipment,
      signal: null,
      quality: null,
      at_ms: tag.placedAt_ms,
      by: `${t(`tag.${tag.kind}`)} · ${tag.ownerName} · ${tag.text}`,
    });
  for (const { id, phaseUnconfirmed } of live.sections.values())
    if (phaseUnconfirmed !== undefined)
      rows.push({
        key: id,
        reason: 'phaseOrder',
        equipment: id,
        signal: null,
        quality: null,
        at_ms: phaseUnconfirmed.at_ms,
        by: `${phaseUnconfirmed.byName} · ${phaseUnconfirmed.text}`,
      });
  for (const entered of live.entered.values())
    rows.push({
      key: entered.id,
      reason: 'entered',
      equipment: entered.id,
      signal: null,
      quality: 'substituted',
      at_ms: entered.at_ms,
      by: `${t(`position.${entered.position}`)} · ${entered.byName} · ${entered.text}`,
    });
  for (const { id, outOfAutomation } of live.switches.values())
    if (outOfAutomation !== null && outOfAutomation !== undefined)
      rows.push({
        key: id,
        reason: 'automation',
        equipment: id,
        signal: null,
        quality: null,
        at_ms: null,
        by: say(outOfAutomation),
      });
  return rows;
}

/** Whatever is not as it should be, one row per thing and reason. */
function abnormalRows(live: LiveState, say: Speech['say'], t: Speech['t']): Row[] {
  const rows = heldRows(live, say, t);
  for (const s of live.switches.values()) {
    const row = (reason: Reason): void => {
      const { id: equipment, quality, sourceTime_ms: at_ms } = s;
      rows.push({ key: equipment, reason, equipment, signal: null, quality, at_ms, by: '' });
    };
    if (!s.normal) row('offNormal');
    if (s.adopted !== undefined)
      rows.push({
        key: s.id,
        reason: 'adopted',
        equipment: s.id,
        signal: null,
        quality: null,
        at_ms: s.adopted.at_ms,
        by: `${t(`normally.${s.adopted.position}`)} · ${s.adopted.byName} · ${s.adopted.reason}`,
      });
    if (s.lockout) row('lockout');
    if (s.reclosing === false) row('reclosingOff');
    if (s.local) row('local');
    if (s.quality !== 'good' && !live.entered.has(s.id)) row('quality');
  }
  for (const m of live.measurements.values())
    if (m.quality !== 'good')
      rows.push({
        key: m.id,
        reason: 'quality',
        equipment: m.equipment,
        signal: m.signal,
        quality: m.quality,
        at_ms: m.sourceTime_ms,
        by: '',
      });
  return rows.sort(
    (a, b) =>
      REASONS.indexOf(a.reason) - REASONS.indexOf(b.reason) ||
      (a.equipment < b.equipment ? -1 : a.equipment > b.equipment ? 1 : 0),
  );
}

/**
 * Every tag, earth, entered position and outcome nobody knows; devices off their normal state, out
 * of automation, reclosing off, local control; values that cannot be trusted.
 */
export function AbnormalView() {
  const { ui, book } = useApp();
  const { t, say, num, duration } = useSpeech();
  const live = useLive((state) => state);
  const now = useServerNow();
  const placeOf = (id: string): Selection | null => {
    const isEarthing = book.file.groundDisconnectors?.some((each) => each.id === id) === true;
    if (isEarthing || book.symbols.has(id)) return { kind: 'symbol', id };
    const line = live.sections.get(id)?.lines[0];
    return line === undefined ? null : { kind: 'line', id: line };
  };
  const placeName = (id: string): string => {
    const ofSection = live.sections.get(id)?.normalFeeder;
    const feeder = live.feeders.get(ofSection ?? feederOfEquipment(book, live, id));
    return stationOf(book, id) ?? feeder?.name ?? '–';
  };
  const rows = abnormalRows(live, say, t);
  return (
    <>
      <PaneHead title={t('title.tags')} facts={t('abnormal.count', { n: num(rows.length) })} />
      <div className="data-table" tabIndex={0} aria-label={t('title.tags')}>
        <LostHoldsBlock />
        <AdoptNormal
          switches={rows.flatMap(({ reason, key }) => (reason === 'offNormal' ? [key] : []))}
        />
        {rows.length === 0 && <p className="empty-list">{t('abnormal.none')}</p>}
        {rows.length > 0 && (
          <table className="abnormal" data-testid="abnormal">
            <thead>
              <tr>
                <th>{t('abnormal.what')}</th>
                <th>{t('column.device')}</th>
                <th>{t('column.place')}</th>
                <th>{t('feeder.position')}</th>
                <th>{t('switch.quality')}</th>
                <th className="n">{t('switch.age')}</th>
                <th>{t('abnormal.by')}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => {
                const position = live.switches.get(row.equipment)?.position;
                return (
                  <tr key={`${row.reason} ${row.key}`} data-testid={`abnormal-${row.reason}`}>
                    <td className={row.alarming === true ? 'bad' : ''}>
                      {t(`abnormal.${row.reason}`)}
                    </td>
                    <td>
                      <button
                        type="button"
                        className="link dev"
                        disabled={placeOf(row.equipment) === null}
                        onClick={() => ui.select(placeOf(row.equipment))}
                      >
                        {live.sections.get(row.equipment)?.name ?? deviceName(book, row.equipment)}
                      </button>
                      {row.signal === null ? '' : ` · ${row.signal}`}
                    </td>
                    <td>{placeName(row.equipment)}</td>
                    <td>
                      {position === undefined || position === null || row.signal !== null
                        ? '–'
                        : t(`position.${position}`)}
                    </td>
                    <td className={row.quality === 'good' || row.quality === null ? '' : 'bad'}>
                      {row.quality === null ? '–' : t(`quality.${row.quality}`)}
                    </td>
                    <td className="n">{row.at_ms === null ? '–' : duration(now - row.at_ms)}</td>
                    <td className="words">{row.by}</td>
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
