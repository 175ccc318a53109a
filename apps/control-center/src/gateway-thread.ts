import { createMessagePortBus, type ControlBus } from '@relight/bus';
import type { Worker } from 'node:worker_threads';
import type { GatewayMessage, GatewayRequest } from '@relight/contract';
import { startThread } from '@relight/threads';
import type { GatewayStart } from './gateway-worker.ts';

/** How long the gateway may take to close its connections before its thread is ended. */
const STOP_WITHIN_MS = 3_000;

export interface GatewayThread {
  readonly bus: ControlBus;
  stop(): Promise<void>;
}

/** A thread that has loaded the gateway and connects to nobody yet. */
export interface PreparedGateway {
  /**
   * Lets it connect; once.
   * @param onEnd - Hears when it ends without being asked to.
   */
  begin(start: GatewayStart, onEnd: (cause: unknown) => void): GatewayThread;
}

/** Starts the gateway's thread. Until it begins it keeps no process alive. */
export function prepareGatewayThread(): PreparedGateway {
  const worker = startThread(new URL('./gateway-worker.ts', import.meta.url), null);
  worker.unref();
  return { begin: (start, onEnd) => beginGateway(worker, start, onEnd) };
}

function beginGateway(
  worker: Worker,
  start: GatewayStart,
  onEnd: (cause: unknown) => void,
): GatewayThread {
  worker.ref();
  worker.postMessage(start);
  const bus = createMessagePortBus<GatewayRequest, GatewayMessage>(worker);
  let stopping = false;
  worker.on('error', (cause) => {
    if (!stopping) onEnd(cause);
  });
  const ended = new Promise<void>((resolve) => {
    worker.on('exit', (code) => {
      if (!stopping) onEnd(new Error(`the gateway thread ended with code ${code}`));
      resolve();
    });
  });
  return {
    bus,
    stop: async () => {
      stopping = true;
      const stopped = new Promise<void>((resolve) => {
        bus.subscribe((message) => {
          if (message.type === 'stopped') resolve();
        });
      });
      bus.publish({ type: 'stop' });
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, STOP_WITHIN_MS);
      });
      await Promise.race([stopped, ended, late]);
      clearTimeout(timer);
      await worker.terminate();
    },
  };
}
