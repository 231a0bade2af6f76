// How `npm run build:dashboard` builds the dashboard. Where it writes is decided by scripts/dashboard/build.mjs.
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const pathOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));

export default defineConfig({
  root: pathOf('src/dashboard'),
  // Relative: a proxy may serve the dashboard below any prefix.
  base: './',
  plugins: [react()],
  resolve: { alias: { 'warmpool-client': pathOf('src/client/index.ts') } },
  // The server replaces it in every response.
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    target: 'es2023',
    manifest: true,
    sourcemap: false,
    // The Content-Security-Policy allows data URLs for images only.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1_000,
  },
});
