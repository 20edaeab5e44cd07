import type { Figure, Kind, Point } from './kinds.ts';

/** Grey values of one frame after the modality transform. */
export interface Pixels {
  columns: number;
  rows: number;
  at(index: number): number;
  /** `HU`, or empty. */
  unit: string;
}

/** By the rule of docs/measuring.md: a pixel counts when its centre lies in the closed shape. */
export function valueFigures(kind: Kind, points: readonly Point[], pixels: Pixels): Figure[] {
  if (kind === 'probe') return [{ name: 'value', value: valueAt(points[0]!, pixels), unit: pixels.unit }];
  if (kind !== 'ellipse' && kind !== 'rectangle') return [];
  const [[x1, y1], [x2, y2]] = [points[0]!, points[1]!];
  const [left, right, top, bottom] = [Math.min(x1, x2), Math.max(x1, x2), Math.min(y1, y2), Math.max(y1, y2)];
  if (left === right || top === bottom) return [];
  let [count, sum, squares, least, most] = [0, 0, 0, Infinity, -Infinity];
  for (let row = Math.max(0, Math.floor(top)); row < Math.min(pixels.rows, Math.ceil(bottom)); row += 1) {
    for (let column = Math.max(0, Math.floor(left)); column < Math.min(pixels.columns, Math.ceil(right)); column += 1) {
      const [x, y] = [column + 0.5, row + 0.5];
      const isInside =
        kind === 'rectangle'
          ? x >= left && x <= right && y >= top && y <= bottom
          : ((2 * x - left - right) / (right - left)) ** 2 + ((2 * y - top - bottom) / (bottom - top)) ** 2 <= 1;
      if (!isInside) continue;
      const value = pixels.at(row * pixels.columns + column);
      count += 1;
      sum += value;
      squares += value * value;
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
  }
  if (count === 0) return [];
  const mean = sum / count;
  const { unit } = pixels;
  return [
    { name: 'mean', value: mean, unit },
    { name: 'sd', value: Math.sqrt(Math.max(0, squares / count - mean * mean)), unit },
    { name: 'min', value: least, unit },
    { name: 'max', value: most, unit },
  ];
}

function valueAt([x, y]: Point, pixels: Pixels): number {
  const column = Math.min(Math.max(0, Math.floor(x)), pixels.columns - 1);
  const row = Math.min(Math.max(0, Math.floor(y)), pixels.rows - 1);
  return pixels.at(row * pixels.columns + column);
}
