import { readFileSync } from 'node:fs';
import { PointListFile } from '@relight/contract';
import { parseGridText } from '@relight/grid';
import { expect, test } from 'vitest';
import { generatePointList, type Endpoint } from './point-list.ts';
import { layOutRtus } from './rtu-layout.ts';

const parsed = parseGridText(
  readFileSync(new URL('../../../seeds/grids/demo-town.json', import.meta.url), 'utf8'),
);
if (!parsed.ok) throw new Error('demo-town is refused');
const { grid } = parsed.value;
const layouts = layOutRtus(grid);
const endpoints = new Map<string, Endpoint>(
  layouts.map((rtu, order) => [
    rtu.id,
    rtu.protocol === 'opcua'
      ? { endpoint: `opc.tcp://127.0.0.1:${20_000 + order}` }
      : { host: '127.0.0.1', port: 20_000 + order },
  ]),
);
const list = generatePointList(grid, endpoints);

test('a station has one OPC UA RTU, a remote switch in the field its own Modbus RTU', () => {
  const field = grid.switches.filter(({ remote, from, to }) => {
    const station = [from, to].some((node) => grid.connectivityNodes[node]?.substation !== null);
    return remote && !station;
  });
  expect(layouts.filter((rtu) => rtu.protocol === 'opcua')).toHaveLength(grid.substations.length);
  expect(layouts.filter((rtu) => rtu.protocol === 'modbus-tcp')).toHaveLength(field.length);
  expect(field.length).toBeGreaterThan(40);
});

test('the list is valid, and every id and every place on the wire is used once', () => {
  expect(PointListFile.parse(JSON.parse(JSON.stringify(list)))).toEqual(list);
  const ids = list.points.map((point) => point.id);
  expect(new Set(ids).size).toBe(ids.length);
  const places = list.points.map(({ rtu, nodeId, table, address }) =>
    nodeId === undefined ? `${rtu}/${table}/${address}` : `${rtu}/${nodeId}`,
  );
  expect(new Set(places).size).toBe(places.length);
});

test('every remote switch reports position and local/remote and can be commanded', () => {
  for (const { id } of grid.switches.filter((each) => each.remote)) {
    const own = list.points.filter((point) => point.equipment === id);
    expect(own.map((point) => point.signal)).toContain('localRemote');
    expect(own.find((point) => point.signal === 'position')?.command).toBeDefined();
  }
});

test('every feeder head and recloser reports reclosing with its command, and fault reactance', () => {
  const heads = grid.feeders.map((feeder) => feeder.head);
  const reclosing = grid.switches.filter(
    (each, index) => each.kind === 'recloser' || heads.includes(index),
  );
  expect(reclosing.length).toBeGreaterThanOrEqual(grid.feeders.length);
  for (const { id } of reclosing) {
    const own = list.points.filter((point) => point.equipment === id);
    expect(own.find((point) => point.signal === 'reclosing')?.command).toBeDefined();
    expect(own.map((point) => point.signal)).toContain('faultReactance_ohm');
  }
});

test('every remote pole indicator is heard by the RTU next to it', () => {
  for (const { id, node } of grid.faultIndicators.filter((each) => each.remote)) {
    const point = list.points.find((each) => each.id === `${id}.faultIndicator`);
    const rtu = layouts.find((each) => each.id === point?.rtu);
    const [neighbour] = grid.switches.filter((each) => rtu?.switches.includes(each.id));
    expect([neighbour?.from, neighbour?.to]).toContain(node);
  }
});

test('what is not remote stands in no list', () => {
  const local = {
    ...grid,
    switches: grid.switches.map((each) => ({ ...each, remote: false })),
    faultIndicators: grid.faultIndicators.map((each) => ({ ...each, remote: false })),
  };
  expect(layOutRtus(local).every((rtu) => rtu.protocol === 'opcua')).toBe(true);
  const signals = generatePointList(local, endpoints).points.map((point) => point.signal);
  expect(new Set(signals)).toEqual(new Set(['voltage_kV', 'activePower_kW']));
});
