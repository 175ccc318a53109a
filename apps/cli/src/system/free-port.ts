import { createServer } from 'node:net';
import { CliError, EXIT_NO } from '../cli-error.ts';

/**
 * Makes sure nobody listens there, before anything else starts. Port 0 is always free.
 * @throws CliError RL-010 when somebody does.
 */
export function checkPortIsFree(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'is in use' : `cannot be used (${error.code})`;
      reject(new CliError('RL-010', `port ${port} on ${host} ${why}`, EXIT_NO));
    });
    server.listen(port, host, () => server.close(() => resolve()));
  });
}
