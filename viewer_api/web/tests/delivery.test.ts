import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { FetchPlan } from '../src/api/types.ts';
import { NextCase } from '../src/reading/next-case.ts';
import { Ahead } from '../src/viewer/ahead.ts';
import { addressOf, fetchTogether, isHere, slicesTogether, takeArrived, together } from '../src/viewer/engine/batches.ts';
import { aheadBytes, cacheBytes } from '../src/viewer/engine/memory.ts';
import { Prefetch, type Stack } from '../src/viewer/engine/prefetch.ts';
import { cameHere } from '../src/viewer/fetched.ts';
import { PartReader, readParts } from '../src/viewer/multipart.ts';
import type { StackState } from '../src/viewer/stack-view.ts';

const bytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(text, (one) => one.charCodeAt(0));
const letters = (data: Uint8Array): string => String.fromCharCode(...data);
const TYPE = 'multipart/related; type="application/octet-stream"; boundary=b0';
const head = (syntax: string): string => `--b0\r\nContent-Type: application/octet-stream; transfer-syntax=${syntax}\r\n\r\n`;
const bodyOf = (frames: readonly string[]): string => `${frames.map((frame) => `${head('1.2.4.50')}${frame}\r\n`).join('')}--b0--\r\n`;

describe('the parts of an answer', () => {
  const frames = ['one\r\n--b', '\r\n\r\n\xff\xd8', ''];
  const body = bytes(bodyOf(frames));

  it('come with their transfer syntax, whatever bytes they have', () => {
    const reader = new PartReader(TYPE);
    const parts = reader.push(body);
    expect(parts.map(({ transferSyntax }) => transferSyntax)).toEqual(['1.2.4.50', '1.2.4.50', '1.2.4.50']);
    expect(parts.map(({ data }) => letters(data))).toEqual(frames);
    expect(reader.isDone).toBe(true);
  });

  it('come one by one, however the body is cut into pieces', () => {
    for (const size of [1, 2, 7, 40, 63]) {
      const reader = new PartReader(TYPE);
      const found: string[] = [];
      for (let at = 0; at < body.length; at += size) found.push(...reader.push(body.subarray(at, at + size)).map(({ data }) => letters(data)));
      expect(found).toEqual(frames);
      expect(reader.isDone).toBe(true);
    }
  });

  it('come when they are whole, though more is awaited', () => {
    const reader = new PartReader(TYPE);
    const long = 'x'.repeat(300_000);
    expect(reader.push(bytes(head('1.2') + long))).toEqual([]);
    expect(reader.push(bytes(`\r\n${head('1.2')}y`)).map(({ data }) => data.length)).toEqual([300_000]);
  });

  it('are refused when the body is cut off or is none', async () => {
    const read = (text: string, type: string): Promise<void> => readParts(new Response(text, { headers: { 'Content-Type': type } }), () => undefined);
    await expect(read(`${head('1.2')}half`, TYPE)).rejects.toThrow();
    await expect(read('', 'application/octet-stream')).rejects.toThrow();
    await expect(read(bodyOf(['a']), TYPE)).resolves.toBeUndefined();
  });
});

const OBJECT = '/dicomweb/studies/1/series/2/instances/';
let current = 2;
const slice = (n: number, series = current): string => `wadors:/dicomweb/studies/1/series/${series}/instances/9.${n}/frames/1`;
const slices = (count: number): string[] => Array.from({ length: count }, (_, n) => slice(n));

describe('frames that come together', () => {
  const ids = [...[1, 2, 3, 4].map((n) => `wadors:${OBJECT}8/frames/${n}`), slice(4), slice(5), slice(6), slice(7, 3)];
  const all = (): boolean => true;

  it('are those of one object that follow and are wanted', () => {
    expect(together(ids, 0, all, 8)).toEqual([0, 1, 2, 3]);
    expect(together(ids, 0, (index) => index !== 2, 8)).toEqual([0, 1]);
  });

  it('are the slices of one series that are wanted, in blocks that are always the same', () => {
    expect(together(ids, 5, all, 8)).toEqual([4, 5, 6]);
    expect(together(ids, 7, all, 8)).toEqual([7]);
    expect(together(slices(20), 10, all, 8)).toEqual([8, 9, 10, 11, 12, 13, 14, 15]);
    expect(together(slices(20), 19, (index) => index !== 17, 8)).toEqual([16, 18, 19]);
    expect(together(['wadouri:/1', ...slices(2)], 0, all, 8)).toEqual([0]);
  });

  it('are as many as their size allows', () => {
    expect([512 * 512, 256 * 256, 2500 * 2000].map((pixels) => slicesTogether(2 * pixels))).toEqual([8, 16, 1]);
  });

  it('have one address', () => {
    expect(addressOf([ids[1]!, ids[2]!])).toBe(`${OBJECT}8/frames/2,3`);
    expect(addressOf([slice(3)])).toBe(`${OBJECT}9.3/frames/1`);
    expect(addressOf([slice(3), slice(5)])).toBe('/api/v1/studies/1/series/2/slices/9.3,9.5');
    expect(addressOf([slice(3), slice(5, 3)])).toBeNull();
  });
});

/** A server with these answers; `asked` is every address in order. */
class Server {
  readonly asked: [url: string, init: RequestInit][] = [];
  readonly #real = globalThis.fetch;

  constructor(answer: (names: string[]) => Promise<Response> | Response) {
    globalThis.fetch = ((url: string, init: RequestInit) => {
      this.asked.push([url, init]);
      const [, sop] = /instances\/([\d.]+)\/frames/.exec(url) ?? [];
      return Promise.resolve(answer(sop === undefined ? url.split('/').at(-1)!.split(',') : [sop]));
    }) as typeof fetch;
  }

  get urls(): string[] {
    return this.asked.map(([url]) => url);
  }

  close(): void {
    globalThis.fetch = this.#real;
  }
}

const answerOf = (names: readonly string[]): Response => new Response(bodyOf(names), { headers: { 'Content-Type': TYPE } });
let server: Server | null = null;
afterEach(() => server?.close());

describe('frames that are fetched ahead', () => {
  it('are handed over once, with less haste than what is looked at', async () => {
    server = new Server(answerOf);
    const came: string[] = [];
    const ids = [slice(70), slice(71)];
    await fetchTogether(ids, new AbortController().signal, (imageId) => came.push(imageId));
    expect(server.asked[0]![1].priority).toBe('low');
    expect(came).toEqual(ids);
    expect(letters(takeArrived(slice(71))!.data)).toBe('9.71');
    expect(takeArrived(slice(71))).toBeNull();
  });

  it('are known to be here, and whether under their own address', async () => {
    server = new Server(answerOf);
    const { signal } = new AbortController();
    await fetchTogether([slice(72), slice(73)], signal, () => undefined);
    await fetchTogether([slice(74)], signal, () => undefined);
    expect([72, 74, 75].map((n) => cameHere.has(`${OBJECT}9.${n}/frames/1`))).toEqual([true, true, false]);
    expect([72, 74].map((n) => isHere(slice(n)))).toEqual([false, true]);
  });
});

describe('Prefetch', () => {
  // The page remembers what came: each test has a series of its own.
  beforeEach(() => void (current += 1));

  /** Loads what it is told to; `open` lets so many loads end. */
  class Decoder {
    readonly loaded = new Set<string>();
    readonly #held: (() => void)[] = [];
    readonly #isHolding: boolean;

    constructor(isHolding = false) {
      this.#isHolding = isHolding;
    }

    isLoaded(imageId: string): boolean {
      return this.loaded.has(imageId);
    }

    async load(imageId: string): Promise<void> {
      if (this.#isHolding) await new Promise<void>((resolve) => this.#held.push(resolve));
      takeArrived(imageId);
      this.loaded.add(imageId);
    }

    release(): void {
      this.#held.splice(0).forEach((resolve) => resolve());
    }
  }

  const CT = 512 * 1024;
  const stack = (count: number, first: number, more: Partial<Stack> = {}): Stack => ({ imageIds: slices(count), first, most: count, bytesPerFrame: CT, ...more });
  const blocks = (urls: readonly string[]): number[][] => urls.map((url) => [...url.matchAll(/\b9\.(\d+)/g)].map(([, n]) => Number(n)));
  const settled = async (): Promise<void> => {
    for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };

  it('fetches every slice but the first in blocks, the nearest first', async () => {
    server = new Server(answerOf);
    const decoder = new Decoder();
    let count = 0;
    const prefetch = new Prefetch(decoder, stack(40, 17), (loaded) => (count = loaded));
    decoder.loaded.add(slice(17));
    prefetch.start();
    await settled();
    expect(count).toBe(40);
    expect(blocks(server.urls).map(([first]) => first)).toEqual([16, 8, 24, 0, 32]);
    expect(blocks(server.urls)[0]).toEqual([16, 18, 19, 20, 21, 22, 23]);
  });

  it('keeps no more of a large stack than there is memory for, the nearest', async () => {
    server = new Server(answerOf);
    const prefetch = new Prefetch(new Decoder(), stack(40, 20, { most: 5 }), () => undefined);
    prefetch.start();
    await settled();
    expect(prefetch.kept).toBe(5);
    expect(blocks(server.urls).flat().sort()).toEqual([18, 19, 21, 22]);
  });

  it('leaves connections for what is looked at and for news', () => {
    server = new Server(() => new Promise<Response>(() => undefined));
    new Prefetch(new Decoder(), stack(400, 0), () => undefined).start();
    expect(server.asked).toHaveLength(4);
  });

  it('waits for the first picture where frames are large', () => {
    server = new Server(() => new Promise<Response>(() => undefined));
    new Prefetch(new Decoder(), stack(4, 0, { bytesPerFrame: 20 * CT }), () => undefined).startBeside();
    expect(server.asked).toHaveLength(0);
    new Prefetch(new Decoder(), stack(4, 0), () => undefined).startBeside();
    expect(server.asked).toHaveLength(1);
  });

  it('asks one by one for what does not come together', async () => {
    server = new Server((names) => (names.length > 1 ? new Response(null, { status: 503 }) : answerOf(names)));
    const decoder = new Decoder();
    new Prefetch(decoder, stack(6, 0), () => undefined).start();
    await settled();
    expect(blocks(server.urls)).toEqual([[1, 2, 3, 4, 5], [1], [2], [3], [4], [5]]);
    expect(decoder.loaded.size).toBe(5);
  });

  it('keeps what came of an answer that breaks off', async () => {
    server = new Server((names) =>
      names.length > 1 ? new Response(`${bodyOf(names.slice(0, 2)).slice(0, -8)}${head('1.2')}cut`, { headers: { 'Content-Type': TYPE } }) : answerOf(names),
    );
    new Prefetch(new Decoder(), stack(5, 0), () => undefined).start();
    await settled();
    expect(blocks(server.urls)).toEqual([[1, 2, 3, 4], [3], [4]]);
  });

  it('asks for nothing together that the browser has', async () => {
    server = new Server(answerOf);
    await fetchTogether([slice(2)], new AbortController().signal, () => undefined);
    server.asked.length = 0;
    new Prefetch(new Decoder(), stack(5, 0), () => undefined).start();
    await settled();
    expect(blocks(server.urls)).toEqual([[1, 3, 4], [2]]);
  });

  it('lets the line rest while much is here that is not decoded, and goes on after', async () => {
    server = new Server(answerOf);
    const decoder = new Decoder(true);
    new Prefetch(decoder, stack(400, 0), () => undefined).start();
    await settled();
    const before = server.asked.length;
    expect(before).toBeGreaterThanOrEqual(128 / 8);
    expect(before).toBeLessThan(30);
    for (let turn = 0; turn < 20; turn += 1) {
      decoder.release();
      await settled();
    }
    expect(server.asked.length).toBeGreaterThan(before);
  });

  it('asks for nothing more, and keeps nothing, when another stack is shown', async () => {
    const waiting: ((answer: Response) => void)[] = [];
    server = new Server(() => new Promise<Response>((resolve) => waiting.push(resolve)));
    const prefetch = new Prefetch(new Decoder(), stack(60, 0), () => undefined);
    prefetch.start();
    prefetch.cancel();
    waiting.forEach((answer) => answer(answerOf(['9.1', '9.2'])));
    await settled();
    expect(server.asked).toHaveLength(4);
    expect(slices(60).filter((imageId) => takeArrived(imageId) !== null)).toEqual([]);
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

describe('the memory for images', () => {
  it('is less on a PC with less, and leaves the tab under 1 GB', () => {
    const sizes = [8, 4, undefined, 2, 1, 0.25].map((gigabytes) => cacheBytes(gigabytes) / 1024 / 1024);
    expect(sizes).toEqual([320, 288, 288, 192, 128, 128]);
    expect(aheadBytes(1000)).toBe(800);
  });
});

describe('NextCase', () => {
  const plan = (names: number[]): FetchPlan => ({
    accept: 'a/b',
    items: names.map((n) => ({ url: slice(n).slice('wadors:'.length), size: 1, of: 'next', study_instance_uid: '1' })),
  });
  const shown = (cached: number, count = 2): StackState => ({ rendered: true, count, cached, kept: 2 }) as StackState;
  const settled = async (): Promise<void> => void (await vi.advanceTimersByTimeAsync(60_000));
  let plans: FetchPlan[] = [];
  let planned: number[] = [];
  const nextCase = (): NextCase => new NextCase((taskId) => Promise.resolve(plans[Math.min(planned.push(taskId), plans.length) - 1]!), () => undefined);

  beforeEach(() => {
    current += 1;
    planned = [];
    vi.useFakeTimers();
  });
  afterEach(() => void vi.useRealTimers());

  it('fetches what comes next once the open series is there, and once', async () => {
    server = new Server(answerOf);
    plans = [plan([1, 2])];
    const next = nextCase();
    next.looked(7, shown(1));
    next.queueChanged();
    await settled();
    expect(planned).toEqual([]);
    next.looked(7, shown(2));
    next.looked(7, shown(2));
    await settled();
    expect(planned).toEqual([7]);
    expect(server.asked).toHaveLength(2);
  });

  it('does so for a stack that is too large to be kept whole, too', async () => {
    server = new Server(answerOf);
    plans = [plan([1])];
    nextCase().looked(7, shown(2, 2000));
    await settled();
    expect(server.asked).toHaveLength(1);
  });

  it('fetches a case that comes into the queue afterwards, and nothing twice', async () => {
    server = new Server(answerOf);
    plans = [plan([]), plan([3, 4]), plan([5, 3])];
    const next = nextCase();
    next.looked(7, shown(2));
    await settled();
    for (let times = 0; times < 5; times += 1) next.queueChanged();
    await settled();
    expect(planned).toHaveLength(2);
    next.queueChanged();
    await settled();
    expect(server.urls.map((url) => url.split('/')[7])).toEqual(['9.3', '9.4', '9.5']);
  });

  it('waits with that until the line is idle', async () => {
    const waiting: (() => void)[] = [];
    server = new Server((names) => new Promise((resolve) => waiting.push(() => resolve(answerOf(names)))));
    plans = [plan([6]), plan([7])];
    const next = nextCase();
    next.looked(7, shown(2));
    await settled();
    next.queueChanged();
    await settled();
    expect(planned).toHaveLength(1);
    waiting.splice(0).forEach((come) => come());
    await settled();
    expect(planned).toHaveLength(2);
    expect(server.asked).toHaveLength(2);
  });

  it('asks for nothing more when the case is left', async () => {
    server = new Server(answerOf);
    plans = [plan([]), plan([8])];
    const next = nextCase();
    next.looked(7, shown(2));
    await settled();
    next.queueChanged();
    next.cancel();
    await settled();
    next.queueChanged();
    await settled();
    expect(planned).toEqual([7]);
    next.looked(8, shown(2));
    await settled();
    expect(planned).toEqual([7, 8]);
  });

  it('looks again after a plan that did not come', async () => {
    server = new Server(answerOf);
    plans = [plan([9])];
    const next = new NextCase((taskId) => (planned.push(taskId) === 1 ? Promise.reject(new Error('no line')) : Promise.resolve(plans[0]!)), () => undefined);
    next.looked(7, shown(2));
    await settled();
    next.queueChanged();
    await settled();
    expect(server.asked).toHaveLength(1);
  });
});
