import { numberOf, numbersOf, type Instance } from '../dicom-json.ts';
import type { Point } from '../measuring/kinds.ts';

/** What is left to be seen of an image, in its pixels from the upper left corner of the first one. */
export type Opening =
  | { shape: 'rectangle'; left: number; top: number; right: number; bottom: number }
  | { shape: 'ellipse'; centre: Point; radii: Point }
  | { shape: 'polygon'; vertices: readonly Point[] };

/** Everything outside of any of its openings is covered (PS3.3 C.7.6.11). */
export interface Shutter {
  openings: readonly Opening[];
  /** Of the cover, from 0 to 255. */
  grey: number;
}

const Tag = {
  Shape: '00181600',
  Left: '00181602',
  Right: '00181604',
  Upper: '00181606',
  Lower: '00181608',
  Centre: '00181610',
  Radius: '00181612',
  Vertices: '00181620',
  PresentationValue: '00181622',
  PixelSpacing: '00280030',
  PixelAspectRatio: '00280034',
} as const;
const WHITE = 65_535;
const FEWEST_VERTICES = 3;

/** `null` for an image without one, or with none that can be read. */
export function shutterOf(instance: Instance): Shutter | null {
  const shapes = (instance[Tag.Shape]?.Value ?? []).map((shape) => String(shape).toUpperCase());
  const openings = shapes.flatMap((shape) => openingOf(shape, instance) ?? []);
  if (openings.length === 0) return null;
  return { openings, grey: Math.round(((numberOf(instance, Tag.PresentationValue) ?? 0) / WHITE) * 255) };
}

function openingOf(shape: string, instance: Instance): Opening | null {
  if (shape === 'RECTANGULAR') return rectangle(instance);
  if (shape === 'CIRCULAR') return circle(instance);
  return shape === 'POLYGONAL' ? polygon(instance) : null;
}

/** The pixels that its edges name are seen. */
function rectangle(instance: Instance): Opening | null {
  const edges = [Tag.Left, Tag.Right, Tag.Upper, Tag.Lower].map((tag) => numberOf(instance, tag));
  if (edges.includes(null)) return null;
  const [left, right, top, bottom] = edges as [number, number, number, number];
  return left > right || top > bottom ? null : { shape: 'rectangle', left: left - 1, top: top - 1, right, bottom };
}

/** Round in the patient: its radius counts pixels along a row. */
function circle(instance: Instance): Opening | null {
  const [row, column] = numbersOf(instance, Tag.Centre);
  const radius = numberOf(instance, Tag.Radius);
  if (row === undefined || column === undefined || radius === null || radius <= 0) return null;
  return { shape: 'ellipse', centre: middleOf(row, column), radii: [radius, radius / heightOverWidth(instance)] };
}

function heightOverWidth(instance: Instance): number {
  const ratio = numbersOf(instance, Tag.PixelAspectRatio);
  const [height, width] = ratio.length === 2 ? ratio : numbersOf(instance, Tag.PixelSpacing);
  return height && width && height > 0 && width > 0 ? height / width : 1;
}

function polygon(instance: Instance): Opening | null {
  const numbers = numbersOf(instance, Tag.Vertices);
  const vertices = Array.from({ length: numbers.length >> 1 }, (_, n) => middleOf(numbers[2 * n]!, numbers[2 * n + 1]!));
  return vertices.length < FEWEST_VERTICES ? null : { shape: 'polygon', vertices };
}

function middleOf(row: number, column: number): Point {
  return [column - 0.5, row - 0.5];
}
