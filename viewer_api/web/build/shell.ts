import { createHash } from 'node:crypto';

import type { Plugin } from 'vite';

const WORKER = 'sw.js';
const IN_THE_SHELL = /^assets\/.*\.(?:js|css)$/;
/** The images library and its codecs come when a study is opened, and only then. */
const MOST_BYTES = 300_000;

/** Tells the service worker which files the application is made of. */
export function shell(): Plugin {
  return {
    name: 'shell',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const worker = bundle[WORKER];
      if (worker?.type !== 'chunk') throw new Error(`The build has made no ${WORKER}.`);
      if (worker.imports.length > 0) throw new Error(`${WORKER} must stand alone: it imports ${worker.imports.join(', ')}.`);
      const files = Object.values(bundle)
        .filter(({ fileName }) => IN_THE_SHELL.test(fileName))
        .filter((file) => sizeOf(file) < MOST_BYTES)
        .map(({ fileName }) => `/${fileName}`)
        .sort();
      const version = createHash('sha256').update(files.join('\n')).digest('hex').slice(0, 12);
      worker.code = worker.code.replaceAll('__SHELL__', `(${JSON.stringify({ version, files: ['/', '/favicon.svg', ...files] })})`);
    },
  };
}

function sizeOf(file: { type: 'chunk'; code: string } | { type: 'asset'; source: string | Uint8Array }): number {
  return file.type === 'chunk' ? file.code.length : file.source.length;
}
