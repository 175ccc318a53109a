import type { GatewayMessage, GatewayRequest } from '@relight/contract';

/** What one end of a bus has carried so far. */
export interface BusCounters {
  readonly published: number;
  readonly received: number;
  /** Published and not yet handled by the other end. */
  readonly outstanding: number;
}

/**
 * One end of a two-way channel between a gateway and the control centre. Messages arrive in the
 * order they were published and are never dropped by the bus itself, whatever their kind: a
 * producer of telemetry asks `congested` first and merges its refreshes until the other end has
 * caught up, so that the queue between the two stays bounded while orders and reports always pass.
 */
export interface Bus<Out, In> {
  publish(message: Out): void;
  /**
   * Hands every message to `handler`; what came before the first subscriber waits for it.
   * A message counts as handled once all handlers have returned.
   * @returns Ends the subscription.
   */
  subscribe(handler: (message: In) => void): () => void;
  /** True while more than the limit of messages waits at the other end. */
  readonly congested: boolean;
  readonly counters: BusCounters;
  /** Ends the channel at this end; later messages are ignored. */
  close(): void;
}

/** The end a gateway holds. */
export type GatewayBus = Bus<GatewayMessage, GatewayRequest>;
/** The end the control centre holds. */
export type ControlBus = Bus<GatewayRequest, GatewayMessage>;

/** Messages that may wait at the other end before the sender counts as too fast. */
export const DEFAULT_OUTSTANDING_LIMIT = 64;
