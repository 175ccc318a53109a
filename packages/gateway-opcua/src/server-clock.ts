import type { ClientSubscription } from 'node-opcua-client';
import type { OpcUaLibrary } from './opcua-library.ts';

/** The clock of every OPC UA server (Part 5, 6.3.2): `Server.ServerStatus.CurrentTime`. */
const CURRENT_TIME = 'i=2258';
/** Servers offer it no oftener, ms. */
const SAMPLING_ms = 1_000;

/**
 * Listens to the server's own clock. Resolves once the server has confirmed.
 * @param tell - Told of each time the server shows, ms since 1970 UTC; null: it has no clock.
 */
export async function listenToClock(
  opcua: OpcUaLibrary,
  subscription: ClientSubscription,
  tell: (time_ms: number | null) => void,
): Promise<void> {
  const group = opcua.ClientMonitoredItemGroup.create(
    subscription,
    [{ nodeId: CURRENT_TIME, attributeId: opcua.AttributeIds.Value }],
    { samplingInterval: SAMPLING_ms, queueSize: 1, discardOldest: true },
    opcua.TimestampsToReturn.Neither,
  );
  group.on('changed', (_item, { value }) => {
    const time: unknown = value.value;
    const time_ms = time instanceof Date ? time.getTime() : Number.NaN;
    tell(Number.isFinite(time_ms) ? time_ms : null);
  });
  await new Promise<void>((resolve, reject) => {
    group.on('initialized', () => resolve());
    group.on('err', (message) => reject(new Error(message)));
  });
  if (group.monitoredItems[0]?.statusCode.isGoodish() !== true) tell(null);
}
