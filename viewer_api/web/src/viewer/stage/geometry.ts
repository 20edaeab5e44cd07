import { itemOf, numberOf, numbersOf, Tag, textOf, type Instance } from '../dicom-json.ts';
import { frameNumber, type Frame } from '../frames.ts';
import type { Point3 } from '../orientation.ts';

/** Where an image lies in the patient (PS3.3 C.7.6.2); millimetres, and unit vectors. */
export interface ImagePlane {
  /** Centre of the first pixel. */
  origin: Point3;
  /** Along a row, to the next column. */
  row: Point3;
  /** Down a column, to the next row. */
  column: Point3;
  normal: Point3;
  /** Between columns and between rows. */
  spacing: readonly [x: number, y: number];
  columns: number;
  rows: number;
  frameOfReference: string;
}

export type Segment = readonly [Point3, Point3];

/** Cosine of the angle, some five degrees, up to which planes count as parallel. */
const PARALLEL = 0.996;

/** `null` for projections and whatever else has no place in the patient. */
export function planeOf(frame: Frame): ImagePlane | null {
  const { instance } = frame;
  const placed = (group: string, tag: string): number[] => valuesOf(instance, frameNumber(frame), group, tag);
  const origin = placed(Tag.PlanePosition, Tag.ImagePositionPatient);
  const directions = placed(Tag.PlaneOrientation, Tag.ImageOrientationPatient);
  const spacing = placed(Tag.PixelMeasures, Tag.PixelSpacing);
  if (origin.length !== 3 || directions.length !== 6 || spacing.length !== 2) return null;
  const row = unit(directions.slice(0, 3) as unknown as Point3);
  const column = unit(directions.slice(3) as unknown as Point3);
  return {
    origin: origin as unknown as Point3,
    row,
    column,
    normal: cross(row, column),
    spacing: [spacing[1]!, spacing[0]!],
    columns: numberOf(instance, Tag.Columns) ?? 0,
    rows: numberOf(instance, Tag.Rows) ?? 0,
    frameOfReference: textOf(instance, Tag.FrameOfReferenceUID),
  };
}

export function areParallel(one: ImagePlane, other: ImagePlane): boolean {
  return Math.abs(dot(one.normal, other.normal)) >= PARALLEL;
}

export function shareFrame(one: ImagePlane, other: ImagePlane): boolean {
  return one.frameOfReference !== '' && one.frameOfReference === other.frameOfReference;
}

/** How far along a direction a plane begins, in millimetres. */
export function along(direction: Point3, plane: ImagePlane): number {
  return dot(direction, plane.origin);
}

/** Of planes the one nearest to a position along a direction; `null` when none has a place. */
export function nearestTo(planes: readonly (ImagePlane | null)[], direction: Point3, position: number): number | null {
  let [best, least] = [null as number | null, Number.POSITIVE_INFINITY];
  planes.forEach((plane, index) => {
    if (plane === null) return;
    const distance = Math.abs(along(direction, plane) - position);
    if (distance < least) [best, least] = [index, distance];
  });
  return best;
}

/** Where the image cuts through the plane of another one; `null` when it does not, or lies in it. */
export function crossing(image: ImagePlane, other: ImagePlane): Segment | null {
  if (!shareFrame(image, other) || areParallel(image, other)) return null;
  const corners = cornersOf(image);
  const heights = corners.map((corner) => dot(other.normal, minus(corner, other.origin)));
  const points = corners.flatMap((corner, at) => {
    const next = (at + 1) % corners.length;
    const [from, to] = [heights[at]!, heights[next]!];
    if (from === to || from * to > 0 || to === 0) return [];
    return [plus(corner, scaled(minus(corners[next]!, corner), from / (from - to)))];
  });
  return points.length === 2 ? [points[0]!, points[1]!] : null;
}

/** The outer corners of the image, around. */
export function cornersOf(plane: ImagePlane): readonly Point3[] {
  const { columns, rows } = plane;
  const corner = (x: number, y: number): Point3 => pixelAt(plane, x, y);
  return [corner(-0.5, -0.5), corner(columns - 0.5, -0.5), corner(columns - 0.5, rows - 0.5), corner(-0.5, rows - 0.5)];
}

/** The place in the patient of a pixel, whose centre has whole numbers. */
export function pixelAt({ origin, row, column, spacing }: ImagePlane, x: number, y: number): Point3 {
  return plus(plus(origin, scaled(row, x * spacing[0])), scaled(column, y * spacing[1]));
}

/** The pixel, with fractions, below a place in the patient. */
export function pixelOf({ origin, row, column, spacing }: ImagePlane, world: Point3): readonly [number, number] {
  const from = minus(world, origin);
  return [dot(from, row) / spacing[0], dot(from, column) / spacing[1]];
}

export function dot(a: Point3, b: Point3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

export function cross(a: Point3, b: Point3): Point3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

export function plus(a: Point3, b: Point3): Point3 {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

export function minus(a: Point3, b: Point3): Point3 {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

export function scaled(a: Point3, by: number): Point3 {
  return [a[0] * by, a[1] * by, a[2] * by];
}

export function unit(a: Point3): Point3 {
  return scaled(a, 1 / (Math.hypot(...a) || 1));
}

/** Of the frame, of all frames, or of the image itself (PS3.3 C.7.6.16). */
function valuesOf(instance: Instance, frame: number, group: string, tag: string): number[] {
  const own = itemOf(instance, Tag.PerFrameFunctionalGroups, frame - 1);
  const shared = itemOf(instance, Tag.SharedFunctionalGroups);
  for (const groups of [own, shared]) {
    const found = groups === null ? null : itemOf(groups, group);
    if (found?.[tag] !== undefined) return numbersOf(found, tag);
  }
  return numbersOf(instance, tag);
}
