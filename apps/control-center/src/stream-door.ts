import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ErrorCode } from '@relight/contract';
import { WebSocketServer } from 'ws';
import type { Door } from './door.ts';
import { approachOf } from './front-address.ts';
import { endWith } from './raw-answer.ts';
import type { RefusalLog } from './refusal-log.ts';
import type { StreamHub } from './stream-hub.ts';

/** A client has nothing to say on the stream. */
const LARGEST_MESSAGE_BYTES = 4_096;

export interface StreamDoorParts {
  readonly door: Door;
  readonly refusals: RefusalLog;
  readonly monotonic_ms: () => number;
  readonly hub: StreamHub;
}

/**
 * The stream is an upgrade of its own: the same door, then snapshot and deltas, nothing upward.
 * What asks for any other change of protocol is turned away here too.
 */
export function attachStream(server: Server, path: string, parts: StreamDoorParts): void {
  const { door, hub } = parts;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: LARGEST_MESSAGE_BYTES,
    perMessageDeflate: false,
  });
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    endWith(request.socket, 417, 'RL-022', 'Expect is refused', request.method === 'HEAD');
    response.on('error', () => {});
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Nobody else listens: a peer that resets at this moment must not end the control centre.
    socket.on('error', () => socket.destroy());
    const approach = approachOf(request);
    const turn = (status: number, code: ErrorCode, message: string): void =>
      endWith(socket, status, code, message, request.method === 'HEAD');
    const found = door.front.check(approach) ?? door.admitStream(approach);
    if ('status' in found) {
      const by = door.front.clientOf(approach);
      parts.refusals.note(by, 'GET stream', found.code, parts.monotonic_ms());
      return turn(found.status, found.code, found.message);
    }
    if (approach.path !== path || request.method !== 'GET') {
      return turn(404, 'RL-023', 'nothing here changes its protocol but the stream');
    }
    if (!hub.hasRoom(found)) return turn(429, 'RL-045', 'too many streams are open');
    return sockets.handleUpgrade(request, socket, head, (client) => {
      client.on('message', () => client.close(1008, 'the stream takes no messages: use REST'));
      hub.connect(client, found);
    });
  });
}
