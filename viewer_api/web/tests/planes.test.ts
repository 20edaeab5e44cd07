import { describe, expect, it } from 'vitest';

import type { Instance } from '../src/viewer/dicom-json.ts';
import { lookAt, offPixels } from '../src/viewer/measuring/placement.ts';
import { bitmapOn, overlayPlanes, pointsOf, type OverlayPlane } from '../src/viewer/planes/overlay-planes.ts';
import { shutterOf } from '../src/viewer/planes/shutter.ts';

function plane(group: string, values: Readonly<Record<string, unknown[]>> = {}): Instance {
  const all = { '0010': [3], '0011': [5], '0040': ['G'], '0050': [1, 1], ...values };
  return {
    ...Object.fromEntries(Object.entries(all).map(([element, Value]) => [group + element, { vr: 'US', Value }])),
    [`${group}3000`]: { vr: 'OW', BulkDataURI: `/bulkdata/${group}3000` },
  };
}

/** One bit each, the least significant first. */
function packed(points: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(points.length / 8));
  points.forEach((point, n) => (bytes[n >> 3]! |= point << (n & 7)));
  return bytes;
}

const noise = (count: number): number[] => Array.from({ length: count }, (_, n) => Number((n * 7919) % 11 < 4));

describe('overlay planes', () => {
  it('are found in all sixteen groups, and no further', () => {
    const found = overlayPlanes({ ...plane('6000'), ...plane('6002'), ...plane('601E'), ...plane('6020') });
    expect(found.map(({ group }) => group)).toEqual(['6000', '6002', '601E']);
  });

  it('have a place, a kind and a name', () => {
    const values = { '0050': [-4, 12], '0040': ['R'], '0022': ['Device'], '1500': ['Liver'], '0015': [4], '0051': [2] };
    expect(overlayPlanes(plane('6004', values))[0]).toMatchObject({
      rows: 3,
      columns: 5,
      row: -4,
      column: 12,
      isRegion: true,
      name: 'Liver',
      frames: 4,
      firstFrame: 2,
    });
    expect(overlayPlanes(plane('6000', { '0022': ['Device'] }))[0]).toMatchObject({ name: 'Device', frames: null, firstFrame: 1, isRegion: false });
  });

  it('are none without a size or without data', () => {
    expect(overlayPlanes(plane('6000', { '0010': [0] }))).toEqual([]);
    expect(overlayPlanes({ ...plane('6000'), '60003000': undefined })).toEqual([]);
    expect(overlayPlanes({ ...plane('6000'), '60003000': { vr: 'OW' } })).toEqual([]);
    expect(overlayPlanes({})).toEqual([]);
  });

  it.each([
    [null, 1, [0, 0, 0, 0, 0]],
    [2, 1, [0, 1, null, null, null]],
    [2, 3, [null, null, 0, 1, null]],
    [1, 4, [null, null, null, 0, null]],
  ])('of %s frames from %s on lie on those', (frames, firstFrame, expected) => {
    const one = { frames, firstFrame } as OverlayPlane;
    expect([1, 2, 3, 4, 5].map((frame) => bitmapOn(one, frame))).toEqual(expected);
  });

  it('begin at any bit, without padding between rows and bitmaps', () => {
    const [one] = overlayPlanes(plane('6000', { '0015': [3] }));
    const points = noise(45);
    for (const index of [0, 1, 2]) expect([...pointsOf(one!, packed(points), index)]).toEqual(points.slice(15 * index, 15 * index + 15));
  });

  it('are not set where their data does not reach', () => {
    const [one] = overlayPlanes(plane('6000'));
    expect([...pointsOf(one!, new Uint8Array([255]), 0)]).toEqual([...Array(8).fill(1), ...Array(7).fill(0)]);
    expect([...pointsOf(one!, new Uint8Array(0), 4)]).toEqual(Array(15).fill(0));
  });
});

describe('shutters', () => {
  const shutter = (values: Readonly<Record<string, unknown[]>>) =>
    shutterOf(Object.fromEntries(Object.entries(values).map(([tag, Value]) => [tag, { vr: 'IS', Value }])));
  const rectangle = { '00181602': [3], '00181604': [6], '00181606': [2], '00181608': [4] };

  it('leave the pixels that the edges of a rectangle name', () => {
    expect(shutter({ '00181600': ['RECTANGULAR'], ...rectangle })).toEqual({
      openings: [{ shape: 'rectangle', left: 2, top: 1, right: 6, bottom: 4 }],
      grey: 0,
    });
  });

  it('are round in the patient, around the middle of a pixel', () => {
    const circle = { '00181600': ['CIRCULAR'], '00181610': [10, 20], '00181612': [6] };
    expect(shutter(circle)?.openings).toEqual([{ shape: 'ellipse', centre: [19.5, 9.5], radii: [6, 6] }]);
    expect(shutter({ ...circle, '00280030': [2, 1] })?.openings[0]).toMatchObject({ radii: [6, 3] });
    expect(shutter({ ...circle, '00280034': [1, 2], '00280030': [2, 1] })?.openings[0]).toMatchObject({ radii: [6, 12] });
  });

  it('have several shapes, and a grey', () => {
    const both = { '00181600': ['polygonal', 'RECTANGULAR'], '00181620': [1, 1, 1, 9, 9, 1], ...rectangle, '00181622': [32896] };
    const found = shutter(both);
    expect(found?.openings.map(({ shape }) => shape)).toEqual(['polygon', 'rectangle']);
    expect(found?.openings[0]).toMatchObject({ vertices: [[0.5, 0.5], [8.5, 0.5], [0.5, 8.5]] });
    expect(found?.grey).toBe(128);
  });

  it('are none where a shape lacks its places', () => {
    for (const shape of ['RECTANGULAR', 'CIRCULAR', 'POLYGONAL', 'BITMAP']) expect(shutter({ '00181600': [shape] })).toBeNull();
    expect(shutter({ '00181600': ['RECTANGULAR'], ...rectangle, '00181604': [1] })).toBeNull();
    expect(shutter({})).toBeNull();
  });
});

describe('an image in its actual size', () => {
  const at = (x: number, y: number, size = 1, turned = false) =>
    turned ? { origin: [x, y], column: [0, size], row: [-size, 0] } as const : { origin: [x, y], column: [size, 0], row: [0, size] } as const;

  it('is moved to whole pixels of the screen', () => {
    expect(offPixels(at(379.5, 257), 1)).toEqual([-0.5, 0]);
    expect(offPixels(at(380.3, 256.6, 1, true), 1)?.map((one) => Math.round(one * 1000))).toEqual([300, -400]);
    expect(offPixels(at(10.25, 10.5, 0.5), 2)).toEqual([-0.25, 0]);
  });

  it('is left where it stands well, and where it takes no whole number of pixels', () => {
    expect(offPixels(at(380, 257), 1)).toBeNull();
    expect(offPixels(at(380.00001, 256.99999), 1)).toBeNull();
    expect(offPixels(at(379.5, 257, 1.3), 1)).toBeNull();
    expect(offPixels(at(379.5, 257, 0.2), 1)).toBeNull();
    expect(offPixels(at(10.25, 10.5), 1.5)).toBeNull();
  });
});

describe('how an image is seen', () => {
  it('is told over the size with which it fits, from middle to middle', () => {
    const upright = { origin: [100, 50], column: [2, 0], row: [0, 2] } as const;
    expect(lookAt(upright, [200, 100], [800, 400])).toEqual({ zoom: 0.5, pan: [-0.25, -0.125] });
    const turned = { origin: [600, 0], column: [0, 2], row: [-2, 0] } as const;
    expect(lookAt(turned, [200, 100], [800, 400])).toEqual({ zoom: 1, pan: [0.25, 0] });
  });
});
