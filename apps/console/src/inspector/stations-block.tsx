import { useApp, useLive, useSpeech } from '../app-context.ts';
import { Icon } from '../parts/icons.tsx';
import { needsAcknowledging } from '../shell/top-bar.tsx';
import { stationOf, type GridBook } from '../store/grid-book.ts';
import type { LiveState } from '../store/live-store.ts';

interface StationRow {
  readonly id: string;
  readonly name: string;
  /** Sum over its transformers; null where none is measured. */
  readonly power_MW: number | null;
  /** Lowest voltage of its distribution busbars; null where none is measured. */
  readonly voltage_kV: number | null;
  /** A value behind one of the two is not good. */
  readonly doubtful: boolean;
  readonly alarms: number;
  /** null: the server knows no RTU of this station. */
  readonly link: 'up' | 'down' | null;
}

/** From this voltage on a busbar is not one of distribution, kV. */
const HIGH_VOLTAGE = 66;

function stationRow(book: GridBook, live: LiveState, id: string, name: string): StationRow {
  const inside = new Set(book.file.nodes.filter((n) => n.substation === id).map((n) => n.id));
  const read = (key: string) => {
    const found = live.measurements.get(key);
    return typeof found?.value === 'number' ? [found] : [];
  };
  const powers = [...book.transformers.values()]
    .filter(({ from }) => inside.has(from))
    .flatMap((t) => read(`${t.id} activePower_kW`));
  const voltages = book.file.nodes
    .filter((n) => n.substation === id && n.busbar === true && n.nominalVoltage_kV < HIGH_VOLTAGE)
    .flatMap((n) => read(`${n.id} voltage_kV`));
  const values = (list: typeof powers): number[] => list.map(({ value }) => Number(value));
  const link = [...live.links.values()].find(({ rtu }) => rtu.split(/[-.]/u).includes(id));
  return {
    id,
    name,
    power_MW: powers.length === 0 ? null : values(powers).reduce((sum, kW) => sum + kW, 0) / 1_000,
    voltage_kV: voltages.length === 0 ? null : Math.min(...values(voltages)),
    doubtful: [...powers, ...voltages].some(({ quality }) => quality !== 'good'),
    alarms: [...live.alarms.values()].filter(
      (alarm) => needsAcknowledging(alarm) && stationOf(book, alarm.equipment) === name,
    ).length,
    link: link === undefined ? null : link.state === 'up' ? 'up' : 'down',
  };
}

/** Every station with what it carries, its voltage, its alarms and whether it can be heard. */
export function StationsBlock() {
  const { book, ui } = useApp();
  const { t, num } = useSpeech();
  const live = useLive((state) => state);
  const rows = [...book.stationNames].map(([id, name]) => stationRow(book, live, id, name));
  if (rows.length === 0) return null;
  return (
    <section className="block feeders" data-testid="stations">
      <h2>
        <span>{t('overview.stations')}</span>
      </h2>
      <table>
        <thead>
          <tr>
            <th>{t('overview.station')}</th>
            <th className="n">P</th>
            <th className="n">U</th>
            <th className="n">{t('overview.alarms')}</th>
            <th>{t('overview.link')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <td title={row.name}>
                <button
                  type="button"
                  className="link"
                  onClick={() => ui.set({ view: 'station', station: row.id, selection: null })}
                >
                  {row.name.replace(/^TBA 110 kV /u, '')}
                </button>
              </td>
              <td className="n">
                {row.power_MW === null ? '–' : `${num(row.power_MW, 1)} MW`}
                {row.doubtful && ' ?'}
              </td>
              <td className="n">
                {row.voltage_kV === null ? '–' : `${num(row.voltage_kV, 1)} kV`}
              </td>
              <td className="n">{row.alarms === 0 ? '–' : num(row.alarms)}</td>
              <td className={row.link === 'down' ? 'mode out' : 'mode'}>
                {row.link === null ? (
                  '–'
                ) : (
                  <>
                    {row.link === 'up' && <Icon name="tick" size="s12" />}{' '}
                    {t(`overviewLink.${row.link}`)}
                  </>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
