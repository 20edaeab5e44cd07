import { describe, expect, it } from 'vitest';

import type { FetchPlan } from '../src/api/types.ts';
import { Ahead } from '../src/viewer/ahead.ts';
import { together } from '../src/viewer/engine/batches.ts';
import { partsOf } from '../src/viewer/multipart.ts';

const bytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(text, (one) => one.charCodeAt(0));
const TYPE = 'multipart/related; type="application/octet-stream"; boundary=b0';
const head = (syntax: string): string => `--b0\r\nContent-Type: application/octet-stream; transfer-syntax=${syntax}\r\n\r\n`;

describe('partsOf', () => {
  it('gives every frame with its transfer syntax, whatever bytes it has', () => {
    const frames = ['one\r\n--b', '\r\n\r\n\xff\xd8', ''];
    const body = bytes(`${frames.map((frame) => head('1.2.4.50') + frame + '\r\n').join('')}--b0--\r\n`);
    const parts = partsOf(TYPE, body);
    expect(parts.map(({ transferSyntax }) => transferSyntax)).toEqual(['1.2.4.50', '1.2.4.50', '1.2.4.50']);
    expect(parts.map(({ data }) => String.fromCharCode(...data))).toEqual(frames);
  });

  it('refuses a body that was cut off', () => {
    expect(() => partsOf(TYPE, bytes(`${head('1.2')}half`))).toThrow();
    expect(() => partsOf('application/octet-stream', bytes(''))).toThrow();
  });
});

describe('together', () => {
  const ids = [...[1, 2, 3, 4].map((n) => `wadors:/i/a/frames/${n}`), 'wadors:/i/b/frames/1'];

  it('takes the frames of one object that follow and are wanted', () => {
    expect(together(ids, 0, () => true, 16)).toEqual([0, 1, 2, 3]);
    expect(together(ids, 1, () => true, 2)).toEqual([1, 2]);
    expect(together(ids, 0, (index) => index !== 2, 16)).toEqual([0, 1]);
    expect(together(ids, 4, () => true, 16)).toEqual([4]);
  });
});

describe('Ahead', () => {
  const plan = (sizes: number[]): FetchPlan => ({
    accept: 'a/b',
    items: sizes.map((size, n) => ({ url: `/${n}`, size, of: 'case', study_instance_uid: '1' })),
  });
  const asked: string[] = [];
  const fetcher = ((url: string) => {
    asked.push(url);
    return Promise.resolve(new Response('x'));
  }) as typeof fetch;

  it('asks in order, for what is not there yet, within its budget', async () => {
    asked.length = 0;
    const mega = 1024 * 1024;
    await new Ahead(fetcher).run(plan([mega, mega, 90 * mega, 90 * mega, mega]), (url) => url === '/1');
    expect(asked).toEqual(['/0', '/2']);
  });

  it('asks for nothing more when the reader has gone on', async () => {
    asked.length = 0;
    const ahead = new Ahead(fetcher);
    ahead.cancel();
    await ahead.run(plan([1, 1]), () => false);
    expect(asked).toEqual([]);
  });
});
