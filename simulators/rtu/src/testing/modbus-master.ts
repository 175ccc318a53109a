import type { PointFile, PointListFile } from '@relight/contract';
import modbusSerial from 'modbus-serial';

/** A Modbus master of other people's making, told by the point list where things are. */
export class ModbusMaster {
  readonly #client = new modbusSerial.default();
  readonly #points: PointListFile;
  readonly #rtu: string;

  constructor(points: PointListFile, rtu: string) {
    this.#points = points;
    this.#rtu = rtu;
  }

  async connect(unit = 1): Promise<void> {
    const rtu = this.#points.rtus.find((each) => each.id === this.#rtu);
    this.#client.setTimeout(2_000);
    await this.#client.connectTCP(rtu?.host ?? '', { port: rtu?.port ?? 0 });
    this.#client.setID(unit);
  }

  close(): void {
    this.#client.destroy(() => {});
  }

  point(equipment: string, signal: string): PointFile {
    const found = this.#points.points.find((each) => each.id === `${equipment}.${signal}`);
    if (found === undefined) throw new Error(`no point ${equipment}.${signal}`);
    return found;
  }

  /** Value, quality bits and source time (ms) of a point. */
  async read(equipment: string, signal: string) {
    const {
      address = 0,
      type,
      qualityAddress = 0,
      timeAddress = 0,
    } = this.point(equipment, signal);
    const words = type === 'float32' ? 2 : 1;
    const value = await this.#client.readInputRegisters(address, words);
    const quality = await this.#client.readInputRegisters(qualityAddress, 1);
    const time = await this.#client.readInputRegisters(timeAddress, 4);
    return {
      value: words === 2 ? value.buffer.readFloatBE(0) : value.data[0],
      quality: quality.data[0],
      time_ms: Number(time.buffer.readBigUInt64BE(0)),
    };
  }

  async readBlock(address: number, count: number): Promise<readonly number[]> {
    return (await this.#client.readInputRegisters(address, count)).data;
  }

  async arm(token: number): Promise<void> {
    await this.#client.writeRegisters(0, [Math.floor(token / 0x1_0000), token % 0x1_0000]);
  }

  async operate(code: number): Promise<void> {
    await this.#client.writeRegister(2, code);
  }
}

/** Time-out or a lost connection. */
export const NO_ANSWER = -1;

/** The exception code a request ended with; undefined if it succeeded. */
export async function exceptionOf(request: Promise<unknown>): Promise<number | undefined> {
  try {
    await request;
    return undefined;
  } catch (error) {
    const known = typeof error === 'object' && error !== null && 'modbusCode' in error;
    return known ? Number(error.modbusCode) : NO_ANSWER;
  }
}
