import { describe, expect, it } from 'vitest';

import { imageBox, regionOf } from '../src/viewer/marks.ts';

describe('marks', () => {
  it('finds the image that is shown whole in the middle', () => {
    expect(imageBox({ width: 1000, height: 500 }, 512, 512)).toEqual({ x: 250, y: 0, width: 500, height: 500 });
    expect(imageBox({ width: 500, height: 1000 }, 1000, 500)).toEqual({ x: 0, y: 375, width: 500, height: 250 });
  });

  it('keeps a rectangle the right way round and within the image', () => {
    const box = { x: 250, y: 0, width: 500, height: 500 };
    expect(regionOf('rectangle', { x: 500, y: 250 }, { x: 100, y: 125 }, box)).toEqual([0, 0.25, 0.5, 0.5]);
    expect(regionOf('rectangle', { x: 250, y: 0 }, { x: 9000, y: 9000 }, box)).toEqual([0, 0, 1, 1]);
  });

  it('keeps an arrow from its end to its tip', () => {
    const box = { x: 0, y: 0, width: 100, height: 200 };
    expect(regionOf('arrow', { x: 90, y: 180 }, { x: 10, y: 20 }, box)).toEqual([0.9, 0.9, 0.1, 0.1]);
  });
});
