import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { dialedTransport } from './dialed-transport.ts';

const ENDPOINT = 'opc.tcp://127.0.0.1:4840';

function failureOf(dial: () => Socket): Promise<Error | null | undefined> {
  return dialedTransport(dial, ENDPOINT, 50).then((transports) => {
    return new Promise((resolve) => {
      transports.create({}).connect(ENDPOINT, (error) => resolve(error));
    });
  });
}

test('a connection that neither stands nor fails is given up after its time, and not kept', async () => {
  const socket = new Socket();
  expect(await failureOf(() => socket)).toMatchObject({ message: 'connecting timed out' });
  expect(socket.destroyed).toBe(true);
});

test('a connection that is refused fails with its reason', async () => {
  const socket = new Socket();
  setImmediate(() => socket.destroy(new Error('ECONNREFUSED')));
  expect(await failureOf(() => socket)).toMatchObject({ message: 'ECONNREFUSED' });
});
