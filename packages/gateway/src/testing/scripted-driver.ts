import { Subject } from 'rxjs';
import type { Driver, DriverAnswer, DriverEvent, DriverHealth, DriverOrder } from '../driver.ts';
import type { PointReading, ReadingCause } from '../driver.ts';

/** A driver whose device is the test: it says what the test says, and answers orders with `answers`. */
export class ScriptedDriver implements Driver {
  readonly changes = new Subject<DriverEvent>();
  readonly rtu: string;
  readonly written: string[] = [];
  /** What each phase is answered with; `operate` still asks for the last objection first. */
  answers: Partial<Record<'select' | 'operate' | 'cancel', DriverAnswer>> = {};
  /** Orders wait here until the test lets them go, while this is set. */
  hold: Promise<void> | null = null;
  readings: readonly PointReading[] = [];
  closed = false;

  constructor(rtu: string) {
    this.rtu = rtu;
  }

  connect(): void {}

  link(up: boolean): void {
    this.changes.next({ kind: 'link', up, reason: up ? '' : 'scripted' });
  }

  alive(): void {
    this.changes.next({ kind: 'alive' });
  }

  says(point: string, value: PointReading['value'], more: Partial<PointReading> = {}): void {
    const reading = { point, value, quality: 'good', sourceTime_ms: null, ...more } as const;
    this.report('spontaneous', [reading]);
  }

  report(cause: ReadingCause, readings: readonly PointReading[]): void {
    this.changes.next({ kind: 'readings', cause, readings });
  }

  readAll(): Promise<boolean> {
    this.report('interrogation', this.readings);
    return Promise.resolve(this.readings.length > 0);
  }

  async select(order: DriverOrder): Promise<DriverAnswer> {
    await this.hold;
    this.written.push(`select ${order.commandId}`);
    return this.answers.select ?? { outcome: 'selected', reason: '' };
  }

  async operate(order: DriverOrder): Promise<DriverAnswer> {
    await this.hold;
    const objection = order.objection();
    if (objection !== null) return objection;
    this.written.push(`operate ${order.commandId} ${order.operation}`);
    return this.answers.operate ?? { outcome: 'acknowledged', reason: '' };
  }

  cancel(order: DriverOrder): Promise<DriverAnswer> {
    this.written.push(`cancel ${order.commandId}`);
    return Promise.resolve(this.answers.cancel ?? { outcome: 'cancelled', reason: '' });
  }

  health(): DriverHealth {
    return {
      roundTrip_ms: null,
      lastSuccess_ms: null,
      errors: 0,
      reconnects: 0,
      strays: 0,
      latePolls: 0,
      malformed: 0,
      lostEvents: 0,
      skew_ms: null,
      problem: null,
    };
  }

  close(): Promise<void> {
    this.closed = true;
    this.changes.complete();
    return Promise.resolve();
  }
}
