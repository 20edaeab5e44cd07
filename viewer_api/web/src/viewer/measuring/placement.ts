import type { Turn } from '../stack-view.ts';
import type { Point } from './kinds.ts';

/** Where the image lies on its viewport: CSS pixels of the corner of the first pixel, and of a step of a column and a row. */
export interface Placement {
  origin: Point;
  column: Point;
  row: Point;
}

/** From where three corners of an image of that many columns and rows are seen. */
export function placementFrom(start: Point, right: Point, down: Point, [columns, rows]: Point): Placement {
  const step = (to: Point, count: number): Point => [(to[0] - start[0]) / count, (to[1] - start[1]) / count];
  return { origin: start, column: step(right, columns), row: step(down, rows) };
}

export function toScreen({ origin, column, row }: Placement, [x, y]: Point): Point {
  return [origin[0] + x * column[0] + y * row[0], origin[1] + x * column[1] + y * row[1]];
}

/** The place in the image under a place of the screen, held inside it. */
export function toImage({ origin, column, row }: Placement, [x, y]: Point, size: Point): Point {
  const [dx, dy] = [x - origin[0], y - origin[1]];
  const area = column[0] * row[1] - column[1] * row[0];
  if (area === 0) return [0, 0];
  return [within((dx * row[1] - dy * row[0]) / area, size[0]), within((dy * column[0] - dx * column[1]) / area, size[1])];
}

/**
 * How an image of that many columns and rows is seen in a frame of that many CSS pixels: its size over the one with which it fits,
 * and how far its middle is from that of the frame, in shares of the frame's height.
 */
export function lookAt(placement: Placement, [columns, rows]: Point, [width, height]: Point): { zoom: number; pan: Point } {
  const [x, y] = toScreen(placement, [columns / 2, rows / 2]);
  const extent = (axis: 0 | 1): number => Math.abs(placement.column[axis]) * columns + Math.abs(placement.row[axis]) * rows;
  return { zoom: Math.max(extent(0) / width, extent(1) / height), pan: [(x - width / 2) / height, (y - height / 2) / height] };
}

/** How an image lies that is turned by right angles. */
export function turnOf({ column, row }: Placement): Turn {
  const mirrored = column[0] * row[1] - column[1] * row[0] < 0;
  const quarters = Math.round(Math.atan2(-row[0], row[1]) / (Math.PI / 2));
  return { mirrored, quarters: (quarters + 4) % 4 };
}

const SLIGHT = 0.001;

/**
 * How far the image stands from whole pixels of a screen with `ratio` of them in a CSS pixel, where one of its own takes a whole
 * number of them; `null` where it does not, or where nothing is to be moved.
 */
export function offPixels({ origin, column, row }: Placement, ratio: number): Point | null {
  const sizes = [Math.hypot(...column) * ratio, Math.hypot(...row) * ratio];
  if (sizes.some((size) => Math.round(size) < 1 || Math.abs(size - Math.round(size)) > SLIGHT)) return null;
  const [x, y] = origin.map((place) => place * ratio - Math.round(place * ratio)) as [number, number];
  return Math.hypot(x, y) < SLIGHT ? null : [x / ratio, y / ratio];
}

function within(value: number, most: number): number {
  return Math.min(most, Math.max(0, value));
}
