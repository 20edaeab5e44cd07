import { fileURLToPath } from 'node:url';

import { defineConfig } from 'vitest/config';

import { freedDecoders } from './build/freed-decoders.ts';
import { precompress } from './build/precompress.ts';
import { shell } from './build/shell.ts';

const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const backend = process.env['COUNTYREAD_DEV_BACKEND'] ?? 'http://127.0.0.1:8000';

export default defineConfig({
  base: './',
  resolve: {
    // vtk.js pulls xmlbuilder2, which needs Node's `events`; a bundle with it stays blank in the browser.
    alias: { xmlbuilder2: file('./build/xmlbuilder2-stub.ts') },
  },
  optimizeDeps: { exclude: ['@cornerstonejs/dicom-image-loader'], include: ['dicom-parser'] },
  worker: { format: 'es', plugins: () => [freedDecoders()] },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The viewer engine is large on purpose; it is loaded only when a study is opened.
    chunkSizeWarningLimit: 4500,
    rollupOptions: {
      input: { index: file('./index.html'), 'service-worker': file('./src/service-worker.ts') },
      // A service worker answers for what is beside and below it.
      output: {
        entryFileNames: ({ name }) => (name === 'service-worker' ? 'sw.js' : 'assets/[name]-[hash].js'),
        // A page of twenty small files costs three rounds over HTTP/1.1, of 200 ms each on a slow line. What only pages of
        // the centre's office share stays out of what comes first.
        codeSplitting: {
          groups: [
            { name: 'common', test: /\/(?:src\/(?!viewer\/|ecg\/|keyimages\/|rules\/|roster\/|boards\/|account\/|orders\/|templates\/)|node_modules\/(?:lit|@lit)[-\w]*\/)/, minShareCount: 2, priority: 2 },
            { name: 'viewer', test: /\/src\/(?:viewer\/(?!engine\/)|ecg\/|keyimages\/)/, minShareCount: 2, priority: 1 },
          ],
        },
      },
    },
  },
  plugins: [shell(), precompress()],
  server: { host: '127.0.0.1', proxy: { '/api': backend, '/dicomweb': backend } },
  // The modules are stateless enough to be loaded once for all tests, which is what most of their time goes into.
  test: { include: ['tests/**/*.test.ts'], environment: 'node', pool: 'threads', isolate: false, unstubGlobals: true },
});
