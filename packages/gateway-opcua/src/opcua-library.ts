import type { OPCUACertificateManager } from 'node-opcua-certificate-manager';

export type OpcUaLibrary = typeof import('node-opcua-client');

let library: Promise<OpcUaLibrary> | null = null;

/**
 * node-opcua takes a second and 150 MB to load, so it is loaded when the first OPC UA server is
 * connected to. Its own log goes quiet: what went wrong with a link is part of the link's health.
 */
export function loadOpcUa(): Promise<OpcUaLibrary> {
  library ??= import('node-opcua-client').then((opcua) => {
    opcua.setLogLevel(opcua.LogLevel.Critic);
    return opcua;
  });
  return library;
}

const managers = new Map<string, Promise<OPCUACertificateManager>>();

/**
 * The certificates of this gateway and of the servers it trusts, in one folder with `own`,
 * `trusted`, `issuers` and `rejected`; an unknown server lands in `rejected` and stays out.
 * One manager per folder and process, because it writes there. Nothing but this process's own
 * key pair is made here; no program is called.
 */
export function certificateManager(folder: string): Promise<OPCUACertificateManager> {
  let manager = managers.get(folder);
  if (manager === undefined) {
    manager = makeManager(folder);
    managers.set(folder, manager);
  }
  return manager;
}

/**
 * The folder is looked at anew with the next connection: a certificate that a person has moved
 * from `rejected` to `trusted/certs` counts from then on.
 */
export function forgetTrust(folder: string): void {
  const manager = managers.get(folder);
  managers.delete(folder);
  void manager?.then((old) => {
    old.referenceCounter -= 1;
  });
}

async function makeManager(folder: string): Promise<OPCUACertificateManager> {
  await loadOpcUa();
  const { OPCUACertificateManager } = await import('node-opcua-certificate-manager');
  const manager = new OPCUACertificateManager({
    rootFolder: folder,
    automaticallyAcceptUnknownCertificate: false,
    // Watchers would keep the process alive; the folder is read again at each start.
    disableFileWatchers: true,
  });
  await manager.initialize();
  // Every client that ends gives one reference back; ours keeps the manager for the next one.
  manager.referenceCounter += 1;
  return manager;
}
