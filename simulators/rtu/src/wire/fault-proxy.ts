import type { Socket } from 'node:net';
import { RandomStream } from '@relight/foundation';
import { sockets } from './network.ts';
import type { Listener, Network } from './network.ts';

/** What a wire does to the bytes that pass it. Shares are of the pieces, 0 to 1. */
export interface WireFaults {
  /** Every piece comes so much later, ms. */
  latency_ms: number;
  /** Connections stand, new ones are accepted, nothing passes; what waits passes afterwards. */
  blackHole: boolean;
  /** No piece is longer, bytes; 0: as they come. */
  slice: number;
  /** Bytes per second in each direction; 0: no limit. */
  limit_Bps: number;
  /** One byte of the piece is damaged. */
  corrupt: number;
  /** So many bytes at the beginning of a piece are never damaged: what is inside it is. */
  spared: number;
  /** The piece passes twice. */
  duplicate: number;
  /** The piece changes places with the next one. */
  reorder: number;
}

const SOUND: WireFaults = {
  latency_ms: 0,
  blackHole: false,
  slice: 0,
  limit_Bps: 0,
  corrupt: 0,
  spared: 0,
  duplicate: 0,
  reorder: 0,
};

/** Bytes that may wait in one direction before its sender has to wait, as a TCP window does. */
const WINDOW = 256 * 1024;

/**
 * A wire between masters and one device that does to TCP what networks do: latency, black holes,
 * resets, ends, slices, little bandwidth, damaged, doubled and swapped pieces, half-open
 * connections. Bytes of one direction stay in order unless `reorder` says otherwise. On sockets,
 * loopback only. `set` changes it while connections stand.
 */
export class FaultProxy {
  readonly #target: () => number;
  readonly #chance: RandomStream;
  readonly #pairs = new Set<Pair>();
  /** Ends of connections whose device has forgotten them. */
  readonly #forgotten = new Set<Socket>();
  readonly #faults: WireFaults = { ...SOUND };
  readonly #count = { damaged: 0 };
  readonly #network: Network;
  #listener: Listener | null = null;
  #port = 0;
  #host = '127.0.0.1';

  /** @param target - Port of the device on 127.0.0.1, asked for at each connection. */
  constructor(target: () => number, seed = 1, network: Network = sockets) {
    this.#target = target;
    this.#chance = new RandomStream(seed, 'wire');
    this.#network = network;
  }

  /** Pieces damaged so far. */
  get damaged(): number {
    return this.#count.damaged;
  }

  /** Where it listens, or did last. */
  get port(): number {
    return this.#port;
  }

  /** Listens; on the same port again after `close`, on another loopback address if given. */
  async open(host = this.#host, port = this.#port): Promise<void> {
    const accept = (near: Socket): void => this.#join(near);
    this.#listener = await this.#network.listen({ host, port }, accept, { allowHalfOpen: true });
    this.#host = host;
    this.#port = this.#listener.port;
  }

  /** Changes how the wire misbehaves; what is not named stays. */
  set(faults: Partial<WireFaults>): void {
    Object.assign(this.#faults, faults);
    for (const pair of this.#pairs) pair.update();
  }

  /** Cuts every connection with a TCP reset. */
  reset(): void {
    this.#cut((socket) => socket.resetAndDestroy());
  }

  /** Ends every connection in an orderly way, from both sides. */
  end(): void {
    this.#cut((socket) => socket.end());
  }

  /** The device forgets its connections; the other ends hear nothing of it. */
  forget(): void {
    for (const pair of this.#pairs) {
      pair.stop();
      pair.far.destroy();
      this.#forgotten.add(pair.near);
      pair.near.once('close', () => this.#forgotten.delete(pair.near));
    }
    this.#pairs.clear();
  }

  /** Listens no more and cuts every connection. */
  async close(): Promise<void> {
    const listener = this.#listener;
    this.#listener = null;
    this.#cut((socket) => socket.destroy());
    for (const socket of this.#forgotten) socket.destroy();
    this.#forgotten.clear();
    await listener?.close();
  }

  #cut(how: (socket: Socket) => void): void {
    for (const pair of this.#pairs) {
      pair.stop();
      how(pair.near);
      how(pair.far);
    }
    this.#pairs.clear();
  }

  #join(near: Socket): void {
    const place = { host: '127.0.0.1', port: this.#target() };
    const far = this.#network.connect(place, { allowHalfOpen: true });
    const pair = new Pair(near, far, {
      faults: this.#faults,
      chance: this.#chance,
      count: this.#count,
    });
    this.#pairs.add(pair);
    for (const socket of [near, far]) {
      socket.on('error', () => {}); // 'close' follows and tidies up.
      socket.on('close', () => {
        if (!this.#pairs.delete(pair)) return;
        pair.stop();
        near.destroy();
        far.destroy();
      });
    }
  }
}

/** What all directions of one wire share. */
interface Wire {
  readonly faults: WireFaults;
  readonly chance: RandomStream;
  readonly count: { damaged: number };
}

interface Piece {
  readonly bytes: Buffer;
  readonly due: number;
}

/** One connection: two directions. */
class Pair {
  readonly near: Socket;
  readonly far: Socket;
  readonly #directions: readonly Direction[];

  constructor(near: Socket, far: Socket, wire: Wire) {
    this.near = near;
    this.far = far;
    this.#directions = [new Direction(near, far, wire), new Direction(far, near, wire)];
  }

  update(): void {
    for (const direction of this.#directions) direction.pump();
  }

  stop(): void {
    for (const direction of this.#directions) direction.stop();
  }
}

class Direction {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #faults: WireFaults;
  readonly #chance: RandomStream;
  readonly #count: Wire['count'];
  #waiting: Piece[] = [];
  #bytesWaiting = 0;
  #lastDue = 0;
  #ended = false;
  #stopped = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(from: Socket, to: Socket, { faults, chance, count }: Wire) {
    this.#from = from;
    this.#to = to;
    this.#faults = faults;
    this.#chance = chance;
    this.#count = count;
    from.setNoDelay();
    from.on('data', (bytes) => this.#take(bytes));
    from.on('end', () => {
      this.#ended = true;
      this.pump();
    });
    this.pump();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#waiting = [];
    this.#bytesWaiting = 0;
    this.#from.resume();
  }

  #take(bytes: Buffer): void {
    if (this.#stopped) return;
    const { slice, corrupt, spared, duplicate, reorder } = this.#faults;
    const longest = slice > 0 ? slice : bytes.length;
    const pieces: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += longest) {
      const piece = Buffer.from(bytes.subarray(at, at + longest));
      if (piece.length > spared && this.#happens(corrupt)) {
        damage(piece, spared, this.#chance);
        this.#count.damaged += 1;
      }
      pieces.push(piece);
      if (this.#happens(duplicate)) pieces.push(piece);
    }
    for (const piece of pieces) {
      const last = this.#happens(reorder) ? this.#waiting.pop() : undefined;
      this.#enqueue(piece);
      if (last !== undefined) this.#waiting.push(last);
    }
    this.pump();
  }

  #happens(share: number): boolean {
    return share > 0 && this.#chance.next() < share;
  }

  #enqueue(bytes: Buffer): void {
    const { latency_ms, limit_Bps } = this.#faults;
    const earliest = Math.max(performance.now() + latency_ms, this.#lastDue);
    const due = limit_Bps > 0 ? earliest + (1_000 * bytes.length) / limit_Bps : earliest;
    this.#lastDue = due;
    this.#waiting.push({ bytes, due });
    this.#bytesWaiting += bytes.length;
  }

  /** Sends what is due and books the rest. */
  pump(): void {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    const { blackHole } = this.#faults;
    const now = performance.now();
    while (!blackHole) {
      const [piece] = this.#waiting;
      if (piece === undefined || piece.due > now) break;
      this.#waiting.shift();
      this.#bytesWaiting -= piece.bytes.length;
      this.#to.write(piece.bytes);
    }
    if (blackHole || this.#bytesWaiting > WINDOW) this.#from.pause();
    else this.#from.resume();
    const [next] = this.#waiting;
    if (next !== undefined && !blackHole) {
      this.#timer = setTimeout(() => this.pump(), Math.max(1, next.due - now));
    }
    if (this.#ended && next === undefined && !blackHole) this.#to.end();
  }
}

function damage(bytes: Buffer, from: number, chance: RandomStream): void {
  const at = chance.integer(from, bytes.length - 1);
  bytes[at] = (bytes[at] ?? 0) ^ chance.integer(1, 255);
}
