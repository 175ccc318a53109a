import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { Button } from 'react-aria-components';
import UPlot, { type AlignedData } from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useApp, useLive, useSpeech, useUi, type Speech } from '../app-context.ts';
import { Icon } from '../parts/icons.tsx';
import { Picker } from '../parts/picker.tsx';
import { PaneHead } from '../panes/pane-head.tsx';
import { deviceName } from '../store/grid-book.ts';
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
const WINDOWS_MIN = [5, 15, 60] as const;
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
function aligned(trends: readonly Trend[], from_ms: number): AlignedData {
  const times = [...new Set(trends.flatMap((trend) => trend.times_ms))]
    .filter((at) => at >= from_ms)
    .sort((a, b) => a - b);
  const place = new Map(times.map((at, i) => [at, i]));
  return [
    times.map((at) => at / 1_000),
    ...trends.map((trend) => {
      const values: (number | null | undefined)[] = Array.from({ length: times.length });
      trend.times_ms.forEach((at, i) => {
        const k = place.get(at);
        if (k !== undefined) values[k] = trend.values[i] ?? null;
      });
      return values;
    }),
  ];
}

function optionsFor(
  trends: readonly Trend[],
  size: { readonly width: number; readonly height: number },
  speech: Speech,
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
      ...trends.map((trend, i) => ({
        scale: UNITS[trend.signal] ?? '',
        stroke: colour(`feeder-${i + 1}`),
        width: 2,
        dash: [...(DASHES[i % DASHES.length] ?? [])],
        spanGaps: false,
        points: { show: false },
      })),
    ],
    axes: [
      {
        ...axis,
        values: (_: UPlot, splits: number[]) => splits.map((at) => speech.time(at * 1_000)),
        space: 90,
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
}: {
  readonly trends: readonly Trend[];
  readonly minutes: number;
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
    const made = new UPlot(optionsFor(latest.current, size(), speech), [[]], pane);
    plot.current = made;
    const sizes = new ResizeObserver(() => made.setSize(size()));
    sizes.observe(pane);
    return () => {
      sizes.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [keys, speech, theme]);
  useEffect(() => {
    plot.current?.setData(aligned(trends, from_ms), true);
    plot.current?.setScale('x', { min: from_ms / 1_000, max: from_ms / 1_000 + minutes * 60 });
  });
  return <div ref={box} className="trend-chart" aria-hidden="true" />;
}

function Legend({ trends }: { readonly trends: readonly Trend[] }) {
  const { book, trends: store } = useApp();
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
          const known = trend.values.filter((value): value is number => value !== null);
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
              <td className="n">{known.length === 0 ? '–' : figure(Math.min(...known))}</td>
              <td className="n">{known.length === 0 ? '–' : figure(Math.max(...known))}</td>
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

/** Up to eight measurements over time, since they were chosen here. */
export function TrendsView() {
  const { book, ui, trends: store } = useApp();
  const { t } = useSpeech();
  const trends = useSyncExternalStore(store.subscribe, store.get);
  const named = useUi((state) => state.trends);
  const selection = useUi((state) => state.selection);
  const measurements = useLive((state) => state.measurements);
  const [minutes, setMinutes] = useState<number>(15);
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
      <PaneHead title={t('view.trends')} facts={t('trends.note')}>
        {WINDOWS_MIN.map((each) => (
          <Button
            key={each}
            className={`chip ${minutes === each ? 'on' : ''}`}
            onPress={() => setMinutes(each)}
          >
            {t('trends.minutes', { n: each })}
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
        {trends.length > 0 && <Chart trends={trends} minutes={minutes} />}
        {trends.length > 0 && <Legend trends={trends} />}
      </div>
    </>
  );
}
