import type { ControlBus } from '@relight/bus';
import { createMemoryBus } from '@relight/bus';
import type { ControlOrder, ControlReport, GatewayMessage, PointUpdate } from '@relight/contract';
import { SimulatedClock } from '@relight/foundation';
import type { CommandMemory, CommandStore, ControlOutcome } from '../command-store.ts';
import { createGateway } from '../gateway.ts';
import type { Gateway } from '../gateway.ts';
import { parsePointList } from '../point-list.ts';
import { ScriptedDriver } from './scripted-driver.ts';

export const WALL_START_ms = 1_800_000_000_000;

/** A memory of commands that can be told to fail, as a full disk does. */
export class ForgetfulStore implements CommandStore {
  readonly epoch = 1;
  newestToken = 0;
  full = false;
  readonly commands = new Map<string, CommandMemory>();

  find(commandId: string): CommandMemory | undefined {
    return this.commands.get(commandId);
  }

  async begin(command: Omit<CommandMemory, 'outcome'>): Promise<void> {
    if (this.full) throw new Error('no space left on device');
    this.commands.set(command.commandId, { ...command, outcome: null });
  }

  async finish(commandId: string, outcome: ControlOutcome): Promise<void> {
    const begun = this.commands.get(commandId);
    if (begun !== undefined) this.commands.set(commandId, { ...begun, outcome });
  }

  async raiseToken(token: number): Promise<void> {
    this.newestToken = Math.max(this.newestToken, token);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/**
 * A gateway whose time and device belong to the test: RTU `R1` with the switch `471-58` and its
 * current (deadband 5 A, frozen after 10 minutes), and RTU `R2` with the switch `471-74`.
 */
export class GatewayRig {
  readonly clock = new SimulatedClock(WALL_START_ms);
  readonly store = new ForgetfulStore();
  readonly device = new ScriptedDriver('R1');
  readonly other = new ScriptedDriver('R2');
  readonly gateway: Gateway;
  /** The control centre holds its lease. */
  leads = true;
  readonly control: ControlBus;
  readonly messages: GatewayMessage[] = [];
  #listening = (): void => {};

  constructor(busLimit = 1_000) {
    const bus = createMemoryBus(busLimit);
    this.control = bus.control;
    const list = parsePointList(SMALL_LIST);
    if (!list.ok) throw new Error(JSON.stringify(list.error));
    this.gateway = createGateway({
      pointList: list.value,
      drivers: [this.device, this.other],
      clock: this.clock,
      bus: bus.gateway,
      commandStore: this.store,
      mayWrite: () => this.leads,
    });
    this.gateway.start();
    this.listen();
  }

  listen(): void {
    this.#listening = this.control.subscribe((message) => this.messages.push(message));
  }

  /** The control centre stands still from now on: what arrives waits unhandled. */
  standStill(): void {
    this.#listening();
  }

  /** Everything under way settles; time moves by `ms`. */
  async pass(ms = 0): Promise<void> {
    this.clock.advance(ms);
    for (let i = 0; i < 30; i++) await Promise.resolve();
  }

  /** The link is up, the switch is closed, in remote, and carries 100 A. */
  async ready(): Promise<void> {
    this.device.link(true);
    this.device.report('interrogation', [
      { point: '471-58.position', value: 'closed', quality: 'good', sourceTime_ms: 1 },
      { point: '471-58.localRemote', value: true, quality: 'good', sourceTime_ms: 1 },
      { point: '471-58.current_A', value: 100, quality: 'good', sourceTime_ms: 1 },
      { point: '471-58.faultIndicator', value: false, quality: 'good', sourceTime_ms: 1 },
    ]);
    await this.pass(50);
  }

  get updates(): PointUpdate[] {
    return this.messages.flatMap((one) => (one.type === 'telemetry' ? one.updates : []));
  }

  newest(point: string): PointUpdate | undefined {
    return this.updates.findLast((update) => update.point === point);
  }

  order(commandId: string, changes: Partial<ControlOrder> = {}): ControlOrder {
    return {
      commandId,
      phase: 'select',
      equipment: '471-58',
      operation: 'open',
      token: 3,
      expiresAt_ms: this.clock.now() + 10_000,
      seenSequence: this.newest('471-58.position')?.sequence ?? null,
      seenPosition: 'closed',
      ...changes,
    };
  }

  async send(order: ControlOrder): Promise<ControlReport | undefined> {
    const before = this.reports.length;
    this.control.publish({ type: 'control', order });
    await this.pass();
    return this.reports[before];
  }

  get reports(): ControlReport[] {
    return this.messages.flatMap((one) => (one.type === 'controlReport' ? [one.report] : []));
  }
}

const point = (equipment: string, rtu: string, signal: string, address: number) => ({
  id: `${equipment}.${signal}`,
  rtu,
  equipment,
  signal,
  table: 'inputRegister',
  address,
});

const SMALL_LIST = {
  format: 'relight-points/1',
  grid: 'small',
  rtus: [
    { id: 'R1', protocol: 'modbus-tcp', host: '127.0.0.1', port: 1_001 },
    { id: 'R2', protocol: 'modbus-tcp', host: '127.0.0.1', port: 1_002 },
  ],
  points: [
    { ...point('471-58', 'R1', 'position', 0), command: { arm: 0, operate: 2 } },
    point('471-58', 'R1', 'localRemote', 1),
    { ...point('471-58', 'R1', 'current_A', 2), deadband: 5, frozen_ms: 600_000 },
    point('471-58', 'R1', 'faultIndicator', 3),
    { ...point('471-74', 'R2', 'position', 0), command: { arm: 0, operate: 2 } },
  ],
};
