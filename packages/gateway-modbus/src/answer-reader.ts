/** A frame as it came in. */
export interface AnswerFrame {
  readonly transaction: number;
  readonly unit: number;
  /** Function code and data. */
  readonly pdu: Buffer;
}

/** Transaction, protocol, length and unit (Modbus Messaging on TCP/IP 1.0b, 3.1.3). */
const HEADER = 7;
/** Unit byte and function code; an answer without data does not exist, but it is a whole frame. */
const LEAST_LENGTH = 2;
const MOST_LENGTH = 254;

/**
 * Cuts what arrives on one connection into frames, however the network sliced it. Holds back at
 * most one incomplete frame, 260 bytes.
 */
export class AnswerReader {
  #rest: Buffer = Buffer.alloc(0);

  /**
   * @returns The frames these bytes complete, and what is wrong with the stream if it cannot be
   *   Modbus TCP; from then on nothing of it can be believed.
   */
  take(bytes: Buffer): { readonly frames: readonly AnswerFrame[]; readonly broken: string | null } {
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const frames: AnswerFrame[] = [];
    let at = 0;
    while (all.length - at >= HEADER) {
      const protocol = all.readUInt16BE(at + 2);
      const length = all.readUInt16BE(at + 4);
      if (protocol !== 0) return { frames, broken: `an answer of protocol ${protocol}, not 0` };
      if (length < LEAST_LENGTH || length > MOST_LENGTH) {
        return { frames, broken: `an answer of ${length} bytes` };
      }
      const end = at + 6 + length;
      if (all.length < end) break;
      frames.push({
        transaction: all.readUInt16BE(at),
        unit: all.readUInt8(at + 6),
        pdu: all.subarray(at + HEADER, end),
      });
      at = end;
    }
    this.#rest = Buffer.from(all.subarray(at));
    return { frames, broken: null };
  }
}

/** One request as it goes out. */
export function encodeRequest(transaction: number, unit: number, pdu: Buffer): Buffer {
  const header = Buffer.alloc(HEADER);
  header.writeUInt16BE(transaction, 0);
  header.writeUInt16BE(pdu.length + 1, 4);
  header.writeUInt8(unit, 6);
  return Buffer.concat([header, pdu]);
}
