import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { MemoryNetwork } from './memory-network.ts';
import { sockets } from './network.ts';
import type { ConnectionOptions, Listener } from './network.ts';

const HOST = '127.0.0.1';
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

const NETWORKS = [
  { name: 'sockets', make: () => sockets },
  { name: 'memory', make: () => new MemoryNetwork() },
];

describe.each(NETWORKS)('a connection over $name', ({ make }) => {
  /** Both ends of a connection that stands. */
  async function pair(
    options: ConnectionOptions = {},
  ): Promise<{ near: Socket; far: Socket; listener: Listener }> {
    const network = make();
    let accepted = (_socket: Socket): void => {};
    const arrival = new Promise<Socket>((resolve) => (accepted = resolve));
    const listener = await network.listen({ host: HOST, port: 0 }, accepted, options);
    const near = network.connect({ host: HOST, port: listener.port }, options);
    const [far] = await Promise.all([arrival, once(near, 'connect')]);
    for (const socket of [near, far]) {
      socket.on('error', () => {});
      ends.push(() => socket.destroy());
    }
    ends.push(() => void listener.close());
    return { near, far, listener };
  }

  function received(socket: Socket, bytes: number): Promise<Buffer> {
    return new Promise((resolve) => {
      let all = Buffer.alloc(0);
      const take = (piece: Buffer): void => {
        all = Buffer.concat([all, piece]);
        if (all.length < bytes) return;
        socket.off('data', take);
        resolve(all);
      };
      socket.on('data', take);
    });
  }

  test('carries bytes in order, both ways, and a megabyte as well as one', async () => {
    const { near, far } = await pair();
    const sent = Buffer.from(Array.from({ length: 1_000_000 }, (_, i) => i % 251));
    const all = received(far, sent.length);
    for (let at = 0; at < sent.length; at += 40_000) near.write(sent.subarray(at, at + 40_000));
    expect(sent.equals(await all)).toBe(true);
    const both = received(near, 2);
    far.write('A');
    far.write('B');
    expect((await both).toString()).toBe('AB');
  });

  test('makes a sender wait whose reader does not read', async () => {
    const { near, far } = await pair();
    far.pause();
    let taken = 0;
    while (near.writableLength < 1_000_000 && taken < 100) {
      near.write(Buffer.alloc(1_000_000));
      taken += 1;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect(taken).toBeLessThan(100);
    const all = received(far, taken * 1_000_000);
    far.resume();
    expect((await all).length).toBe(taken * 1_000_000);
  });

  test('ends in an orderly way: the other end hears the end, then both are closed', async () => {
    const { near, far } = await pair();
    const closed = Promise.all([once(near, 'close'), once(far, 'close')]);
    near.resume();
    const last = received(far, 4);
    near.end('last');
    expect((await last).toString()).toBe('last');
    far.resume();
    expect(await closed).toEqual([[false], [false]]);
  });

  test('stays half open where that is wanted: what comes after the end of the other still arrives', async () => {
    const { near, far } = await pair({ allowHalfOpen: true });
    far.resume();
    near.end();
    await once(far, 'end');
    const late = received(near, 4);
    far.end('late');
    expect((await late).toString()).toBe('late');
  });

  test('takes what is said and ended before it stands, and hands it on once it does', async () => {
    const network = make();
    let accepted = (_socket: Socket): void => {};
    const arrival = new Promise<Socket>((resolve) => (accepted = resolve));
    const listener = await network.listen({ host: HOST, port: 0 }, accepted);
    ends.push(() => listener.close());
    const near = network.connect({ host: HOST, port: listener.port });
    near.resume();
    near.end('early');
    const far = await arrival;
    const ended = once(far, 'end');
    expect((await received(far, 5)).toString()).toBe('early');
    far.resume();
    await ended;
  });

  test('breaks with a reset: the other end fails with ECONNRESET and is closed', async () => {
    const { near, far } = await pair();
    near.resume();
    const failed = once(near, 'error');
    const closed = new Promise((resolve) => near.once('close', resolve));
    far.resetAndDestroy();
    expect(await failed).toMatchObject([{ code: 'ECONNRESET' }]);
    expect(await closed).toBe(true);
  });

  test('a place where nobody listens, or nobody listens any more, refuses', async () => {
    const network = make();
    const listener = await network.listen({ host: HOST, port: 0 }, (socket) => socket.resume());
    const taken = network.listen({ host: HOST, port: listener.port }, () => {});
    await expect(taken).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await listener.close();
    const socket = network.connect({ host: HOST, port: listener.port });
    expect(await once(socket, 'error').catch((error: unknown) => [error])).toMatchObject([
      { code: 'ECONNREFUSED' },
    ]);
    // Again at the same place, as a device that restarts.
    const again = await network.listen({ host: HOST, port: listener.port }, (one) => one.resume());
    expect(again.port).toBe(listener.port);
    const second = network.connect({ host: HOST, port: listener.port });
    await once(second, 'connect');
    second.destroy();
    await again.close();
  });

  test('an idle connection says so after the time it was given', async () => {
    const { near } = await pair();
    near.setTimeout(50);
    await once(near, 'timeout');
    expect(near.destroyed).toBe(false);
  });
});
