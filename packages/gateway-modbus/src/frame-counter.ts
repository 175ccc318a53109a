const HEADER = 6;

/**
 * Counts the Modbus TCP frames that arrive, by the length in each header, without keeping them:
 * more frames than requests means that somebody answers twice.
 */
export class FrameCounter {
  frames = 0;
  #header: number[] = [];
  #bodyLeft = 0;

  take(bytes: Uint8Array): void {
    let position = 0;
    while (position < bytes.length) {
      if (this.#bodyLeft > 0) {
        const step = Math.min(this.#bodyLeft, bytes.length - position);
        this.#bodyLeft -= step;
        position += step;
        if (this.#bodyLeft === 0) this.frames += 1;
        continue;
      }
      this.#header.push(bytes[position] ?? 0);
      position += 1;
      if (this.#header.length < HEADER) continue;
      this.#bodyLeft = (this.#header[4] ?? 0) * 256 + (this.#header[5] ?? 0);
      this.#header = [];
      if (this.#bodyLeft === 0) this.frames += 1;
    }
  }
}
