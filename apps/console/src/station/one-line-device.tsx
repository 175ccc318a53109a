import type { OneLineSymbol } from '@relight/diagram';
import { useApp, useSpeech } from '../app-context.ts';
import { symbolName, turnsWithLine } from '../scene/draw-symbols.ts';
import type { SymbolState } from '../scene/picture.ts';
import { deviceName } from '../store/grid-book.ts';
import { placeOfAlarm, type Scale } from './one-line-scale.ts';

interface DeviceProps {
  readonly symbol: OneLineSymbol;
  readonly state: SymbolState;
  readonly scale: Scale;
  readonly selected: boolean;
  readonly alarm: number | null;
  readonly tags: readonly string[];
  readonly step: number | null;
}

/** One device of a bay with its marks; it can be selected by pointer or key. */
export function Device({ symbol, state, scale, selected, alarm, tags, step }: DeviceProps) {
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
