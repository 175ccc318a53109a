import { EVENT_RING, POSITION_CODES, TRIP_FUNCTIONS } from '@relight/contract';
import type { PointValue, Signal } from '@relight/contract';
import { fail, ok } from '@relight/foundation';
import type { Result } from '@relight/foundation';
import { operateSwitch, read, reportedOf, type PlantChange, type Reading } from '@relight/plant';
import type { Behaviour } from '../behaviour.ts';
import { catchUp, recordWrite, type FieldWorld } from '../field-world.ts';
import { signalsOfRtu } from '../point-list.ts';
import { operationOf, SELECTION_HOLD_MS } from '../operation-codes.ts';
import { REGISTERS, STATUS_SLOTS } from '../register-map.ts';
import type { RtuLayout } from '../rtu-layout.ts';
import { EventRing } from './event-ring.ts';
import {
  MODBUS_EXCEPTIONS,
  type ModbusDevice,
  type ModbusException,
  type WriteOrigin,
} from './request.ts';

/** Quality bit "invalid" of IEC 60870-5-104. */
const INVALID = 0x80;

interface Arm {
  readonly token: number;
  readonly connection: string;
  readonly until_ms: number;
}

/** A field RTU: the registers of one switch and the pole indicators beside it. */
export class FieldDevice implements ModbusDevice {
  readonly #world: FieldWorld;
  readonly #rtu: RtuLayout;
  /** The signals that stand in status slots, by slot. */
  readonly #slots: readonly ({ equipment: string; signal: Signal } | null)[];
  readonly #ring = new EventRing(REGISTERS.ringCapacity);
  readonly #behaviour: Behaviour;
  /** What it shows while it is frozen. */
  #frozen: readonly number[] | null = null;
  #arm: Arm | null = null;
  #lastOperation = 0;

  constructor(world: FieldWorld, rtu: RtuLayout, behaviour: Behaviour) {
    this.#world = world;
    this.#behaviour = behaviour;
    this.#rtu = rtu;
    const present = new Set(
      signalsOfRtu(world.plant.network.grid, rtu).map((each) => `${each.equipment}.${each.signal}`),
    );
    const equipment = rtu.switches[0] ?? '';
    const own = STATUS_SLOTS.map((signal) =>
      present.has(`${equipment}.${signal}`) ? { equipment, signal } : null,
    );
    const poles = rtu.poleIndicators.map((id) => ({
      equipment: id,
      signal: 'faultIndicator' as const,
    }));
    this.#slots = [...own, ...poles];
    this.#slots.forEach((from, slot) => {
      if (from !== null) this.#listen(from.equipment, from.signal, slot);
    });
    this.#listen(equipment, 'faultReactance_ohm', REGISTERS.reactanceCode);
  }

  /** From now on changes of this signal go into the ring of events. */
  #listen(equipment: string, signal: Signal, code: number): void {
    const reported = reportedOf(this.#world.plant, equipment, signal);
    if (reported === undefined) return;
    this.#world.listeners.set(reported, (change) => this.#enter(equipment, signal, code, change));
  }

  #enter(equipment: string, signal: Signal, code: number, change: PlantChange): void {
    const valid = read(this.#world.plant, equipment, signal)?.valid ?? false;
    const isReactance = code === REGISTERS.reactanceCode;
    const event = {
      code,
      quality: valid ? 0 : INVALID,
      value: isReactance ? floatBits(Number(change.value)) : statusCode(change.value),
      time_ms: this.#behaviour.stamp(change.at_ms),
    };
    this.#ring.enter(event, this.#behaviour);
  }

  readBits(
    table: 'coil' | 'discreteInput',
    address: number,
    count: number,
  ): Result<readonly boolean[], ModbusException> {
    if (table === 'coil' || address + count > REGISTERS.slots) {
      return fail(MODBUS_EXCEPTIONS.illegalAddress);
    }
    const image = this.#inputRegisters();
    const closed = POSITION_CODES.indexOf('closed');
    const bits = Array.from({ length: REGISTERS.slots }, (_, slot) => {
      const value = image[REGISTERS.statusValue + slot]!;
      return slot === 0 ? value === closed : value !== 0;
    });
    return ok(bits.slice(address, address + count));
  }

  readRegisters(
    table: 'holdingRegister' | 'inputRegister',
    address: number,
    count: number,
  ): Result<readonly number[], ModbusException> {
    catchUp(this.#world);
    const image = table === 'inputRegister' ? this.#inputRegisters() : this.#holdingRegisters();
    if (address + count > image.length) return fail(MODBUS_EXCEPTIONS.illegalAddress);
    return ok(image.slice(address, address + count));
  }

  writeCoils(
    origin: WriteOrigin,
    address: number,
    values: readonly boolean[],
  ): Result<'done', ModbusException> {
    this.#record(origin, 'write', address, values[0] === true ? 1 : 0);
    return fail(MODBUS_EXCEPTIONS.illegalAddress);
  }

  writeRegisters(
    origin: WriteOrigin,
    address: number,
    values: readonly number[],
  ): Result<'done', ModbusException> {
    catchUp(this.#world);
    if (origin.functionCode === 16 && address === REGISTERS.arm && values.length === 2) {
      return this.#takeArm(origin, values[0]! * 0x1_0000 + values[1]!);
    }
    // Taking events out of the ring moves nothing and is no command: it stays out of the wire log.
    const acknowledge = REGISTERS.ring + EVENT_RING.acknowledged;
    if (origin.functionCode === 16 && address === acknowledge && values.length === 2) {
      const known = this.#ring.acknowledge(values[0]! * 0x1_0000 + values[1]!);
      return known ? ok('done') : fail(MODBUS_EXCEPTIONS.illegalValue);
    }
    if (origin.functionCode === 6 && address === REGISTERS.operate) {
      return this.#operate(origin, values[0]!);
    }
    this.#record(origin, 'write', address, values[0]!);
    return fail(MODBUS_EXCEPTIONS.illegalAddress);
  }

  #takeArm(origin: WriteOrigin, token: number): Result<'done', ModbusException> {
    this.#record(origin, 'arm', REGISTERS.arm, token, token);
    const armed = this.#armed();
    if (armed !== null && armed.connection !== origin.connection) {
      return fail(MODBUS_EXCEPTIONS.busy);
    }
    // Writing 0 gives the arm up.
    this.#arm =
      token === 0
        ? null
        : {
            token,
            connection: origin.connection,
            until_ms: this.#world.now_ms() + SELECTION_HOLD_MS,
          };
    return ok('done');
  }

  #operate(origin: WriteOrigin, code: number): Result<'done', ModbusException> {
    const armed = this.#armed();
    const ours = armed !== null && armed.connection === origin.connection ? armed : null;
    this.#record(origin, 'operate', REGISTERS.operate, code, ours?.token);
    const operation = operationOf(code);
    if (ours !== null) this.#arm = null;
    if (operation === null || ours === null) return fail(MODBUS_EXCEPTIONS.illegalValue);
    const equipment = this.#rtu.switches[0] ?? '';
    const { plant, refusing } = this.#world;
    const device = plant.devices[plant.network.index.switch.get(equipment) ?? -1];
    // Not "device failure": that would leave the master in doubt whether something has moved.
    if (device === undefined || refusing.has(equipment)) return fail(MODBUS_EXCEPTIONS.busy);
    if (!operateSwitch(plant, device, operation).ok) return fail(MODBUS_EXCEPTIONS.busy);
    this.#lastOperation = code;
    return ok('done');
  }

  #armed(): Arm | null {
    if (this.#arm !== null && this.#arm.until_ms <= this.#world.now_ms()) this.#arm = null;
    return this.#arm;
  }

  #record(
    origin: WriteOrigin,
    kind: 'arm' | 'operate' | 'write',
    address: number,
    value: number,
    token?: number,
  ): void {
    recordWrite(this.#world, {
      rtu: this.#rtu.id,
      protocol: 'modbus-tcp',
      connection: origin.connection,
      address: String(address),
      value,
      switch: this.#rtu.switches[0] ?? '',
      ...(token === undefined ? {} : { token }),
      kind,
    });
  }

  #holdingRegisters(): readonly number[] {
    const token = this.#armed()?.token ?? 0;
    const image = new Array<number>(REGISTERS.ring).fill(0);
    image[REGISTERS.arm] = Math.floor(token / 0x1_0000);
    image[REGISTERS.arm + 1] = token % 0x1_0000;
    image[REGISTERS.operate] = this.#lastOperation;
    return [...image, ...this.#ring.registers];
  }

  /** Power came back: nothing is armed, and the events may be gone. */
  restarted(losesEvents: boolean): void {
    this.#arm = null;
    this.#lastOperation = 0;
    if (losesEvents) this.#ring.forget();
  }

  #inputRegisters(): readonly number[] {
    catchUp(this.#world);
    if (!this.#behaviour.freeze) this.#frozen = null;
    else if (this.#frozen !== null) return this.#frozen;
    const image = this.#readInputs();
    if (this.#behaviour.freeze) this.#frozen = image;
    return image;
  }

  #readInputs(): readonly number[] {
    const image = new Array<number>(REGISTERS.inputCount).fill(0);
    const { plant } = this.#world;
    const behaviour = this.#behaviour;
    putTime(image, REGISTERS.clock, behaviour.clockAt(this.#world.now_ms()));
    image[REGISTERS.newestEvent] = Math.floor(this.#ring.newest / 0x1_0000);
    image[REGISTERS.newestEvent + 1] = this.#ring.newest % 0x1_0000;
    image[REGISTERS.newestEvent + 2] = this.#ring.incarnation;
    this.#slots.forEach((from, slot) => {
      const reading = from === null ? undefined : read(plant, from.equipment, from.signal);
      if (reading === undefined) return;
      image[REGISTERS.statusValue + slot] = statusCode(reading.value);
      image[REGISTERS.statusQuality + slot] = reading.valid ? 0 : INVALID;
      putTime(image, REGISTERS.statusTime + 4 * slot, behaviour.stamp(reading.at_ms));
    });
    const equipment = this.#rtu.switches[0] ?? '';
    const reactance = read(plant, equipment, 'faultReactance_ohm');
    putFloat(image, REGISTERS.reactance, REGISTERS.reactanceQuality, reactance);
    if (reactance !== undefined) {
      putTime(image, REGISTERS.reactanceTime, behaviour.stamp(reactance.at_ms));
    }
    const current = read(plant, equipment, 'current_A');
    putFloat(image, REGISTERS.current, REGISTERS.currentQuality, current);
    const power = read(plant, equipment, 'activePower_kW');
    putFloat(image, REGISTERS.power, REGISTERS.powerQuality, power);
    putTime(image, REGISTERS.measurementTime, behaviour.stamp(this.#world.now_ms()));
    return image;
  }
}

/** Positions and trip functions by their code, flags as 0 or 1. */
function statusCode(value: PointValue): number {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number') return value;
  const position = POSITION_CODES.findIndex((each) => each === value);
  return position === -1 ? TRIP_FUNCTIONS.findIndex((each) => each === value) : position;
}

function floatBits(value: number): number {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatBE(value);
  return bytes.readUInt32BE(0);
}

function putTime(image: number[], address: number, time_ms: number): void {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(Math.floor(time_ms)));
  for (let word = 0; word < 4; word++) image[address + word] = bytes.readUInt16BE(2 * word);
}

function putFloat(
  image: number[],
  address: number,
  qualityAddress: number,
  reading: Reading | undefined,
): void {
  if (reading === undefined) return;
  const bytes = Buffer.alloc(4);
  bytes.writeFloatBE(typeof reading.value === 'number' ? reading.value : Number.NaN);
  image[address] = bytes.readUInt16BE(0);
  image[address + 1] = bytes.readUInt16BE(2);
  image[qualityAddress] = reading.valid ? 0 : INVALID;
}
