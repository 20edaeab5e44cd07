import { along, dot, minus, type ImagePlane } from '../stage/geometry.ts';

/** Why a stack cannot be cut in other planes. */
export type Unfit = 'few' | 'unplaced' | 'orientation' | 'sizes' | 'spacing' | 'tilt';

/** The order of the slices along their normal, and the distance between them in millimetres. */
export interface Regular {
  order: readonly number[];
  stepMm: number;
}

const FEWEST = 8;
const SAME_DIRECTION = 0.9999;
const SLIGHT_MM = 0.05;
const SLIGHT_SHARE = 0.03;

/** Whether slices lie one behind the other at one distance, all of one size and one orientation, none shifted sideways. */
export function fitness(planes: readonly (ImagePlane | null)[]): Regular | Unfit {
  const placed = planes.filter((plane) => plane !== null);
  const first = placed[0];
  if (first === undefined || placed.length < planes.length) return planes.length < FEWEST ? 'few' : 'unplaced';
  if (placed.length < FEWEST) return 'few';
  if (!placed.every((plane) => isAligned(first, plane))) return 'orientation';
  if (!placed.every((plane) => isAsLarge(first, plane))) return 'sizes';
  const places = placed.map((plane) => along(first.normal, plane));
  const order = places.map((_, index) => index).sort((a, b) => places[a]! - places[b]!);
  const steps = order.slice(1).map((index, at) => places[index]! - places[order[at]!]!);
  const stepMm = steps.reduce((sum, step) => sum + step, 0) / steps.length;
  const slack = Math.max(SLIGHT_MM, stepMm * SLIGHT_SHARE);
  if (stepMm < SLIGHT_MM || steps.some((step) => Math.abs(step - stepMm) > slack)) return 'spacing';
  const isStraight = placed.every((plane) => sideways(first, plane) <= first.spacing[0]);
  return isStraight ? { order, stepMm } : 'tilt';
}

function isAligned(one: ImagePlane, other: ImagePlane): boolean {
  return dot(one.row, other.row) >= SAME_DIRECTION && dot(one.column, other.column) >= SAME_DIRECTION;
}

function isAsLarge(one: ImagePlane, other: ImagePlane): boolean {
  const isNear = one.spacing.every((mm, axis) => Math.abs(mm - other.spacing[axis]!) < SLIGHT_MM / 10);
  return isNear && one.columns === other.columns && one.rows === other.rows;
}

/** Of a tilted gantry every slice is shifted a little against the one before. */
function sideways(one: ImagePlane, other: ImagePlane): number {
  const from = minus(other.origin, one.origin);
  return Math.hypot(dot(from, one.row), dot(from, one.column));
}
