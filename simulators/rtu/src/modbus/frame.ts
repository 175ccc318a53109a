/** Modbus TCP application header: transaction, protocol (0), length, unit. */
export interface Frame {
  readonly transaction: number;
  readonly unit: number;
  /** Function code and data. */
  readonly pdu: Buffer;
}

const HEADER_BYTES = 7;
/** Length field: unit byte and a PDU of 1 to 253 bytes. */
const LEAST_LENGTH = 2;
const MOST_LENGTH = 254;

/**
 * Cuts a byte stream into frames, however the network has sliced it. A stream that does not look
 * like Modbus TCP cannot be resynchronised and is given up.
 */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);

  /** Frames completed by these bytes; `broken` once the header makes no sense. */
  read(bytes: Buffer): { readonly frames: readonly Frame[]; readonly broken: boolean } {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const frames: Frame[] = [];
    let at = 0;
    while (this.#rest.length - at >= HEADER_BYTES) {
      const length = this.#rest.readUInt16BE(at + 4);
      const isModbus = this.#rest.readUInt16BE(at + 2) === 0;
      if (!isModbus || length < LEAST_LENGTH || length > MOST_LENGTH) {
        return { frames, broken: true };
      }
      const end = at + 6 + length;
      if (this.#rest.length < end) break;
      frames.push({
        transaction: this.#rest.readUInt16BE(at),
        unit: this.#rest.readUInt8(at + 6),
        pdu: this.#rest.subarray(at + HEADER_BYTES, end),
      });
      at = end;
    }
    // At most one incomplete frame stays, so the buffer is bounded.
    this.#rest = Buffer.from(this.#rest.subarray(at));
    return { frames, broken: false };
  }
}

/** The bytes of an answer to `request`. */
export function encodeAnswer(request: Frame, pdu: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(request.transaction, 0);
  header.writeUInt16BE(pdu.length + 1, 4);
  header.writeUInt8(request.unit, 6);
  return Buffer.concat([header, pdu]);
}
