import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ErrorCode } from '@relight/contract';
import { refusal } from './answer.ts';

/** Answers on a bare socket and closes it: half open it would keep the server from ending. */
export function endWith(
  socket: Duplex,
  status: number,
  code: ErrorCode,
  message: string,
  headOnly = false,
): void {
  const text = JSON.stringify(refusal(status, code, message).body);
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n` +
      'Content-Type: application/json\r\nX-Content-Type-Options: nosniff\r\n' +
      `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${headOnly ? '' : text}`,
    () => socket.destroy(),
  );
}

/** What is no HTTP at all gets one clear answer, and the connection ends. */
export function answerMalformed(error: NodeJS.ErrnoException, socket: Duplex): void {
  const { code } = error;
  if (code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const status =
    code === 'HPE_HEADER_OVERFLOW' ? 431 : code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  endWith(socket, status, 'RL-022', `the request is no HTTP (${code ?? error.message})`);
}
