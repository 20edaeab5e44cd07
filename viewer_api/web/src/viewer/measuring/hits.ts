import { TWO_LINES, type Kind, type Point } from './kinds.ts';

/** What of a drawing is under the pointer: one of its points, or the whole of it. */
export type Hit = { point: number } | { point: null };

const HANDLE = 9;
const LINE = 6;

/** `points` and `at` in CSS pixels. */
export function hitOf(kind: Kind, points: readonly Point[], at: Point): Hit | null {
  const point = points.findIndex((one) => distance(one, at) <= HANDLE);
  if (point >= 0) return { point };
  return edgesOf(kind, points).some(([from, to]) => toSegment(at, from, to) <= LINE) ? { point: null } : null;
}

/** Moves one point of a drawing, or all of it. */
export function moved(points: readonly Point[], hit: Hit, [dx, dy]: Point, size: Point): Point[] {
  if (hit.point !== null) return points.map(([x, y], n) => (n === hit.point ? inside([x + dx, y + dy], size) : [x, y]));
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const stepX = Math.min(size[0] - Math.max(...xs), Math.max(-Math.min(...xs), dx));
  const stepY = Math.min(size[1] - Math.max(...ys), Math.max(-Math.min(...ys), dy));
  return points.map(([x, y]) => [x + stepX, y + stepY]);
}

/** The lines by which a drawing is seen; an ellipse as a ring of short ones. */
export function edgesOf(kind: Kind, points: readonly Point[]): (readonly [Point, Point])[] {
  if (kind === 'ellipse' || kind === 'rectangle') return ring(outline(kind, points));
  if (TWO_LINES.has(kind)) return [points.slice(0, 2), points.slice(2, 4)].flatMap((line) => chain(line));
  return chain(points);
}

/** The outline between two opposite corners, where the shape may be turned on the screen by quarter turns only. */
export function outline(kind: 'ellipse' | 'rectangle', [from, to]: readonly Point[]): Point[] {
  if (from === undefined || to === undefined) return [];
  const [x, y, a, b] = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2, Math.abs(to[0] - from[0]) / 2, Math.abs(to[1] - from[1]) / 2];
  if (kind === 'rectangle') return [[x - a, y - b], [x + a, y - b], [x + a, y + b], [x - a, y + b]];
  return Array.from({ length: 48 }, (_, n) => [x + a * Math.cos((n * Math.PI) / 24), y + b * Math.sin((n * Math.PI) / 24)] as Point);
}

function chain(points: readonly Point[]): (readonly [Point, Point])[] {
  return points.slice(1).map((to, n) => [points[n]!, to] as const);
}

function ring(points: readonly Point[]): (readonly [Point, Point])[] {
  return points.map((to, n) => [points.at(n - 1)!, to] as const);
}

export function distance(a: Point, b: Point): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}

function toSegment(at: Point, from: Point, to: Point): number {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const squared = dx * dx + dy * dy;
  const share = squared === 0 ? 0 : Math.min(1, Math.max(0, ((at[0] - from[0]) * dx + (at[1] - from[1]) * dy) / squared));
  return distance(at, [from[0] + share * dx, from[1] + share * dy]);
}

function inside([x, y]: Point, size: Point): Point {
  return [Math.min(size[0], Math.max(0, x)), Math.min(size[1], Math.max(0, y))];
}
