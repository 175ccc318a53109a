import { useEffect, useMemo, useRef, useState } from 'react';
import type { OneLineBay, OneLinePath, OneLineSymbol, StationOneLine } from '@relight/diagram';
import { useApp, useLive, useServerNow, useSpeech, useUi } from '../app-context.ts';
import { symbolName, turnsWithLine } from '../scene/draw-symbols.ts';
import { liveLooks, type SymbolState } from '../scene/picture.ts';
import { sectionOf } from '../scene/section-index.ts';
import { TAG_SYMBOLS } from '../tags/tag-marks.ts';
import { needsAcknowledging } from '../shell/top-bar.tsx';
import { deviceName } from '../store/grid-book.ts';
import { valuesInShort, valuesOfBay, voltageOfBus, type BayValue } from './bay-values.ts';

interface Scale {
  readonly x: (column: number) => number;
  readonly y: (row: number) => number;
  readonly room: Room;
  readonly device: number;
}

/**
 * How much there is room for. Words keep their size; a smaller pane shows fewer of them: without
 * numbers of earthing switches, then with one figure a bay and no ratings.
 */
type Room = 'roomy' | 'normal' | 'compact';

const VALUE_LINE = 16;
/** Room above the picture and below it, where the figures of the feeders stand. */
const EDGE: Readonly<Record<Room, { readonly top: number; readonly bottom: number }>> = {
  roomy: { top: 34, bottom: 84 },
  normal: { top: 34, bottom: 84 },
  compact: { top: 22, bottom: 46 },
};
/** With less of either the picture becomes compact. */
const NORMAL = { column: 62, height: 470 };
/** Closer than this even numbers of bays would run into each other; the pane scrolls instead. */
const LEAST = { column: 30, height: 236 };

function roomIn(width: number, height: number, columns: number): Room {
  if (width < columns * NORMAL.column || height < NORMAL.height) return 'compact';
  return width > 900 && height > 560 ? 'roomy' : 'normal';
}

/** The least distance between two devices of a bay, in rows. */
function leastPitch({ symbols }: StationOneLine): number {
  let least = Number.POSITIVE_INFINITY;
  for (const a of symbols)
    for (const b of symbols)
      if (a.id < b.id && Math.abs(a.column - b.column) < 0.5 && a.row !== b.row)
        least = Math.min(least, Math.abs(a.row - b.row));
  return least;
}

function Wire({ path, look, scale }: { path: OneLinePath; look: string; scale: Scale }) {
  const { points } = path;
  let d = '';
  for (let i = 0; i + 1 < points.length; i += 2)
    d += `${i === 0 ? 'M' : 'L'}${scale.x(points[i] ?? 0)} ${scale.y(points[i + 1] ?? 0)}`;
  const level = path.nominalVoltage_kV >= 66 ? 'v110' : path.nominalVoltage_kV > 24 ? 'v35' : 'v22';
  const kind = `wire ${path.kind} ${level} ${look}`;
  const [x, y] = [scale.x(points.at(-2) ?? 0), scale.y(points.at(-1) ?? 0)];
  const down = (points.at(-1) ?? 0) >= (points.at(-3) ?? 0) ? 1 : -1;
  return (
    <>
      <path className={kind} d={d} />
      {look !== 'live' && look !== 'unknown' && <path className={`${kind} core`} d={d} />}
      {path.arrow && (
        <path
          className={`arrow ${level} ${look}`}
          d={`M${x - 7} ${y - 4 * down}L${x} ${y + 9 * down}L${x + 7} ${y - 4 * down}Z`}
        />
      )}
    </>
  );
}

/** Tags and portable earths on the section of a node, where its line leaves the station. */
function SectionSigns({ node, x, y }: { node: string; x: number; y: number }) {
  const { book } = useApp();
  const live = useLive((state) => state);
  const section = sectionOf(book, live, node)?.id;
  const signs = [
    ...[...live.tags.values()].flatMap(({ on, equipment, kind }) =>
      on === 'section' && equipment === section ? [TAG_SYMBOLS[kind]] : [],
    ),
    ...[...live.earths.values()].flatMap(({ kind, section: earthed }) =>
      kind === 'portable' && earthed === section ? ['ground-disconnector-closed'] : [],
    ),
  ];
  return signs.map((name, n) => (
    <use key={n} href={`#${name}`} x={x + n * 20} y={y} width="18" height="18" />
  ));
}

/** Beside the head of a device; where bays stand close, on its corner and clear of the bus above. */
function placeOfAlarm(x: number, y: number, { device, room }: Scale) {
  return room === 'compact'
    ? { x: x + 4, y: y - 15, width: 12, height: 12 }
    : { x: x + device / 2 + 10, y: y - 26, width: 16, height: 16 };
}

interface DeviceProps {
  readonly symbol: OneLineSymbol;
  readonly state: SymbolState;
  readonly scale: Scale;
  readonly selected: boolean;
  readonly alarm: number | null;
  readonly tags: readonly string[];
  readonly step: number | null;
}

function Device({ symbol, state, scale, selected, alarm, tags, step }: DeviceProps) {
  const { ui, book, live } = useApp();
  const { t } = useSpeech();
  const [x, y] = [scale.x(symbol.column), scale.y(symbol.row)];
  const transformer = symbol.kind === 'transformer';
  const size = transformer
    ? scale.device * 2
    : symbol.kind === 'groundDisconnector'
      ? scale.device - 4
      : scale.device;
  const turned = symbol.vertical && turnsWithLine(symbol.kind);
  const ground = symbol.kind === 'groundDisconnector';
  const position = live.get().switches.get(symbol.id)?.position;
  const gap = (transformer ? scale.device : scale.device / 2) + 6;
  const main = symbol.kind === 'breaker' || transformer;
  const words = position === null || position === undefined ? '' : `, ${t(`position.${position}`)}`;
  const r = scale.device / 2 + 7;
  const select = (): void => ui.select({ kind: 'symbol', id: symbol.id });
  // The label of an earthing switch stands right of the bay's line, as the symbol stands left of it.
  const beside = ground ? scale.x(symbol.column + 0.34) + 8 : x + gap;
  return (
    <g
      role="button"
      tabIndex={0}
      aria-label={`${deviceName(book, symbol.id)}, ${t(`kind.${symbol.kind}`)}${words}`}
      aria-pressed={selected}
      className="device"
      data-testid={`one-line-${symbol.id}`}
      data-look={state.look}
      onClick={(event) => {
        event.stopPropagation();
        select();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        event.stopPropagation();
        select();
      }}
    >
      <rect className="hit" x={x - 15} y={y - 15} width="30" height="30" rx="3" />
      {(symbol.kind === 'disconnector' || symbol.kind === 'loadBreakSwitch') && (
        <rect
          className="ground"
          x={x - (turned ? 4 : size / 2 - 3)}
          y={y - (turned ? size / 2 - 3 : 4)}
          width={turned ? 8 : size - 6}
          height={turned ? size - 6 : 8}
        />
      )}
      <use
        href={`#${symbolName(symbol.kind, state.look)}`}
        x={x - size / 2}
        y={y - size / 2}
        width={size}
        height={size}
        transform={turned ? `rotate(90 ${x} ${y})` : ground ? `rotate(180 ${x} ${y})` : undefined}
      />
      {state.ring && <circle className="ring-abnormal" cx={x} cy={y} r={scale.device / 2 + 4} />}
      {selected && (
        <path
          className="brackets"
          d={`M${x - r} ${y - r + 8}v-6q0-2 2-2h4M${x + r} ${y - r + 8}v-6q0-2-2-2h-4M${x - r} ${y + r - 8}v6q0 2 2 2h4M${x + r} ${y + r - 8}v6q0 2-2 2h-4`}
        />
      )}
      {symbol.labelSide !== 'none' && (
        <text
          className={main ? 'b' : 't2'}
          x={symbol.labelSide === 'below' ? x : symbol.labelSide === 'left' ? x - gap : beside}
          y={symbol.labelSide === 'below' ? y + gap + 10 : y + 4}
          textAnchor={
            symbol.labelSide === 'below' ? 'middle' : symbol.labelSide === 'left' ? 'end' : 'start'
          }
        >
          {ground && scale.room !== 'roomy' ? '' : symbol.label}
          {state.letter !== null && <tspan className="quality"> {state.letter}</tspan>}
          {state.lockout && <tspan className="quality"> F79</tspan>}
        </text>
      )}
      {alarm !== null && (
        <use
          href={`#icon-priority-${alarm}`}
          className={alarm < 3 ? 'unacked' : ''}
          {...placeOfAlarm(x, y, scale)}
        />
      )}
      {tags.map((name, n) => (
        <use key={n} href={`#${name}`} x={x - gap - 20 - n * 20} y={y + 4} width="18" height="18" />
      ))}
      {step !== null && (
        <>
          <circle className="dot-next" cx={x - gap - 6} cy={y - 8} r="9" />
          <text className="step-number" x={x - gap - 6} y={y - 4} textAnchor="middle">
            {step}
          </text>
        </>
      )}
    </g>
  );
}

function Figures({
  values,
  x,
  y,
  anchor,
}: {
  readonly values: readonly BayValue[];
  readonly x: number;
  readonly y: number;
  readonly anchor: 'middle' | 'start';
}) {
  return values.map(({ figure, unit, letter }, k) => (
    <text key={unit} className={letter === null ? '' : 'stale-value'} x={x} y={y + k * VALUE_LINE}>
      <tspan className="value" x={x} textAnchor={anchor === 'middle' ? 'end' : 'start'}>
        {figure}
      </tspan>
      {anchor === 'middle' ? (
        <tspan className="unit" x={x + 5}>
          {unit}
        </tspan>
      ) : (
        <tspan className="unit"> {unit}</tspan>
      )}
      {letter !== null && <tspan className="quality"> {letter}</tspan>}
    </text>
  ));
}

function placeOfValues(bay: OneLineBay, scale: Scale, width: number) {
  const x = scale.x(bay.column);
  if (bay.kind === 'incomer')
    return { x: x + 18, y: scale.y(bay.row) + 4, anchor: 'start' as const };
  if (bay.kind === 'transformer' && scale.room === 'compact')
    return { x: x - scale.device - 34, y: scale.y(bay.row) + 4, anchor: 'middle' as const };
  if (bay.kind === 'transformer')
    return { x: x + scale.device + 6, y: scale.y(bay.row) + 20, anchor: 'start' as const };
  if (bay.kind === 'coupler')
    return { x: x + 2, y: scale.y(bay.row) - 20, anchor: 'middle' as const };
  const below = scale.room === 'compact' ? 24 : 28;
  return { x: Math.min(x + 2, width - 40), y: scale.y(bay.row) + below, anchor: 'middle' as const };
}

const UNKNOWN: SymbolState = {
  look: 'bad',
  ring: false,
  letter: '?',
  indicator: null,
  lockout: false,
  busy: false,
};

/** The one-line with live positions and figures; every device can be selected by pointer or key. */
export function OneLine({ layout }: { readonly layout: StationOneLine }) {
  const { ui, book } = useApp();
  const speech = useSpeech();
  const now = useServerNow();
  const live = useLive((state) => state);
  const selected = useUi((state) => state.selection?.id ?? null);
  const box = useRef<HTMLDivElement>(null);
  const [{ width, height }, setSize] = useState({ width: 0, height: 0 });
  const columns = layout.columns;
  const pitch = useMemo(() => leastPitch(layout), [layout]);
  useEffect(() => {
    const pane = box.current;
    if (pane === null) return undefined;
    const sizes = new ResizeObserver(() =>
      setSize({
        width: Math.max(pane.clientWidth, columns * LEAST.column),
        height: Math.max(pane.clientHeight, LEAST.height),
      }),
    );
    sizes.observe(pane);
    return () => sizes.disconnect();
  }, [columns]);
  const second = Math.floor(now / 1000) * 1000;
  const looks = useMemo(() => {
    const open = [...live.incidents.values()].filter((i) => i.closedAt_ms === null);
    return liveLooks(book, live, open, second);
  }, [book, live, second]);
  const stateOf = (id: string): SymbolState => {
    const drawn = book.symbols.get(id);
    return drawn === undefined ? UNKNOWN : looks.ofSymbol(drawn);
  };
  const alarms = new Map<string, number>();
  for (const alarm of live.alarms.values())
    if (needsAcknowledging(alarm))
      alarms.set(
        alarm.equipment,
        Math.min(alarm.priority, alarms.get(alarm.equipment) ?? alarm.priority),
      );
  const room = roomIn(width, height, columns);
  const { top, bottom } = EDGE[room];
  const rowHeight = (height - top - bottom) / layout.rows;
  const scale: Scale = {
    x: (column) => Math.round((column / columns) * width) + 0.5,
    y: (row) => Math.round(top + row * rowHeight) + 0.5,
    room,
    // A device never touches the next one of its bay.
    device: Math.max(10, Math.min(room === 'roomy' ? 24 : 20, Math.floor(pitch * rowHeight) - 4)),
  };
  const focus = room === 'roomy' ? 52 : Math.min(34, (0.5 * width) / columns);
  const bay = layout.bays.find((b) => selected !== null && b.symbols.includes(selected));
  return (
    <div
      ref={box}
      className={`one-line ${live.status === 'live' ? '' : 'stale'}`}
      data-testid="one-line"
    >
      {width > 0 && (
        <svg
          width={width}
          height={height}
          viewBox={`0 0 ${width} ${height}`}
          role="group"
          aria-label={speech.t('station.label', { station: layout.name })}
          onClick={() => ui.select(null)}
        >
          {bay !== undefined && bay.kind !== 'coupler' && (
            <rect
              className="bay-focus"
              x={scale.x(bay.column) - focus}
              y={scale.y(bay.from) + 6}
              width={2 * focus}
              height={
                bay.kind === 'feeder' || bay.kind === 'spare'
                  ? height - scale.y(bay.from) - 12
                  : scale.y(bay.to) - scale.y(bay.from) - 12
              }
              rx="4"
            />
          )}
          {layout.paths.map((path, i) => (
            <Wire key={i} path={path} look={looks.ofNode(path.node)} scale={scale} />
          ))}
          {layout.buses.map((bus) => (
            <text key={bus.node} x={scale.x(bus.from)} y={scale.y(bus.row) - 11}>
              <tspan className="b">{bus.label}</tspan>
              {voltageOfBus(bus.node, live, speech).map(({ figure, unit, letter }) => (
                <tspan key={unit} className={letter === null ? '' : 'stale-value'}>
                  <tspan className="value"> {figure}</tspan>
                  <tspan className="unit"> {unit}</tspan>
                  {letter !== null && <tspan className="quality"> {letter}</tspan>}
                </tspan>
              ))}
            </text>
          ))}
          {layout.paths
            .filter(({ arrow }) => arrow)
            .map(({ node, points }) => (
              <SectionSigns
                key={node}
                node={node}
                x={scale.x(points.at(-2) ?? 0) + 12}
                y={scale.y(points.at(-1) ?? 0) - 16}
              />
            ))}
          {layout.stubs.map((stub, i) => (
            <text key={i} className="t2" x={scale.x(stub.column)} y={scale.y(stub.row) + 24}>
              {stub.text}
            </text>
          ))}
          {layout.bays.map((b) => {
            const rated = book.transformers.get(b.equipment)?.rated_MVA;
            const place = placeOfValues(b, scale, width);
            const values = valuesOfBay(b, live, speech);
            const shown = room === 'compact' ? valuesInShort(values) : values;
            return (
              <g key={b.equipment} data-testid={`bay-${b.equipment}`}>
                {b.kind === 'transformer' && rated !== undefined && room !== 'compact' && (
                  <text
                    className="unit"
                    x={scale.x(b.column) - scale.device - 6}
                    y={scale.y(b.row) + 4}
                    textAnchor="end"
                  >
                    {speech.num(rated)} MVA
                  </text>
                )}
                <Figures values={shown} {...place} />
              </g>
            );
          })}
          {layout.symbols.map((symbol) => (
            <Device
              key={symbol.id}
              symbol={symbol}
              state={stateOf(symbol.id)}
              scale={scale}
              selected={selected === symbol.id}
              alarm={alarms.get(symbol.id) ?? null}
              tags={[...live.tags.values()].flatMap(({ equipment, kind }) =>
                equipment === symbol.id ? [TAG_SYMBOLS[kind]] : [],
              )}
              step={looks.steps.get(symbol.id)?.find((s) => s.state === 'next')?.n ?? null}
            />
          ))}
        </svg>
      )}
    </div>
  );
}
