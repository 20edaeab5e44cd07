import { describe, expect, it } from 'vitest';

import { edgesOf, gripAt, marched, placeAt, pointOf, pulled, readingOf, shifted, snapped, type Place } from '../src/ecg/calipers.ts';
import { filtered, UNFILTERED } from '../src/ecg/filters.ts';
import { LAYOUTS, middleMm, sheetOf } from '../src/ecg/layout.ts';
import { paperUrl } from '../src/ecg/paper-url.ts';
import { unpack, type Samples } from '../src/ecg/samples.ts';
import shared from './ecg-filters.json';

const TWELVE = ['I', 'II', 'III', 'aVR', 'aVL', 'aVF', 'V1', 'V2', 'V3', 'V4', 'V5', 'V6'];
const HZ = 500;
const TEN = (): number => 10;

function sine(hz: number, seconds = 10): Float32Array {
  return Float32Array.from({ length: seconds * HZ }, (_, at) => 1000 * Math.sin((2 * Math.PI * hz * at) / HZ));
}

function largest(samples: Float32Array, from = 2 * HZ, to = 8 * HZ): number {
  return Math.max(...samples.subarray(from, to).map(Math.abs));
}

describe('filters', () => {
  it('let pass what lies within, and take away what lies without', () => {
    expect(largest(filtered(sine(10), HZ, { high: 0.5, low: 40, notch: 50 }))).toBeCloseTo(1000, -2);
    expect(largest(filtered(sine(50), HZ, { ...UNFILTERED, notch: 50 }))).toBeLessThan(20);
    expect(largest(filtered(sine(120), HZ, { ...UNFILTERED, low: 25 }))).toBeLessThan(20);
    expect(largest(filtered(sine(0.1), HZ, { ...UNFILTERED, high: 0.5 }))).toBeLessThan(60);
  });

  it('take 3 dB at the corner, forwards and backwards together', () => {
    const left = largest(filtered(sine(40), HZ, { ...UNFILTERED, low: 40 })) / 1000;
    expect(20 * Math.log10(left)).toBeGreaterThan(-3.6);
    expect(20 * Math.log10(left)).toBeLessThan(-2.4);
  });

  it('shift nothing in time', () => {
    const peak = new Float32Array(4 * HZ).map((_, at) => 1000 * Math.exp(-(((at - 1000) / 6) ** 2)));
    const out = filtered(peak, HZ, { high: 0.5, low: 40, notch: 50 });
    expect(out.indexOf(Math.max(...out))).toBe(1000);
  });

  it('leave gaps as gaps, and a level line level', () => {
    const level = new Float32Array(2 * HZ).fill(700);
    level.fill(NaN, 300, 400);
    const out = filtered(level, HZ, { ...UNFILTERED, low: 40 });
    expect(Number.isNaN(out[350])).toBe(true);
    expect(out[100]).toBeCloseTo(700, 3);
    expect(out[900]).toBeCloseTo(700, 3);
  });

  it.each(shared.filtered)('give the numbers that the paper gives: $choice', ({ choice, samples }) => {
    const out = filtered(Float32Array.from(shared.samples, (one) => one ?? NaN), shared.hz, choice);
    samples.forEach((expected, at) => {
      if (expected === null) expect(out[at]).toBeNaN();
      else expect(Math.abs((out[at] ?? NaN) - expected)).toBeLessThan(0.02);
    });
  });

  it('are off when nothing is chosen', () => {
    const samples = sine(5);
    expect(filtered(samples, HZ, UNFILTERED)).toBe(samples);
  });
});

describe('layouts', () => {
  it.each(LAYOUTS)('%s keeps every cell on the paper and within the record', (name) => {
    const sheet = sheetOf(name, TWELVE, 10, 25, 10);
    for (const cell of sheet.cells) {
      expect(cell.fromS + cell.seconds).toBeLessThanOrEqual(10 + 1e-9);
      expect(cell.xMm + cell.seconds * 25).toBeLessThanOrEqual(sheet.widthMm);
      expect(middleMm(sheet, cell.row)).toBeLessThan(sheet.heightMm);
    }
  });

  it('3x4+1 has the usual columns of two and a half seconds, and II below', () => {
    const sheet = sheetOf('3x4+1', TWELVE, 10, 25, 10);
    expect(sheet.rows).toBe(4);
    expect(sheet.cells.slice(0, 4).map(({ lead, row, fromS }) => [lead, row, fromS])).toEqual([
      ['I', 0, 0],
      ['II', 1, 0],
      ['III', 2, 0],
      ['aVR', 0, 2.5],
    ]);
    expect(sheet.cells.at(-1)).toMatchObject({ lead: 'II', row: 3, seconds: 10 });
  });

  it('Cabrera turns aVR over', () => {
    const cells = sheetOf('cabrera', TWELVE, 10, 25, 10).cells;
    expect(cells.slice(0, 6).map(({ lead, inverted }) => (inverted ? `-${lead}` : lead))).toEqual([
      'aVL',
      'I',
      '-aVR',
      'II',
      'aVF',
      'III',
    ]);
  });

  it('a cart with few leads and a short strip fits too', () => {
    expect(sheetOf('3x4+3', ['MLII', 'V5'], 4, 50, 20).cells.map(({ lead }) => lead)).toContain('MLII');
    expect(sheetOf('rhythm', ['MLII'], 4, 25, 10).rows).toBe(1);
  });
});

describe('calipers', () => {
  const sheet = sheetOf('12x1', TWELVE, 10, 25, 10);
  const samples: Samples = {
    leads: TWELVE,
    derived: [],
    hz: HZ,
    firstSample: 0,
    samplesInRecord: 5000,
    microvolts: TWELVE.map(() => Float32Array.from({ length: 5000 }, (_, at) => (at === 1000 ? 900 : 0))),
  };

  it('tell the place that they came from', () => {
    const place = placeAt({ x: 10 + 25 * 2, y: middleMm(sheet, 1) - 5 }, sheet, 25, TEN);
    expect(place).toMatchObject({ cell: { lead: 'II' }, atS: 2, microvolts: 500 });
    expect(pointOf(place as Place, sheet, 25, TEN)).toEqual({ x: 60, y: middleMm(sheet, 1) - 5 });
    expect(placeAt({ x: 1, y: 1 }, sheet, 25, TEN)).toBeNull();
  });

  it('snap to the turn of the curve', () => {
    const near = placeAt({ x: 10 + 25 * 2.02, y: middleMm(sheet, 1) }, sheet, 25, TEN) as Place;
    expect(snapped(near, samples)).toMatchObject({ atS: 2, microvolts: 900 });
  });

  it('snap to the QRS onset when that is nearer than the peak', () => {
    const edges = edgesOf([{ at: 2, kind: 'normal', p: [1.8, 1.85, 1.9], qrs: [1.96, 2, 2.05], t: [null, 2.3, 2.4] }]);
    expect(edges).toEqual([1.8, 1.9, 1.96, 2.05, 2.4]);
    const at = (seconds: number): Place => ({ ...(placeAt({ x: 60, y: middleMm(sheet, 1) }, sheet, 25, TEN) as Place), atS: seconds });
    expect(snapped(at(1.97), samples, edges)).toMatchObject({ atS: 1.96, microvolts: 0 });
    expect(snapped(at(1.995), samples, edges)).toMatchObject({ atS: 2, microvolts: 900 });
    expect(snapped(at(3), { ...samples, microvolts: [] }, edges).atS).toBe(3);
  });

  it('read voltage by the gain of their lead', () => {
    const place = placeAt({ x: 60, y: middleMm(sheet, 1) - 5 }, sheet, 25, (lead) => (lead === 'II' ? 20 : 10));
    expect(place).toMatchObject({ microvolts: 250 });
  });

  it('are taken by a leg or by the bar, and moved', () => {
    const from = placeAt({ x: 60, y: middleMm(sheet, 1) - 5 }, sheet, 25, TEN) as Place;
    const to = { ...from, atS: from.atS + 0.8 };
    const caliper = { from, to };
    const y = middleMm(sheet, 1) - 5;
    const grip = (x: number, at = y): unknown => gripAt({ x, y: at }, [caliper], sheet, 25, TEN);
    expect(grip(60.5)).toEqual({ caliper: 0, part: 'from' });
    expect(grip(80, middleMm(sheet, 1) + 4)).toEqual({ caliper: 0, part: 'to' });
    expect(grip(70)).toEqual({ caliper: 0, part: 'both' });
    expect(grip(70, y + 4)).toBeNull();
    expect(grip(60, middleMm(sheet, 3))).toBeNull();
    const later = pulled(caliper, 'both', from, { ...from, atS: from.atS + 1 });
    expect([later.from.atS, later.to.atS]).toEqual([3, 3.8]);
    expect(pulled(caliper, 'to', from, { ...from, atS: 4 }).to.atS).toBe(4);
    expect(shifted(caliper, 100).to.atS).toBeCloseTo(10);
    expect(shifted(caliper, -100).from.atS).toBeCloseTo(0);
  });

  it('read time, rate and voltage, and march', () => {
    const from = placeAt({ x: 10 + 25, y: middleMm(sheet, 1) }, sheet, 25, TEN) as Place;
    const to = { ...from, atS: 1.8, microvolts: 250 };
    expect(readingOf({ from, to })).toMatchObject({ millivolts: 0.25 });
    expect(readingOf({ from, to }).milliseconds).toBeCloseTo(800);
    expect(readingOf({ from, to }).perMinute).toBeCloseTo(75);
    const steps = marched({ from, to });
    expect(steps[0]).toBeCloseTo(0.2);
    expect(steps.at(-1)).toBeCloseTo(9.8);
  });
});

describe('samples', () => {
  it('come as the server packs them', () => {
    const header = { leads: ['I'], derived_leads: [], sampling_hz: 500, first_sample: 0, samples: 3, samples_in_record: 3, scale_uv: [2.5], nothing: -32768 };
    let text = JSON.stringify(header);
    text += ' '.repeat((4 - (text.length % 4)) % 4);
    const body = new ArrayBuffer(8 + text.length + 6);
    new Uint8Array(body).set(new TextEncoder().encode(`ECGS____${text}`));
    new DataView(body).setUint32(4, text.length, true);
    new Int16Array(body, 8 + text.length).set([4, -32768, -8]);
    expect([...(unpack(body).microvolts[0] as Float32Array)]).toEqual([10, NaN, -20]);
  });

  it('of anything else are refused', () => {
    expect(() => unpack(new ArrayBuffer(16))).toThrow();
  });
});

describe('the printed page', () => {
  it('is asked for as the screen shows it', () => {
    const look = { layout: '3x4+1' as const, speed: 50, gain: 5, filters: { high: 0.5, low: 40, notch: 50 } };
    const url = new URL(paperUrl({ studyUid: '1.2', sop: '1.2.3', startS: 30, language: 'en' }, look), 'http://county');
    expect(url.pathname).toBe('/api/v1/studies/1.2/ecg.pdf');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      sop: '1.2.3', layout: '3x4+1', speed: '50', gain: '5', high: '0.5', low: '40', notch: '50', start_s: '30', lang: 'en',
    });
  });
});
