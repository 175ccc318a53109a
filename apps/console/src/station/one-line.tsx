import { useEffect, useMemo, useRef, useState } from 'react';
import type { StationOneLine } from '@relight/diagram';
import { useApp, useLive, useServerNow, useSpeech, useUi } from '../app-context.ts';
import { liveLooks, type SymbolState } from '../scene/picture.ts';
import { needsAcknowledging } from '../shell/top-bar.tsx';
import { TAG_SYMBOLS } from '../tags/tag-marks.ts';
import { valuesInShort, valuesOfBay, voltageOfBus } from './bay-values.ts';
import { Device } from './one-line-device.tsx';
import { Figures, SectionSigns, Wire } from './one-line-parts.tsx';
import { EDGE, LEAST, leastPitch, placeOfValues, roomIn, type Scale } from './one-line-scale.ts';

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
