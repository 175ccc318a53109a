import type { OneLinePath } from '@relight/diagram';
import { useApp, useLive } from '../app-context.ts';
import { sectionOf } from '../scene/section-index.ts';
import { TAG_SYMBOLS } from '../tags/tag-marks.ts';
import type { BayValue } from './bay-values.ts';
import type { Scale } from './one-line-scale.ts';

const VALUE_LINE = 16;

/** A conductor of the station, with the arrow where it leaves. */
export function Wire({ path, look, scale }: { path: OneLinePath; look: string; scale: Scale }) {
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
export function SectionSigns({ node, x, y }: { node: string; x: number; y: number }) {
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

/** The figures of a bay, one a line. */
export function Figures({
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
