import type { PointFile, RtuFile } from '@relight/contract';
import type { PointListProblem } from './point.ts';

/** Collects problems; knows how to name the RTU, point and address of each. */
export class ProblemList {
  readonly problems: PointListProblem[] = [];

  rtu(index: number, rtu: RtuFile, field: string, message: string): void {
    const path = field === '' ? `rtus.${index}` : `rtus.${index}.${field}`;
    this.problems.push({ path, rtu: rtu.id, point: null, address: null, message });
  }

  point(index: number, point: PointFile, field: string, message: string): void {
    this.problems.push({
      path: field === '' ? `points.${index}` : `points.${index}.${field}`,
      rtu: point.rtu,
      point: point.id,
      address: addressText(point),
      message,
    });
  }

  list(path: string, message: string): void {
    this.problems.push({ path, rtu: null, point: null, address: null, message });
  }
}

function addressText(point: PointFile): string | null {
  if (point.nodeId !== undefined) return point.nodeId;
  if (point.address === undefined) return null;
  return `${point.table ?? 'holdingRegister'} ${point.address}`;
}
