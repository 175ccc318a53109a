import type { PointFile, PointListFile, RtuFile } from '@relight/contract';
import type { Grid } from '@relight/grid';
import { checkEvents, checkModbusPoint, ModbusOccupation } from './modbus-address-check.ts';
import { parseSecurity } from './opcua-security.ts';
import { checkAgainstGrid } from './point-list-grid-check.ts';
import { DEFAULT_POLL_CLASS } from './point.ts';
import type { PointListProblem } from './point.ts';
import { ProblemList } from './problem-list.ts';

/** Every rule that needs more than one field of a list whose shape is right. */
export function checkPointList(file: PointListFile, grid?: Grid): readonly PointListProblem[] {
  const problems = new ProblemList();
  const rtus = checkRtus(file, problems);
  const ids = new Map<string, number>();
  const signals = new Map<string, PointFile>();
  const occupation = new ModbusOccupation(file.rtus, problems);
  const nodes = new Map<string, PointFile>();
  for (const [index, point] of file.points.entries()) {
    const sameId = ids.get(point.id);
    if (sameId !== undefined) {
      problems.point(index, point, 'id', `point id is taken by points.${sameId}; ids are unique`);
    }
    ids.set(point.id, index);
    const meaning = `${point.equipment} ${point.signal} ${point.side ?? ''}`;
    const sameMeaning = signals.get(meaning);
    if (sameMeaning !== undefined && sameMeaning.id !== point.id) {
      problems.point(
        index,
        point,
        '',
        `point ${sameMeaning.id} already reports ${point.signal} of ${point.equipment}`,
      );
    }
    signals.set(meaning, point);
    checkCommandSignal(index, point, problems);
    const rtu = rtus.get(point.rtu);
    if (rtu === undefined) {
      problems.point(index, point, 'rtu', `unknown RTU "${point.rtu}"`);
    } else if (rtu.protocol === 'opcua') {
      checkOpcUaPoint(index, point, nodes, problems);
    } else {
      checkModbusPoint(index, point, problems);
      checkPollClass(index, point, rtu, problems);
      occupation.add(index, point);
    }
  }
  occupation.report();
  checkEvents(file.rtus, file.points, problems);
  if (grid !== undefined) checkAgainstGrid(file, grid, problems);
  return problems.problems;
}

function checkRtus(file: PointListFile, problems: ProblemList): ReadonlyMap<string, RtuFile> {
  const rtus = new Map<string, RtuFile>();
  const places = new Map<string, string>();
  for (const [index, rtu] of file.rtus.entries()) {
    if (rtus.has(rtu.id)) problems.rtu(index, rtu, 'id', 'RTU id is taken; ids are unique');
    rtus.set(rtu.id, rtu);
    let place: string | null = null;
    if (rtu.protocol === 'opcua') {
      if (rtu.endpoint === undefined) {
        problems.rtu(index, rtu, 'endpoint', 'missing; expected opc.tcp://HOST:PORT');
      } else if (!/^opc\.tcp:\/\/[^\s/:]+(:\d+)?(\/\S*)?$/.test(rtu.endpoint)) {
        problems.rtu(index, rtu, 'endpoint', `"${rtu.endpoint}" is not opc.tcp://HOST:PORT`);
      } else {
        place = rtu.endpoint;
      }
      if (parseSecurity(rtu.security) === null) {
        problems.rtu(
          index,
          rtu,
          'security',
          `"${rtu.security}" is none of None, Sign, SignAndEncrypt, each but None with /POLICY`,
        );
      }
      if (rtu.user !== undefined && (rtu.security ?? 'None') === 'None') {
        problems.rtu(index, rtu, 'user', 'a password needs a channel with Sign or SignAndEncrypt');
      }
    } else {
      if (rtu.user !== undefined) problems.rtu(index, rtu, 'user', 'Modbus knows no users');
      if (rtu.host === undefined) problems.rtu(index, rtu, 'host', 'missing endpoint: no host');
      if (rtu.port === undefined) problems.rtu(index, rtu, 'port', 'missing endpoint: no port');
      if (rtu.host !== undefined && rtu.port !== undefined) {
        place = `${rtu.host}:${rtu.port} unit ${rtu.unitId ?? 1}`;
      }
    }
    if (place === null) continue;
    const other = places.get(place);
    if (other !== undefined) {
      problems.rtu(index, rtu, '', `${place} is already the place of RTU ${other}`);
    }
    places.set(place, rtu.id);
  }
  return rtus;
}

function checkCommandSignal(index: number, point: PointFile, problems: ProblemList): void {
  if (point.command === undefined) return;
  if (point.signal !== 'position' && point.signal !== 'reclosing') {
    problems.point(
      index,
      point,
      'command',
      `a command belongs to a position or reclosing point, not to ${point.signal}`,
    );
  }
}

function checkPollClass(
  index: number,
  point: PointFile,
  rtu: RtuFile,
  problems: ProblemList,
): void {
  const name = point.pollClass ?? DEFAULT_POLL_CLASS;
  const pollClass = rtu.pollClasses?.[name];
  if (pollClass === undefined) {
    if (name !== DEFAULT_POLL_CLASS) {
      problems.point(index, point, 'pollClass', `RTU ${rtu.id} has no poll class "${name}"`);
    }
    return;
  }
  if (point.maxAge_ms !== undefined && point.maxAge_ms <= pollClass.period_ms) {
    problems.point(
      index,
      point,
      'maxAge_ms',
      `${point.maxAge_ms} ms is not longer than the period of its class, ${pollClass.period_ms} ms`,
    );
  }
}

function checkOpcUaPoint(
  index: number,
  point: PointFile,
  nodes: Map<string, PointFile>,
  problems: ProblemList,
): void {
  if (point.nodeId === undefined) {
    problems.point(index, point, 'nodeId', 'missing; a point of an OPC UA server has a node id');
  } else if (!isNodeId(point.nodeId)) {
    problems.point(index, point, 'nodeId', `"${point.nodeId}" is no node id such as ns=1;s=NAME`);
  } else {
    const place = `${point.rtu} ${point.nodeId}`;
    const other = nodes.get(place);
    if (other !== undefined) {
      problems.point(index, point, 'nodeId', `node id is taken by point ${other.id}`);
    }
    nodes.set(place, point);
  }
  const command = point.command;
  if (command === undefined) return;
  if ('arm' in command) {
    problems.point(index, point, 'command', 'Modbus registers on a point of an OPC UA server');
    return;
  }
  for (const field of ['object', 'select', 'operate', 'cancel'] as const) {
    if (!isNodeId(command[field])) {
      problems.point(index, point, `command.${field}`, `"${command[field]}" is no node id`);
    }
  }
}

function isNodeId(text: string): boolean {
  return /^(ns=\d+;)?(i=\d+|s=.+|g=[0-9a-fA-F-]{36}|b=[A-Za-z0-9+/=]+)$/.test(text);
}
