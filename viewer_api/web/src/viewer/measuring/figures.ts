import type { Figure, Kind, Point } from './kinds.ts';
import { isSpatial, type Scale } from './scale.ts';

/** While it is drawn: the same figures as the server's (`reading_queue.measuring.geometry`), which replace them when it is kept. */
export function geometricFigures(kind: Kind, points: readonly Point[], scale: Scale): Figure[] {
  if (kind === 'length') return length(points, scale);
  if (kind === 'probe') return velocity(points[0]!, scale);
  return isSpatial(scale) ? (SPATIAL[kind]?.(points, scale) ?? []) : [];
}

const ALONG: Readonly<Record<string, string>> = { mm: 'distance', cm: 'distance', px: 'distance', s: 'time', 'cm/s': 'velocity', Hz: 'frequency' };
const VELOCITIES: readonly string[] = ['cm/s', 'Hz'];

const SPATIAL: Readonly<Partial<Record<Kind, (points: readonly Point[], scale: Scale) => Figure[]>>> = {
  angle: (points, scale) => [{ name: 'angle', value: between(step(points[1]!, points[0]!, scale), step(points[1]!, points[2]!, scale)), unit: 'deg' }],
  cobb: (points, scale) => {
    const [one, other] = [step(points[0]!, points[1]!, scale), step(points[2]!, points[3]!, scale)];
    return [{ name: 'cobb', value: between(rightward(one), rightward(other)), unit: 'deg' }];
  },
  ctr: cardiothoracic,
  rectangle: (points, scale) => [area(points, scale, 1)],
  ellipse: (points, scale) => [area(points, scale, Math.PI / 4)],
};

function length(points: readonly Point[], scale: Scale): Figure[] {
  const [x, y] = step(points[0]!, points[1]!, scale);
  if (isSpatial(scale)) return [{ name: 'length', value: Math.hypot(x, y), unit: scale.xUnit }];
  return [
    { name: ALONG[scale.xUnit]!, value: Math.abs(x), unit: scale.xUnit },
    { name: ALONG[scale.yUnit]!, value: Math.abs(y), unit: scale.yUnit },
  ];
}

function velocity(point: Point, scale: Scale): Figure[] {
  if (!VELOCITIES.includes(scale.yUnit)) return [];
  return [{ name: ALONG[scale.yUnit]!, value: scale.yAtOrigin + (point[1] - scale.yOrigin) * scale.y, unit: scale.yUnit }];
}

function cardiothoracic(points: readonly Point[], scale: Scale): Figure[] {
  const chest = step(points[0]!, points[1]!, scale);
  const heart = step(points[2]!, points[3]!, scale);
  const width = Math.hypot(...chest);
  if (width === 0) return [];
  const along = Math.abs(heart[0] * chest[0] + heart[1] * chest[1]) / width;
  return [
    { name: 'ratio', value: (100 * along) / width, unit: '%' },
    { name: 'heart', value: along, unit: scale.xUnit },
    { name: 'chest', value: width, unit: scale.xUnit },
  ];
}

function area(points: readonly Point[], scale: Scale, share: number): Figure {
  const [width, height] = step(points[0]!, points[1]!, scale);
  return { name: 'area', value: share * Math.abs(width * height), unit: `${scale.xUnit}2` };
}

function step(from: Point, to: Point, scale: Scale): readonly [number, number] {
  return [(to[0] - from[0]) * scale.x, (to[1] - from[1]) * scale.y];
}

/** From left to right, so that curves beyond 90 degrees stay what they are. */
function rightward([x, y]: readonly [number, number]): readonly [number, number] {
  return x >= 0 ? [x, y] : [-x, -y];
}

function between(one: readonly [number, number], other: readonly [number, number]): number {
  const turn = Math.abs(((Math.atan2(one[1], one[0]) - Math.atan2(other[1], other[0])) * 180) / Math.PI) % 360;
  return Math.min(turn, 360 - turn);
}
