import { describe, expect, it } from 'vitest';

import type { Instance } from '../src/viewer/dicom-json.ts';
import { frameStack } from '../src/viewer/frames.ts';
import { fitness } from '../src/viewer/mpr/fitness.ts';
import { cuttingOf, fromCut, onCut, reslice, windowed, worldOf, type Volume } from '../src/viewer/mpr/reslice.ts';
import { turnOf, type Placement } from '../src/viewer/measuring/placement.ts';
import { cutTurned, movedBy, turned, UPRIGHT, type TurnCommand } from '../src/viewer/mpr/turns.ts';
import type { Point3 } from '../src/viewer/orientation.ts';
import { areParallel, crossing, nearestTo, pixelAt, pixelOf, planeOf, type ImagePlane } from '../src/viewer/stage/geometry.ts';
import { InStep } from '../src/viewer/stage/in-step.ts';

const AXIAL = [1, 0, 0, 0, 1, 0];
const SAGITTAL = [0, 1, 0, 0, 0, -1];

function instance(position: readonly number[], orientation: readonly number[], more: Record<string, unknown[]> = {}): Instance {
  const values: Record<string, unknown[]> = {
    '00080018': [position.join('.')],
    '00280010': [20],
    '00280011': [10],
    '00280030': [2, 1],
    '00200032': [...position],
    '00200037': [...orientation],
    '00200052': ['for-1'],
    ...more,
  };
  return Object.fromEntries(Object.entries(values).map(([tag, Value]) => [tag, { vr: 'DS', Value }]));
}

const plane = (position: readonly number[], orientation = AXIAL, more = {}): ImagePlane =>
  planeOf(frameStack('1', '2', [instance(position, orientation, more)]).frames[0]!)!;

const stack = (count: number, place: (n: number) => readonly number[] = (n) => [0, 0, 3 * n], more = {}): ImagePlane[] =>
  Array.from({ length: count }, (_, n) => plane(place(n), AXIAL, more));

describe('where an image lies', () => {
  it('goes from pixels to the patient and back', () => {
    const one = plane([10, 20, 30]);
    expect(pixelAt(one, 2, 3)).toEqual([12, 26, 30]);
    expect(pixelOf(one, [12, 26, 99])).toEqual([2, 3]);
    expect(one.normal).toEqual([0, 0, 1]);
  });

  it('is said of each frame of an enhanced object by itself', () => {
    const item = (z: number): Instance => ({ '00209113': { vr: 'SQ', Value: [{ '00200032': { vr: 'DS', Value: [0, 0, z] } }] } });
    const enhanced = { ...instance([9, 9, 9], AXIAL), '00280008': { vr: 'IS', Value: [2] }, '52009230': { vr: 'SQ', Value: [item(5), item(7)] } };
    expect(frameStack('1', '2', [enhanced]).frames.map((frame) => planeOf(frame)?.origin[2])).toEqual([5, 7]);
  });

  it('is not known of projections', () => {
    expect(planeOf(frameStack('1', '2', [instance([0, 0, 0], AXIAL, { '00200037': [] })]).frames[0]!)).toBeNull();
  });
});

describe('reference lines', () => {
  const sagittal = plane([5, 0, 60], SAGITTAL);

  it('show where one image cuts through the other, no longer than it is', () => {
    const line = crossing(plane([0, 0, 12]), sagittal)!;
    expect(line.map((end) => Math.round(end[1])).sort((one, other) => one - other)).toEqual([-1, 39]);
    expect(line.every((end) => Math.abs(end[0] - 5) < 1e-9 && Math.abs(end[2] - 12) < 1e-9)).toBe(true);
  });

  it('are not drawn beside the image, between parallel ones, or into another frame of reference', () => {
    expect(crossing(plane([40, 0, 12]), sagittal)).toBeNull();
    expect(areParallel(plane([0, 0, 0]), plane([0, 0, 9]))).toBe(true);
    expect(crossing(plane([0, 0, 0]), plane([0, 0, 9]))).toBeNull();
    expect(crossing(plane([0, 0, 12], AXIAL, { '00200052': ['other'] }), sagittal)).toBeNull();
  });
});

describe('stacks in step', () => {
  const slices = (key: string, planes: readonly (ImagePlane | null)[], index: number) => ({ key, planes, index });

  it('stand at the same place of the patient, whatever their spacing and direction', () => {
    const [thin, thick] = [stack(30), stack(10, (n) => [0, 0, 81 - 9 * n])];
    expect(new InStep().follow(slices('a', thin, 9), 8, slices('b', thick, 0))).toBe(6);
  });

  it('keep the distance that the reader has left between frames of reference', () => {
    const own = stack(30);
    const other = stack(30, (n) => [0, 0, 500 + 3 * n], { '00200052': ['other'] });
    const inStep = new InStep();
    expect(inStep.follow(slices('a', own, 11), 10, slices('b', other, 4))).toBe(5);
    expect(inStep.follow(slices('a', own, 20), 11, slices('b', other, 5))).toBe(14);
    expect(inStep.follow(slices('b', other, 4), 14, slices('a', own, 20))).toBe(10);
  });

  it('are left alone when they are not parallel', () => {
    expect(new InStep().follow(slices('a', stack(9), 3), 2, slices('b', [plane([5, 0, 60], SAGITTAL)], 0))).toBeNull();
    expect(nearestTo([null], [0, 0, 1], 3)).toBeNull();
  });
});

describe('what can be cut in other planes', () => {
  it('is a stack at one distance, in whatever order it came', () => {
    expect(fitness([...stack(9)].reverse())).toEqual({ order: [8, 7, 6, 5, 4, 3, 2, 1, 0], stepMm: 3 });
  });

  it.each([
    ['few', stack(4)],
    ['unplaced', [...stack(9), null]],
    ['spacing', stack(9, (n) => [0, 0, n === 8 ? 30 : 3 * n])],
    ['tilt', stack(9, (n) => [0, n, 3 * n])],
    ['sizes', [...stack(8), plane([0, 0, 24], AXIAL, { '00280010': [30] })]],
    ['orientation', [...stack(8), plane([0, 0, 24], SAGITTAL)]],
  ] as const)('and says why not: %s', (why, planes) => {
    expect(fitness(planes)).toBe(why);
  });
});

describe('cutting', () => {
  // The value of each place says where it is: column + 100 * row + 10 000 * slice.
  const volume: Volume = {
    plane: plane([0, 0, 0]),
    stepMm: 3,
    slices: Array.from({ length: 4 }, (_, z) => Float32Array.from({ length: 200 }, (_, at) => (at % 10) + 100 * Math.floor(at / 10) + 10_000 * z)),
  };
  const thin = { mode: 'mean', mm: 0 } as const;

  it('gives the axial plane as it was taken', () => {
    const cut = reslice(volume, cuttingOf(volume, 'axial'), 2, thin);
    expect([cut.width, cut.height, cut.spacing]).toEqual([10, 20, [1, 2]]);
    expect([...cut.values]).toEqual([...(volume.slices[2] as Float32Array)]);
  });

  it.each([
    ['rotate', (x: number, y: number): number => y + 100 * (19 - x)],
    ['flip', (x: number, y: number): number => 9 - x + 100 * y],
    ['upend', (x: number, y: number): number => x + 100 * (19 - y)],
  ] as const)('%s turns what is seen', (command, seen) => {
    const cut = reslice(volume, cutTurned(cuttingOf(volume, 'axial'), turned(UPRIGHT, command)), 0, thin);
    const isAcross = command === 'rotate';
    expect([cut.width, cut.height, cut.spacing]).toEqual(isAcross ? [20, 10, [2, 1]] : [10, 20, [1, 2]]);
    expect([...cut.values]).toEqual(Array.from({ length: 200 }, (_, at) => seen(at % cut.width, Math.floor(at / cut.width))));
  });

  it('puts the head up in coronal planes, and the front to the left in sagittal ones', () => {
    const coronal = reslice(volume, cuttingOf(volume, 'coronal'), 7, thin);
    expect([coronal.width, coronal.height, coronal.spacing]).toEqual([10, 4, [1, 3]]);
    expect([coronal.values[0], coronal.values[9], coronal.values[30]]).toEqual([30_700, 30_709, 700]);
    const sagittal = reslice(volume, cuttingOf(volume, 'sagittal'), 4, thin);
    expect([sagittal.width, sagittal.height]).toEqual([20, 4]);
    expect([sagittal.values[0], sagittal.values[19], sagittal.values[60]]).toEqual([30_004, 31_904, 4]);
  });

  it('takes mean, greatest or least through a slab', () => {
    const through = (mode: 'mean' | 'mip' | 'minip') => reslice(volume, cuttingOf(volume, 'axial'), 1, { mode, mm: 9 }).values[0];
    expect([through('mean'), through('mip'), through('minip')]).toEqual([10_000, 20_000, 0]);
  });

  it('finds the place below the pointer, and shows it there in every plane', () => {
    for (const name of ['axial', 'coronal', 'sagittal'] as const) {
      const cutting = cuttingOf(volume, name);
      const voxel: Point3 = [3, 11, 2];
      expect(fromCut(volume, cutting, onCut(volume, cutting, voxel), voxel)).toEqual(voxel);
    }
    expect(worldOf(volume, [3, 11, 2])).toEqual([3, 22, 6]);
  });

  it('knows its axes when the stack was taken from the side', () => {
    const side: Volume = { ...volume, plane: plane([0, 0, 60], SAGITTAL) };
    expect(cuttingOf(side, 'sagittal')).toMatchObject({ right: { axis: 0, sign: 1 }, down: { axis: 1, sign: 1 }, through: { axis: 2 } });
    expect(cuttingOf(side, 'axial')).toMatchObject({ right: { axis: 2, sign: -1 }, down: { axis: 0, sign: 1 } });
  });

  it('turns values into greys by the window of the standard', () => {
    const cut = { width: 4, height: 1, spacing: [1, 1] as const, values: Float32Array.from([-100, 0, 40, 500]) };
    const grey = (inverted: boolean) => [...windowed(cut, { center: 40, width: 81 }, inverted)].filter((_, at) => at % 4 === 0);
    expect(grey(false)).toEqual([0, 1, 129, 255]);
    expect(grey(true)).toEqual([255, 254, 126, 0]);
  });
});

describe('turning a plane', () => {
  const cut = { right: { axis: 0, sign: 1 }, down: { axis: 1, sign: 1 }, through: { axis: 2, sign: 1 } } as const;
  /** Where a point that was at the right and a little below is seen. */
  const seen = (commands: readonly TurnCommand[]) => {
    const { right, down } = cutTurned(cut, commands.reduce(turned, UPRIGHT));
    const place = [5, 2] as const;
    return [place[right.axis as 0 | 1] * right.sign, place[down.axis as 0 | 1] * down.sign];
  };

  it.each([
    [['rotate', 'rotate', 'rotate', 'rotate']],
    [['flip', 'flip']],
    [['upend', 'upend']],
    [['rotate', 'flip', 'rotate', 'flip']],
    [['flip', 'upend', 'rotate', 'rotate']],
  ] as const)('comes back by %s', (commands) => {
    expect(seen(commands)).toEqual([5, 2]);
  });

  it('is always about what is seen, whatever was done before', () => {
    const all: readonly TurnCommand[] = ['rotate', 'flip', 'upend'];
    for (const first of all) {
      for (const second of all) {
        const expected = [first, second, 'flip' as const].reduce<readonly [number, number]>((at, command) => movedBy(at, command), [5, 2]);
        expect(seen([first, second, 'flip'])).toEqual([...expected]);
      }
    }
  });
});

describe('how an image lies', () => {
  const seen = ({ origin, column, row }: Placement, command: TurnCommand): Placement => ({ origin, column: movedBy(column, command), row: movedBy(row, command) });

  it('is what the commands that are meant for what is seen have made of it', () => {
    const commands: readonly TurnCommand[] = ['rotate', 'flip', 'rotate', 'upend', 'rotate', 'rotate', 'flip'];
    let placement: Placement = { origin: [5, 7], column: [0.5, 0], row: [0, 0.5] };
    let lies = UPRIGHT;
    for (const command of commands) {
      [placement, lies] = [seen(placement, command), turned(lies, command)];
      expect(turnOf(placement)).toEqual({ mirrored: lies.mirrored, quarters: (lies.quarters + 4) % 4 });
    }
  });
});
