import { describe, expect, it } from 'vitest';

import { perColumn, pointAt, rowsAround, tilesOf, timeAt, type Rows } from '../src/ecg/long/disclosure.ts';
import type { LongBeat, LongEvent } from '../src/ecg/long/long-types.ts';
import { gridStep, heightOf, secondsAt } from '../src/ecg/long/tendency.ts';
import { TileCache, unpackTile, type Tile } from '../src/ecg/long/tiles.ts';
import { clockOf, eventAt, eventWords, stripWords } from '../src/ecg/long/words.ts';

const ROWS: Rows = { fromS: 600, rowS: 60, count: 10, width: 860, rowHeight: 30, left: 60 };

function body(columns: number[]): ArrayBuffer {
  let head = JSON.stringify({ lead: 'II', start_s: 900, column_s: 0.08, columns: columns.length / 2, step_uv: 20, nothing: -128 });
  head += ' '.repeat((4 - (head.length % 4)) % 4);
  const bytes = new Uint8Array(8 + head.length + columns.length);
  bytes.set(new TextEncoder().encode('ECGO'));
  new DataView(bytes.buffer).setUint32(4, head.length, true);
  bytes.set(new TextEncoder().encode(head), 8);
  bytes.set(Int8Array.from(columns), 8 + head.length);
  return bytes.buffer;
}

const TILE: Tile = { startS: 0, columnS: 0.08, stepUv: 20, nothing: -128, columns: new Int8Array() };

function event(kind: string, at: number, seconds: number, more: Partial<LongEvent> = {}): LongEvent {
  return { kind, at_s: at, seconds, beats: null, rate: null, lead: null, microvolts: null, ...more };
}

describe('tiles', () => {
  it('come as lowest and highest of each column', () => {
    const tile = unpackTile(body([-5, 60, -128, -128]));
    expect(tile).toMatchObject({ startS: 900, columnS: 0.08, stepUv: 20, nothing: -128 });
    expect([...tile.columns]).toEqual([-5, 60, -128, -128]);
    expect(() => unpackTile(new ArrayBuffer(8))).toThrow();
  });

  it('are fetched once, asked for again after a failure, and let go when there are many', async () => {
    const cache = new TileCache();
    let fetched = 0;
    const fetch = (): Promise<Tile> => {
      fetched += 1;
      return fetched === 1 ? Promise.reject(new Error('away')) : Promise.resolve(TILE);
    };
    const come = (name: string): Promise<Tile | null> =>
      new Promise((done) => {
        cache.get(name, fetch, () => done(cache.get(name, fetch, () => undefined)));
        setTimeout(() => done(null));
      });
    expect(await come('a')).toBeNull();
    expect(await come('a')).toBe(TILE);
    expect(cache.get('a', fetch, () => undefined)).toBe(TILE);
    expect(fetched).toBe(2);
    for (let at = 0; at < 100; at += 1) await come(`b${at}`);
    expect(cache.get('a', fetch, () => undefined)).toBeNull();
  });
});

describe('rows of the whole record', () => {
  it('place every moment where a click finds it again', () => {
    for (const seconds of [600, 629.5, 660, 1199.9]) {
      const { x, y } = pointAt(seconds, ROWS);
      expect(timeAt(x, y, ROWS)).toBeCloseTo(seconds, 6);
    }
    expect(timeAt(0, 0, ROWS)).toBe(600);
  });

  it('ask for the tiles they show and no others', () => {
    expect(tilesOf(ROWS, 86_400)).toEqual([0, 1]);
    expect(tilesOf({ ...ROWS, fromS: 900 }, 86_400)).toEqual([1]);
    expect(tilesOf({ ...ROWS, fromS: 900 }, 1000)).toEqual([1]);
  });

  it('take about a column a pixel', () => {
    expect(perColumn(ROWS, 0.04)).toBe(1);
    expect(perColumn({ ...ROWS, rowS: 300 }, 0.04)).toBe(9);
  });

  it('stay within the record around a moment', () => {
    expect(rowsAround(30, ROWS, 86_400)).toBe(0);
    expect(rowsAround(43_215, ROWS, 86_400)).toBe(42_900);
    expect(rowsAround(86_390, ROWS, 86_400)).toBe(85_800);
    expect(rowsAround(100, ROWS, 200)).toBe(0);
  });
});

describe('the tendency', () => {
  const graph = { width: 800, height: 84, totalS: 86_400 };
  it('is higher where the heart is faster, and never leaves its frame', () => {
    expect(heightOf(500, graph)).toBeLessThan(heightOf(1000, graph));
    expect(heightOf(100, graph)).toBeGreaterThanOrEqual(0);
    expect(heightOf(20_000, graph)).toBeLessThanOrEqual(graph.height);
  });

  it('gives back the time under the pointer', () => {
    expect(secondsAt(400, graph)).toBe(43_200);
    expect(secondsAt(-5, graph)).toBe(0);
    expect(gridStep(86_400)).toBe(3600);
    expect(gridStep(600)).toBe(60);
  });
});

describe('words', () => {
  it('tell the time of day, and the day after', () => {
    const clock = clockOf('2026-03-09T20:30:00');
    expect(clock(0)).toBe('20:30:00');
    expect(clock(4 * 3600)).toBe('00:30:00 +1');
    expect(clockOf(null)(90_000)).toBe('25:00:00');
  });

  it('say what an event is', () => {
    expect(eventWords(event('ventricular_run', 5, 2.5, { beats: 6, rate: 143 }))).toBe('连续室性搏动 · 6 个 · 143 次/分 · 2.50 s');
    expect(eventWords(event('st', 60, 180, { lead: 'V5', microvolts: -130 }))).toBe('ST 改变 · V5 −0.13 mV · 3 分钟');
    expect(eventWords(event('fastest', 60, 5, { rate: 121 }))).toBe('最快心率 · 121 次/分');
  });

  it('find the event that a strip is about', () => {
    const events = [event('pause', 100, 3), event('ventricular_run', 106, 2), event('irregular', 0, 1000)];
    expect(eventAt(events, 98, 8)?.kind).toBe('pause');
    expect(eventAt(events, 103, 8)?.kind).toBe('ventricular_run');
    expect(eventAt(events.slice(0, 2), 300, 8)).toBeNull();
  });

  it('make a line of the report', () => {
    const clock = clockOf('2026-03-09T08:00:00');
    const beats: LongBeat[] = [0, 1, 2].map((number) => ({ number, at_s: number, kind: number === 1 ? 'ventricular' : 'normal', rr_ms: 800, early: false, template: 0 }));
    expect(stripWords(clock, 3600, 8, ['II', 'V1'], beats, null)).toBe('09:00:04（II、V1）：75 次/分 · 室性 1。');
    expect(stripWords(clock, 3600, 8, ['V5'], [], event('pause', 3603, 3.4))).toContain('停搏');
    expect(stripWords(clock, 3600, 8, ['V5'], [], null)).toBe('09:00:04（V5）：未见心搏。');
  });
});
