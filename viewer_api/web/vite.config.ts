import { fileURLToPath } from 'node:url';

import { defineConfig } from 'vitest/config';

import { precompress } from './build/precompress.ts';

const backend = process.env['COUNTYREAD_DEV_BACKEND'] ?? 'http://127.0.0.1:8000';

export default defineConfig({
  base: './',
  resolve: {
    // vtk.js pulls xmlbuilder2, which needs Node's `events`; a bundle with it stays blank in the browser.
    alias: { xmlbuilder2: fileURLToPath(new URL('./build/xmlbuilder2-stub.ts', import.meta.url)) },
  },
  optimizeDeps: { exclude: ['@cornerstonejs/dicom-image-loader'], include: ['dicom-parser'] },
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The viewer engine is large on purpose; it is loaded only when a study is opened.
    chunkSizeWarningLimit: 4500,
  },
  plugins: [precompress()],
  server: { host: '127.0.0.1', proxy: { '/api': backend, '/dicomweb': backend } },
  test: { include: ['tests/**/*.test.ts'], environment: 'node' },
});
