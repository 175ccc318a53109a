import { MessageChannel } from 'node:worker_threads';
import type { GatewayMessage, GatewayRequest } from '@relight/contract';
import { expect, test } from 'vitest';
import type { ControlBus, GatewayBus } from './bus.ts';
import { createMemoryBus } from './memory-bus.ts';
import { createMessagePortBus } from './message-port-bus.ts';

interface Pair {
  readonly gateway: GatewayBus;
  readonly control: ControlBus;
  end(): void;
}

function portPair(limit: number): Pair {
  const { port1, port2 } = new MessageChannel();
  return {
    gateway: createMessagePortBus<GatewayMessage, GatewayRequest>(port1, limit),
    control: createMessagePortBus<GatewayRequest, GatewayMessage>(port2, limit),
    end: () => port1.close(),
  };
}

const kinds: [string, (limit: number) => Pair][] = [
  ['in memory', (limit) => ({ ...createMemoryBus(limit), end: () => {} })],
  ['over a message port', portPair],
];

const poll = (n: number): GatewayRequest => ({
  type: 'integrityPoll',
  requestId: `poll-${n}`,
  rtus: [],
});

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 2_000 && !condition(); i++) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  expect(condition()).toBe(true);
}

test.each(kinds)('%s, requests reach the gateway in the order they were made', async (_, pair) => {
  const { gateway, control, end } = pair(4);
  const seen: GatewayRequest[] = [];
  for (let n = 0; n < 3; n++) control.publish(poll(n));
  gateway.subscribe((request) => seen.push(request));
  for (let n = 3; n < 6; n++) control.publish(poll(n));
  await until(() => seen.length === 6);
  expect(seen).toEqual([0, 1, 2, 3, 4, 5].map((n) => poll(n)));
  end();
});

test.each(kinds)(
  '%s, a control centre that stands still is seen by the gateway',
  async (_, pair) => {
    const { gateway, control, end } = pair(4);
    const message: GatewayMessage = { type: 'telemetry', updates: [] };
    for (let n = 0; n < 5; n++) gateway.publish(message);
    await until(() => gateway.counters.outstanding === 5);
    expect(gateway.congested).toBe(true);
    control.subscribe(() => {});
    await until(() => gateway.counters.outstanding === 0);
    expect(gateway.congested).toBe(false);
    expect(control.counters.received).toBe(5);
    end();
  },
);

test.each(kinds)('%s, nothing is handed on after the end of a subscription', async (_, pair) => {
  const { gateway, control, end } = pair(4);
  const seen: string[] = [];
  const stop = gateway.subscribe(() => seen.push('first'));
  gateway.subscribe(() => seen.push('second'));
  control.publish(poll(0));
  await until(() => seen.length === 2);
  stop();
  control.publish({ type: 'stop' });
  await until(() => seen.length === 3);
  expect(seen).toEqual(['first', 'second', 'second']);
  control.close();
  control.publish(poll(1));
  expect(control.counters.published).toBe(2);
  end();
});
