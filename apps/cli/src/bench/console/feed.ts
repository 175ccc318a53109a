import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, normalize } from 'node:path';
import { WebSocketServer, type WebSocket } from 'ws';
import type { GridFile, SessionView, Snapshot } from '@relight/contract';
import type { Changes } from './big-scene.ts';

/** Gives the console its pages, a grid, one snapshot and the changes it is told to send. */
export interface Feed {
  readonly origin: string;
  /** Sends a delta with the next number. @returns Wall time of sending, ms. */
  readonly send: (changes: Changes) => number;
  readonly close: () => Promise<void>;
}

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  woff: 'font/woff',
  woff2: 'font/woff2',
};

/** Who sits at this console. */
const SOMEBODY: SessionView = {
  profile: 'demo',
  session: 'S1',
  user: 'bench',
  name: 'Bench',
  roles: ['dispatcher'],
  areas: null,
  rights: ['watch', 'own'],
  csrf: 'none',
  locked: false,
  idleLock_ms: null,
  expiresAt_ms: 4_000_000_000_000,
};

/** Serves on an ephemeral port of loopback. */
export async function openFeed(pages: string, grid: GridFile, snapshot: Snapshot): Promise<Feed> {
  const answers = new Map([
    ['/api/v1/grid', JSON.stringify(grid)],
    ['/api/v1/health', '{"ok":true,"version":"0","parts":{}}'],
    ['/api/v1/session', JSON.stringify(SOMEBODY)],
  ]);
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://feed').pathname;
    if (path.startsWith('/api/')) {
      const answer = answers.get(path);
      response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
      response.end(answer ?? '{}');
      return;
    }
    const name = path === '/' ? 'index.html' : normalize(path).replace(/^[/\\]+/u, '');
    const type = TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
    readFile(join(pages, name)).then(
      (content) => response.writeHead(200, { 'content-type': type }).end(content),
      () => response.writeHead(404).end(),
    );
  });
  const clients = new Set<WebSocket>();
  let sequence = snapshot.sequence;
  const sockets = new WebSocketServer({ server, path: '/api/v1/stream' });
  sockets.on('connection', (socket) => {
    clients.add(socket);
    socket.on('close', () => clients.delete(socket));
    socket.send(JSON.stringify({ ...snapshot, sequence }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    send: (changes) => {
      sequence += 1;
      const serverTime_ms = snapshot.serverTime_ms + sequence * 1_000;
      const text = JSON.stringify({ type: 'delta', sequence, serverTime_ms, ...changes });
      for (const socket of clients) socket.send(text);
      return Date.now();
    },
    close: async () => {
      for (const socket of clients) socket.terminate();
      sockets.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
