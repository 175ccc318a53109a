import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `vite dev` finds a running control centre, or the fixture of tests/e2e. */
const server = process.env['RELIGHT_CONSOLE_SERVER'] ?? 'http://127.0.0.1:8420';

/** Everything is served from one origin: no inline script, nothing fetched from elsewhere. */
export default defineConfig({
  plugins: [react()],
  build: { assetsInlineLimit: 0, sourcemap: false, chunkSizeWarningLimit: 1500 },
  server: { host: '127.0.0.1', proxy: { '/api': { target: server, ws: true } } },
});
