import { describe, expect, it } from 'vitest';

import type { Instance } from '../src/viewer/dicom-json.ts';
import { frameStack } from '../src/viewer/frames.ts';
import { edges, type Point3 } from '../src/viewer/orientation.ts';
import { withPalettes } from '../src/viewer/palette.ts';
import { fit, fitWidth, zoomAt } from '../src/viewer/pan-zoom.ts';
import { unwrap } from '../src/viewer/unwrap.ts';

function image(sop: string, extra: Record<string, number> = {}): Instance {
  const numbers = Object.entries({ '00280010': 512, '00280011': 512, ...extra });
  return {
    '00080018': { vr: 'UI', Value: [sop] },
    ...Object.fromEntries(numbers.map(([tag, value]) => [tag, { vr: 'US', Value: [value] }])),
  };
}

describe('frameStack', () => {
  it('goes by instance number, not by the order of arrival or of text', () => {
    const stack = frameStack('1', '2', [image('c', { '00200013': 10 }), image('a', { '00200013': 9 }), image('x')]);
    expect(stack.frames.map(({ imageId }) => imageId.split('/')[7])).toEqual(['a', 'c', 'x']);
  });

  it('spells out the frames of a cine', () => {
    const stack = frameStack('1', '2', [image('m', { '00280008': 3, '00181063': 40 })]);
    expect(stack.frames.map(({ imageId }) => imageId)).toEqual(
      [1, 2, 3].map((n) => `wadors:/dicomweb/studies/1/series/2/instances/m/frames/${n}`),
    );
    expect(stack.frameMs).toEqual([40, 40, 40]);
  });

  it('leaves out objects without pixels', () => {
    expect(frameStack('1', '2', [{ '00080018': { vr: 'UI', Value: ['sr'] } }]).frames).toEqual([]);
  });
});

describe('withPalettes', () => {
  it('turns base64 words into numbers', () => {
    const instance: Instance = {
      '00281101': { vr: 'US', Value: [2, 0, 16] },
      '00281201': { vr: 'OW', InlineBinary: btoa('\x00\x01\xff\xff') },
    };
    expect(withPalettes(instance)['00281201']?.Value).toEqual([256, 65_535]);
  });

  it('reads bytes where there are no words, and touches nothing else', () => {
    const bytes: Instance = {
      '00281102': { vr: 'US', Value: [4, 0, 8] },
      '00281202': { vr: 'OW', InlineBinary: btoa('\x01\x02\x03\x04') },
    };
    expect(withPalettes(bytes)['00281202']?.Value).toEqual([1, 2, 3, 4]);
    const plain = image('a');
    expect(withPalettes(plain)).toBe(plain);
  });
});

describe('edges', () => {
  it('names the sides of an axial image', () => {
    expect(edges([0, 0, 0], ([x, y]: Point3) => [x, y])).toEqual({ left: 'R', top: 'A' });
  });

  it('follows a flip and a quarter turn', () => {
    expect(edges([0, 0, 0], ([x, y]: Point3) => [-x, y]).left).toBe('L');
    expect(edges([0, 0, 0], ([x, y]: Point3) => [-y, x])).toEqual({ left: 'P', top: 'R' });
  });

  it('names the sides of a coronal image, and both of an oblique one', () => {
    expect(edges([0, 0, 0], ([x, , z]: Point3) => [x, -z])).toEqual({ left: 'R', top: 'H' });
    expect(edges([0, 0, 0], ([x, y]: Point3) => [x * 0.8 + y * 0.6, y * 0.8 - x * 0.6]).left).toBe('RA');
  });
});

describe('pan and zoom', () => {
  const picture = { width: 2000, height: 1000 };

  it('fits the whole picture into the middle, or the width', () => {
    expect(fit(picture, { width: 1000, height: 1000 })).toEqual({ x: 0, y: 250, scale: 0.5 });
    expect(fitWidth(picture, { width: 4000, height: 1000 })).toEqual({ x: 0, y: 0, scale: 2 });
  });

  it('keeps the point under the pointer where it is', () => {
    const before = fit(picture, { width: 1000, height: 1000 });
    const at = { x: 300, y: 400 };
    const after = zoomAt(before, 2, at);
    const seen = (p: typeof before): number[] => [(at.x - p.x) / p.scale, (at.y - p.y) / p.scale];
    expect(seen(after)).toEqual(seen(before));
    expect(after.scale).toBe(1);
  });
});

describe('unwrap', () => {
  it('brings back negative values that an unsigned array turned into large ones', () => {
    const pixels = unwrap(new Uint16Array([64_536, 0, 100]), 1, 0);
    expect(pixels?.values).toEqual(new Int16Array([-1000, 0, 100]));
    expect([pixels?.min, pixels?.max]).toEqual([-1000, 100]);
  });

  it('does so after rescaling', () => {
    expect(unwrap(new Uint16Array([0, 31_743]), 1, -1024)).toBeNull();
    expect([...(unwrap([65_536 - 24 - 1024, -1024], 1, -1024)?.values ?? [])]).toEqual([-1048, -1024]);
    expect([...(unwrap([(65_536 - 1000) * 0.5, 5], 0.5, 0)?.values ?? [])]).toEqual([-500, 5]);
  });

  it('leaves true values alone', () => {
    expect(unwrap(new Int16Array([-1000, 32_767]), 1, 0)).toBeNull();
  });
});
