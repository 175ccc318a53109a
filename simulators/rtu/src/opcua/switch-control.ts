import { fail, ok } from '@relight/foundation';
import type { Result } from '@relight/foundation';
import { operateSwitch } from '@relight/plant';
import { catchUp, recordWrite, type FieldWorld } from '../field-world.ts';
import { operationOf, SELECTION_HOLD_MS } from '../operation-codes.ts';

/** Why a method call is refused; the server turns it into a status code. */
export type ControlRefusal =
  | 'badOperation'
  | 'notSelected'
  | 'busy'
  | 'refusedByDevice'
  | 'noCommunication';

interface Selection {
  readonly controlNumber: number;
  readonly operation: number;
  readonly session: string;
  readonly until_ms: number;
}

type ControlMethod = 'select' | 'operate' | 'cancel';

/**
 * Select before operate of one switch: a selection names control number and operation, belongs
 * to its session, holds `SELECTION_HOLD_MS` and is used up by one operate.
 */
export class SwitchControl {
  readonly #world: FieldWorld;
  readonly #rtu: string;
  readonly #switch: string;
  #selection: Selection | null = null;

  constructor(world: FieldWorld, rtu: string, switchId: string) {
    this.#world = world;
    this.#rtu = rtu;
    this.#switch = switchId;
  }

  select(session: string, controlNumber: number, code: number): Result<'done', ControlRefusal> {
    this.#record('select', session, code, controlNumber);
    if (this.#isGone()) return fail('noCommunication');
    if (operationOf(code) === null) return fail('badOperation');
    const held = this.#held();
    if (held !== null && held.session !== session) return fail('busy');
    const until_ms = this.#world.now_ms() + SELECTION_HOLD_MS;
    this.#selection = { controlNumber, operation: code, session, until_ms };
    return ok('done');
  }

  operate(session: string, controlNumber: number, code: number): Result<'done', ControlRefusal> {
    this.#record('operate', session, code, controlNumber);
    if (this.#isGone()) return fail('noCommunication');
    const operation = operationOf(code);
    if (operation === null) return fail('badOperation');
    const held = this.#held();
    if (held === null || held.session !== session) return fail('notSelected');
    this.#selection = null;
    if (held.controlNumber !== controlNumber || held.operation !== code) {
      return fail('notSelected');
    }
    if (this.#world.refusing.has(this.#switch)) return fail('refusedByDevice');
    catchUp(this.#world);
    const { plant } = this.#world;
    const device = plant.devices[plant.network.index.switch.get(this.#switch) ?? -1];
    if (device === undefined) return fail('refusedByDevice');
    const outcome = operateSwitch(plant, device, operation);
    if (outcome.ok) return ok('done');
    return fail(outcome.error === 'moving' ? 'busy' : 'refusedByDevice');
  }

  cancel(session: string, controlNumber: number): Result<'done', ControlRefusal> {
    this.#record('cancel', session, 0, controlNumber);
    if (this.#isGone()) return fail('noCommunication');
    const held = this.#held();
    if (held?.session !== session || held.controlNumber !== controlNumber) {
      return fail('notSelected');
    }
    this.#selection = null;
    return ok('done');
  }

  #isGone(): boolean {
    return this.#world.vanished.has(this.#switch);
  }

  #held(): Selection | null {
    const held = this.#selection;
    if (held !== null && held.until_ms <= this.#world.now_ms()) this.#selection = null;
    return this.#selection;
  }

  #record(kind: ControlMethod, session: string, value: number, token: number): void {
    const method = { select: 'Select', operate: 'Operate', cancel: 'Cancel' }[kind];
    recordWrite(this.#world, {
      rtu: this.#rtu,
      protocol: 'opcua',
      connection: `${this.#rtu}/${session}`,
      address: `ns=1;s=${this.#switch}.${method}`,
      value,
      switch: this.#switch,
      token,
      kind,
    });
  }
}
