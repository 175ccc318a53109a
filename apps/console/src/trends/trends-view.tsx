import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { Button } from 'react-aria-components';
import UPlot, { type AlignedData } from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useApp, useLive, useSpeech, useUi, type Speech } from '../app-context.ts';
import { Icon } from '../parts/icons.tsx';
import { Picker } from '../parts/picker.tsx';
import { PaneHead } from '../panes/pane-head.tsx';
import { deviceName } from '../store/grid-book.ts';
import { dayAndTime, momentText } from '../i18n/format.ts';
import { useAsked } from '../parts/use-asked.ts';
import { readValues } from '../store/rest-history.ts';
import { extremes, withPast, type DrawnTrend } from './trend-past.ts';
import { MOST_TRENDS, type Trend } from './trend-store.ts';

/** Signals drawn over time, with their unit. */
const UNITS: Readonly<Record<string, string>> = {
  current_A: 'A',
  voltage_kV: 'kV',
  activePower_kW: 'kW',
  reactivePower_kvar: 'kvar',
  frequency_Hz: 'Hz',
  oilTemperature_C: '°C',
};
const WINDOWS = [
  ['5', 5],
  ['15', 15],
  ['60', 60],
  ['8h', 480],
  ['24h', 1_440],
  ['72h', 4_320],
] as const;
/** The past is asked for anew while the window moves on; its slots are ten seconds at least. */
const ASK_EVERY_MS = 30_000;
/** A longer window names the day at its axis. */
const DAY_LONG_MIN = 720;
/** The form of a line says which one it is where its colour does not. */
const DASHES = [[], [6, 3], [2, 3], [10, 3, 2, 3]] as const;

const letter = (signal: string): string =>
  signal === 'current_A'
    ? 'I'
    : signal === 'voltage_kV'
      ? 'U'
      : signal === 'activePower_kW'
        ? 'P'
        : signal === 'reactivePower_kvar'
          ? 'Q'
          : signal === 'frequency_Hz'
            ? 'f'
            : 'θ';

/** All series on one time axis; where one has no sample at a time, nothing is drawn. */
function aligned(trends: readonly DrawnTrend[], from_ms: number): AlignedData {
  const times = [...new Set(trends.flatMap((trend) => trend.times_ms))]
    .filter((at) => at >= from_ms)
    .sort((a, b) => a - b);
  const place = new Map(times.map((at, i) => [at, i]));
  return [
    times.map((at) => at / 1_000),
    ...trends.flatMap((trend) =>
      [trend.values, trend.high, trend.low].map((samples) => {
        const values: (number | null | undefined)[] = Array.from({ length: times.length });
        trend.times_ms.forEach((at, i) => {
          const k = place.get(at);
          if (k !== undefined) values[k] = samples[i] ?? null;
        });
        return values;
      }),
    ),
  ];
}

function optionsFor(
  trends: readonly Trend[],
  size: { readonly width: number; readonly height: number },
  speech: Speech,
  minutes: number,
): UPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const font = `12px ${colour('font-num')}`;
  const units = [...new Set(trends.map(({ signal }) => UNITS[signal] ?? ''))];
  const axis = { stroke: colour('text-2'), font, grid: { stroke: colour('border-1'), width: 1 } };
  return {
    ...size,
    legend: { show: false },
    cursor: { drag: { x: false, y: false } },
    scales: { x: { time: true } },
    series: [
      {},
      ...trends.flatMap((trend, i) => {
        const scale = UNITS[trend.signal] ?? '';
        const points = { show: false };
        return [
          {
            scale,
            stroke: colour(`feeder-${i + 1}`),
            width: 2,
            dash: [...(DASHES[i % DASHES.length] ?? [])],
            spanGaps: false,
            points,
          },
          // Greatest and least in a slot: only the band between them is seen.
          { scale, points, spanGaps: false },
          { scale, points, spanGaps: false },
        ];
      }),
    ],
    bands: trends.map((_, i) => ({
      series: [3 * i + 2, 3 * i + 3],
      // A fifth of the colour of the line, as #rrggbb33.
      fill: `${colour(`feeder-${i + 1}`)}33`,
    })),
    axes: [
      {
        ...axis,
        values: (_: UPlot, splits: number[]) =>
          splits.map((at) =>
            minutes > DAY_LONG_MIN ? dayAndTime(at * 1_000).slice(0, 11) : speech.time(at * 1_000),
          ),
        space: 100,
      },
      ...units.map((unit, i) => ({
        ...axis,
        scale: unit,
        grid: { ...axis.grid, show: i === 0 },
        size: 74,
        values: (_: UPlot, splits: number[]) => splits.map((v) => `${speech.num(v)} ${unit}`),
      })),
    ],
  };
}

function Chart({
  trends,
  minutes,
  past,
}: {
  readonly trends: readonly DrawnTrend[];
  readonly minutes: number;
  /** The control centre has answered what was before. */
  readonly past: boolean;
}) {
  const { live } = useApp();
  const speech = useSpeech();
  const theme = useUi((state) => state.theme);
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot | null>(null);
  const keys = trends.map(({ key }) => key).join('|');
  const latest = useRef(trends);
  latest.current = trends;
  const from_ms = (live.serverNow_ms() ?? 0) - minutes * 60_000;
  useEffect(() => {
    const pane = box.current;
    if (pane === null) return undefined;
    const size = () => ({ width: pane.clientWidth, height: Math.max(160, pane.clientHeight) });
    const made = new UPlot(optionsFor(latest.current, size(), speech, minutes), [[]], pane);
    plot.current = made;
    const sizes = new ResizeObserver(() => made.setSize(size()));
    sizes.observe(pane);
    return () => {
      sizes.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [keys, speech, theme, minutes]);
  useEffect(() => {
    plot.current?.setData(aligned(trends, from_ms), true);
    plot.current?.setScale('x', { min: from_ms / 1_000, max: from_ms / 1_000 + minutes * 60 });
  });
  // Begin of what is drawn, for whoever cannot read it off the canvas.
  const first_ms = Math.min(
    ...trends.flatMap((trend) => {
      const known = trend.values.findIndex(
        (value, i) => value !== null && (trend.times_ms[i] ?? 0) >= from_ms,
      );
      return known === -1 ? [] : [trend.times_ms[known] ?? from_ms];
    }),
  );
  return (
    <div
      ref={box}
      className="trend-chart"
      aria-hidden="true"
      data-testid="trend-chart"
      data-first={first_ms}
      data-past={past}
    />
  );
}

function Legend({
  trends,
  minutes,
}: {
  readonly trends: readonly DrawnTrend[];
  readonly minutes: number;
}) {
  const { book, live, trends: store } = useApp();
  const { t, num } = useSpeech();
  return (
    <table className="trend-legend" data-testid="trend-legend">
      <thead>
        <tr>
          <td />
          <th>{t('column.device')}</th>
          <th>{t('trends.signal')}</th>
          <th className="n">{t('trends.now')}</th>
          <th className="n">{t('trends.least')}</th>
          <th className="n">{t('trends.most')}</th>
          <td />
        </tr>
      </thead>
      <tbody>
        {trends.map((trend, i) => {
          const { least, most } = extremes(trend, (live.serverNow_ms() ?? 0) - minutes * 60_000);
          const unit = UNITS[trend.signal] ?? '';
          const figure = (value: number | null | undefined): string =>
            value === null || value === undefined ? '–' : `${num(value, 1)} ${unit}`;
          return (
            <tr key={trend.key}>
              <td>
                <svg width="28" height="10" aria-hidden="true">
                  <path
                    className={`trend-line f${i + 1}`}
                    strokeDasharray={(DASHES[i % DASHES.length] ?? []).join(' ')}
                    d="M0 5H28"
                  />
                </svg>
              </td>
              <td className="dev">{deviceName(book, trend.equipment)}</td>
              <td>{letter(trend.signal)}</td>
              <td className="n">{figure(trend.values.at(-1))}</td>
              <td className="n">{figure(least)}</td>
              <td className="n">{figure(most)}</td>
              <td>
                <Button
                  className="icon-button"
                  aria-label={`${t('trends.remove')} ${deviceName(book, trend.equipment)} ${letter(trend.signal)}`}
                  onPress={() => store.remove(trend.key)}
                >
                  <Icon name="cross" size="s12" />
                </Button>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** What the control centre kept of these measurements over the window that is shown. */
function usePast(points: readonly string[], minutes: number) {
  const { live } = useApp();
  const asked = points.join(',');
  const ask = useCallback(async () => {
    const now_ms = live.serverNow_ms() ?? Date.now();
    if (asked === '') return null;
    return readValues(asked.split(','), now_ms - minutes * 60_000, now_ms);
  }, [live, asked, minutes]);
  return useAsked(ask, ASK_EVERY_MS);
}

/** Up to eight measurements over time: what the control centre kept, and what is going on. */
export function TrendsView() {
  const { book, live, ui, trends: store } = useApp();
  const { t } = useSpeech();
  const trends = useSyncExternalStore(store.subscribe, store.get);
  const named = useUi((state) => state.trends);
  const selection = useUi((state) => state.selection);
  const measurements = useLive((state) => state.measurements);
  const [minutes, setMinutes] = useState<number>(60);
  const pointOf = ({ key }: Trend): string | undefined => measurements.get(key)?.id;
  const past = usePast(
    trends.flatMap((trend) => pointOf(trend) ?? []),
    minutes,
  );
  const drawn = withPast(trends, past.value, pointOf);
  const keptFrom_ms = past.value?.keptFrom_ms ?? null;
  const from_ms = (live.serverNow_ms() ?? 0) - minutes * 60_000;
  const equipment = named ?? selection?.id ?? null;
  const offered = [...measurements.values()].filter(
    (m) => m.equipment === equipment && UNITS[m.signal] !== undefined,
  );
  const first = offered.find(({ signal }) => signal === 'current_A') ?? offered[0];
  const [firstOf, firstSignal] = [first?.equipment, first?.signal];
  useEffect(() => {
    // Only when the view is opened or another device is named: what was removed stays away.
    if (firstOf !== undefined && firstSignal !== undefined && store.get().length === 0)
      store.add(firstOf, firstSignal);
  }, [store, firstOf, firstSignal]);
  const heads = (book.file.feeders ?? []).map(({ head, name, id }) => ({
    id: head,
    name: name ?? id,
  }));
  const known = heads.some(({ id }) => id === equipment);
  return (
    <>
      <PaneHead
        title={t('view.trends')}
        facts={
          keptFrom_ms !== null && keptFrom_ms > from_ms
            ? t('trends.keptFrom', { time: momentText(keptFrom_ms) })
            : t('trends.note')
        }
      >
        {WINDOWS.map(([name, length]) => (
          <Button
            key={name}
            className={`chip ${minutes === length ? 'on' : ''}`}
            data-testid={`window-${name}`}
            onPress={() => setMinutes(length)}
          >
            {length <= 60
              ? t('trends.minutes', { n: length })
              : t('trends.hours', { n: length / 60 })}
          </Button>
        ))}
      </PaneHead>
      <div className="trends" tabIndex={0} aria-label={t('view.trends')}>
        <div className="trend-choice">
          <Picker
            label={t('trends.choose')}
            value={equipment ?? ''}
            options={
              known || equipment === null
                ? heads
                : [{ id: equipment, name: deviceName(book, equipment) }, ...heads]
            }
            onPick={(id) => ui.set({ trends: id })}
            testId="trend-picker"
          />
          {offered.map(({ signal }) => {
            const on = trends.some(({ key }) => key === `${equipment} ${signal}`);
            return (
              <Button
                key={signal}
                className={`chip ${on ? 'on' : ''}`}
                isDisabled={!on && trends.length >= MOST_TRENDS}
                data-testid={`trend-${signal}`}
                onPress={() =>
                  on
                    ? store.remove(`${equipment} ${signal}`)
                    : void store.add(equipment ?? '', signal)
                }
              >
                {letter(signal)} <span className="dim num">{UNITS[signal]}</span>
              </Button>
            );
          })}
          {equipment === null && <span className="dim">{t('trends.pick')}</span>}
          {equipment !== null && offered.length === 0 && (
            <span className="dim">{t('trends.nothing')}</span>
          )}
        </div>
        {past.refused !== null && (
          <p className="bad" role="alert">
            {past.refused}
          </p>
        )}
        {drawn.length > 0 && <Chart trends={drawn} minutes={minutes} past={past.value !== null} />}
        {drawn.length > 0 && <Legend trends={drawn} minutes={minutes} />}
      </div>
    </>
  );
}
