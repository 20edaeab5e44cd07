import type { Point3 } from '../orientation.ts';
import type { Voi } from '../stack-view.ts';
import { cross, dot, plus, scaled, type ImagePlane } from '../stage/geometry.ts';
import type { Plane } from '../stage/stage.ts';

/** Slices of one size, one behind the other along the normal; values as the modality means them. */
export interface Volume {
  slices: readonly ArrayLike<number>[];
  /** The first slice. */
  plane: ImagePlane;
  stepMm: number;
}

export type SlabMode = 'mean' | 'mip' | 'minip';

/** How thick a cut is, and what is taken of the values that lie behind each other. */
export interface Slab {
  mode: SlabMode;
  mm: number;
}

/** A direction on the screen as an axis of the volume: 0 along rows, 1 down columns, 2 through slices; -1 against it. */
interface Axis {
  axis: 0 | 1 | 2;
  sign: 1 | -1;
}

export interface Cutting {
  right: Axis;
  down: Axis;
  through: Axis;
}

/** Values of a plane, in rows from the upper left. */
export interface Cut {
  width: number;
  height: number;
  /** Millimetres between values, across and down. */
  spacing: readonly [number, number];
  values: Float32Array;
}

/** Where the screen's right and down lie in the patient: L and P, L and F, P and F (radiological convention). */
const DIRECTIONS: Readonly<Record<Plane, readonly [right: Point3, down: Point3]>> = {
  axial: [[1, 0, 0], [0, 1, 0]],
  coronal: [[1, 0, 0], [0, 0, -1]],
  sagittal: [[0, 1, 0], [0, 0, -1]],
};

/** Counts of values along rows, columns and slices. */
export function sizeOf({ plane, slices }: Volume): readonly [number, number, number] {
  return [plane.columns, plane.rows, slices.length];
}

/** Millimetres between values along rows, columns and slices. */
export function stepsOf({ plane, stepMm }: Volume): readonly [number, number, number] {
  return [plane.spacing[0], plane.spacing[1], stepMm];
}

export function directionOf({ plane }: Volume, { axis, sign }: Axis): Point3 {
  return scaled([plane.row, plane.column, plane.normal][axis]!, sign);
}

/** The axes of the volume nearest to those of a plane through the patient; each axis of the volume is used once. */
export function cuttingOf({ plane }: Volume, wanted: Plane): Cutting {
  const [right, down] = DIRECTIONS[wanted];
  const own = [plane.row, plane.column, plane.normal];
  const across = nearestAxis(own, right, []);
  const below = nearestAxis(own, down, [across.axis]);
  return { right: across, down: below, through: nearestAxis(own, cross(right, down), [across.axis, below.axis]) };
}

function nearestAxis(own: readonly Point3[], wanted: Point3, taken: readonly number[]): Axis {
  const free = ([0, 1, 2] as const).filter((axis) => !taken.includes(axis));
  const axis = free.reduce((best, next) => (Math.abs(dot(own[next]!, wanted)) > Math.abs(dot(own[best]!, wanted)) ? next : best));
  return { axis, sign: dot(own[axis]!, wanted) < 0 ? -1 : 1 };
}

/** The values in a plane at a place along its normal, counted in values from the first slice, row or column; none is made up. */
export function reslice(volume: Volume, cutting: Cutting, at: number, slab: Slab): Cut {
  const size = sizeOf(volume);
  const steps = stepsOf(volume);
  const { right, down, through } = cutting;
  const [width, height] = [size[right.axis], size[down.axis]];
  const layers = layersOf(at, size[through.axis], slab.mm / steps[through.axis]);
  const values = new Float32Array(width * height);
  const place: [number, number, number] = [0, 0, 0];
  for (const [n, layer] of layers.entries()) {
    place[through.axis] = layer;
    for (let y = 0; y < height; y++) {
      place[down.axis] = down.sign > 0 ? y : height - 1 - y;
      for (let x = 0; x < width; x++) {
        place[right.axis] = right.sign > 0 ? x : width - 1 - x;
        const value = volume.slices[place[2]]![place[1] * size[0] + place[0]]!;
        const index = y * width + x;
        values[index] = n === 0 ? value : joined(slab.mode, values[index]!, value);
      }
    }
  }
  if (slab.mode === 'mean' && layers.length > 1) values.forEach((sum, index) => (values[index] = sum / layers.length));
  return { width, height, spacing: [steps[right.axis], steps[down.axis]], values };
}

function joined(mode: SlabMode, before: number, value: number): number {
  if (mode === 'mip') return Math.max(before, value);
  return mode === 'minip' ? Math.min(before, value) : before + value;
}

/** The layers of a slab around its middle, as far as there are any; at least one. */
function layersOf(at: number, count: number, thick: number): number[] {
  const half = Math.max(0, (thick - 1) / 2);
  const middle = Math.min(count - 1, Math.max(0, Math.round(at)));
  const first = Math.max(0, Math.ceil(middle - half));
  const last = Math.min(count - 1, Math.floor(middle + half));
  return Array.from({ length: last - first + 1 }, (_, n) => first + n);
}

/** A place in the volume, counted in values, as a point on the cut, counted in values from its upper left. */
export function onCut(volume: Volume, { right, down }: Cutting, voxel: Point3): readonly [number, number] {
  const size = sizeOf(volume);
  const of = ({ axis, sign }: Axis): number => (sign > 0 ? voxel[axis] : size[axis] - 1 - voxel[axis]);
  return [of(right), of(down)];
}

/** The other way round: the place below a point on the cut; along the normal it stays where it was. */
export function fromCut(volume: Volume, { right, down }: Cutting, [x, y]: readonly [number, number], before: Point3): Point3 {
  const size = sizeOf(volume);
  const voxel: [number, number, number] = [...before];
  for (const [{ axis, sign }, value] of [[right, x], [down, y]] as const) {
    const inside = Math.min(size[axis] - 1, Math.max(0, Math.round(value)));
    voxel[axis] = sign > 0 ? inside : size[axis] - 1 - inside;
  }
  return voxel;
}

/** A place in the volume as a place in the patient. */
export function worldOf(volume: Volume, voxel: Point3): Point3 {
  const { plane } = volume;
  const steps = stepsOf(volume);
  const moves = [plane.row, plane.column, plane.normal].map((axis, n) => scaled(axis, voxel[n]! * steps[n]!));
  return moves.reduce(plus, plane.origin);
}

/** Grey values of a cut in a window (PS3.3 C.11.2.1.2.1), four bytes a value, opaque. */
export function windowed({ values }: Cut, { center, width }: Voi, inverted: boolean): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint32Array(values.length);
  const scale = 255 / Math.max(1, width - 1);
  const lowest = center - 0.5 - (width - 1) / 2;
  for (let n = 0; n < values.length; n++) {
    const grey = Math.trunc(Math.min(255, Math.max(0, (values[n]! - lowest) * scale)));
    const shown = inverted ? 255 - grey : grey;
    pixels[n] = 0xff000000 | (shown << 16) | (shown << 8) | shown;
  }
  return new Uint8ClampedArray(pixels.buffer);
}
