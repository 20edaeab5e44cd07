import type { BeatTimes } from './ecg-types.ts';
import { middleMm, type Cell, type Sheet } from './layout.ts';
import type { Samples } from './samples.ts';

export interface PointMm {
  x: number;
  y: number;
}

/** A place of the record: the cell that it lies in, seconds of the record, microvolts from the middle of the row. */
export interface Place {
  cell: Cell;
  atS: number;
  microvolts: number;
}

export interface Caliper {
  from: Place;
  to: Place;
}

export interface Reading {
  milliseconds: number;
  perMinute: number | null;
  millivolts: number;
}

/** Millimetres a millivolt of a lead. */
export type GainOf = (lead: string) => number;

/** What of a caliper is taken hold of: one of its legs, or all of it. */
export interface Grip {
  caliper: number;
  part: 'from' | 'to' | 'both';
}

const SNAP_S = 0.04;
const GRIP_MM = 1.5;

export function placeAt(point: PointMm, sheet: Sheet, speed: number, gainOf: GainOf): Place | null {
  const row = Math.round((point.y - middleMm(sheet, 0)) / sheet.rowMm);
  const cell = sheet.cells.find(
    (one) => one.row === row && point.x >= one.xMm && point.x <= one.xMm + one.seconds * speed,
  );
  if (cell === undefined) return null;
  const up = ((middleMm(sheet, row) - point.y) / gainOf(cell.lead)) * 1000;
  return { cell, atS: cell.fromS + (point.x - cell.xMm) / speed, microvolts: cell.inverted ? -up : up };
}

export function pointOf({ cell, atS, microvolts }: Place, sheet: Sheet, speed: number, gainOf: GainOf): PointMm {
  const up = ((cell.inverted ? -microvolts : microvolts) / 1000) * gainOf(cell.lead);
  return { x: cell.xMm + (atS - cell.fromS) * speed, y: middleMm(sheet, cell.row) - up };
}

/**
 * The nearest of what a reader measures between: onsets and ends of waves where beats were measured, and the strongest turn
 * of the curve, where it is farthest from the line through the ends of what is looked at. `edgesS` are seconds of the record.
 */
export function snapped(place: Place, samples: Samples, edgesS: readonly number[] = []): Place {
  const row = samples.microvolts[samples.leads.indexOf(place.cell.lead)];
  if (row === undefined) return place;
  const centre = Math.round(place.atS * samples.hz) - samples.firstSample;
  const reach = Math.max(2, Math.round(SNAP_S * samples.hz));
  const edges = edgesS.map((at) => Math.round(at * samples.hz) - samples.firstSample);
  const near = edges.filter((at) => Math.abs(at - centre) <= reach);
  const turn = strongestTurn(row, centre, reach);
  const best = [...near, ...(turn === null ? [] : [turn])].sort((a, b) => Math.abs(a - centre) - Math.abs(b - centre))[0];
  const value = best === undefined ? undefined : row[best];
  if (best === undefined || value === undefined || Number.isNaN(value)) return place;
  return { cell: place.cell, atS: (best + samples.firstSample) / samples.hz, microvolts: value };
}

function strongestTurn(row: Float32Array, centre: number, reach: number): number | null {
  const first = Math.max(0, centre - reach);
  const last = Math.min(row.length - 1, centre + reach);
  if (last - first < 2) return null;
  const [begin, end] = [row[first] ?? 0, row[last] ?? 0];
  let best: number | null = null;
  let farthest = -1;
  for (let at = first; at <= last; at += 1) {
    const line = begin + ((end - begin) * (at - first)) / (last - first);
    const away = Math.abs((row[at] ?? line) - line);
    if (away > farthest) [best, farthest] = [at, away];
  }
  return best;
}

/** Onsets and ends of P, QRS and T of all beats that were measured, in seconds of the record. */
export function edgesOf(beats: readonly BeatTimes[]): number[] {
  const ends = beats.flatMap(({ p, qrs, t }) => [p, qrs, t].flatMap((wave) => [wave?.[0], wave?.[2]]));
  return ends.filter((at): at is number => typeof at === 'number');
}

/** What lies under the pointer: a leg of a caliper before the bar between its legs, the caliper drawn last before others. */
export function gripAt(point: PointMm, calipers: readonly Caliper[], sheet: Sheet, speed: number, gainOf: GainOf): Grip | null {
  for (let caliper = calipers.length - 1; caliper >= 0; caliper -= 1) {
    const one = calipers[caliper];
    if (one === undefined) continue;
    const [from, to] = [pointOf(one.from, sheet, speed, gainOf), pointOf(one.to, sheet, speed, gainOf)];
    if (Math.abs(point.y - middleMm(sheet, one.from.cell.row)) > sheet.rowMm / 2) continue;
    if (Math.abs(point.x - to.x) <= GRIP_MM) return { caliper, part: 'to' };
    if (Math.abs(point.x - from.x) <= GRIP_MM) return { caliper, part: 'from' };
    const between = point.x > Math.min(from.x, to.x) && point.x < Math.max(from.x, to.x);
    if (between && Math.abs(point.y - from.y) <= GRIP_MM) return { caliper, part: 'both' };
  }
  return null;
}

/** A caliper with one leg at another place, or all of it moved by what lies between two places. */
export function pulled(caliper: Caliper, part: Grip['part'], start: Place, now: Place): Caliper {
  if (part !== 'both') return { ...caliper, [part]: now };
  return shifted(caliper, now.atS - start.atS, now.microvolts - start.microvolts);
}

/** A caliper moved by seconds and microvolts; it stays within its part of the record. */
export function shifted({ from, to }: Caliper, seconds: number, microvolts = 0): Caliper {
  const { fromS, seconds: length } = from.cell;
  const least = fromS - Math.min(from.atS, to.atS);
  const most = fromS + length - Math.max(from.atS, to.atS);
  const by = Math.max(least, Math.min(most, seconds));
  const move = (place: Place): Place => ({ ...place, atS: place.atS + by, microvolts: place.microvolts + microvolts });
  return { from: move(from), to: move(to) };
}

export function readingOf({ from, to }: Caliper): Reading {
  const milliseconds = Math.abs(to.atS - from.atS) * 1000;
  return {
    milliseconds,
    perMinute: milliseconds > 0 ? 60_000 / milliseconds : null,
    millivolts: (to.microvolts - from.microvolts) / 1000,
  };
}

/** Seconds at which a marching caliper stands within its cell, both ways from where it was drawn. */
export function marched({ from, to }: Caliper): number[] {
  const step = Math.abs(to.atS - from.atS);
  if (step < 0.02) return [];
  const { fromS, seconds } = from.cell;
  const found: number[] = [];
  for (let at = from.atS - Math.floor((from.atS - fromS) / step) * step; at <= fromS + seconds; at += step) found.push(at);
  return found;
}
