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

const SNAP_S = 0.04;

export function placeAt(point: PointMm, sheet: Sheet, speed: number, gain: number): Place | null {
  const row = Math.round((point.y - middleMm(sheet, 0)) / sheet.rowMm);
  const cell = sheet.cells.find(
    (one) => one.row === row && point.x >= one.xMm && point.x <= one.xMm + one.seconds * speed,
  );
  if (cell === undefined) return null;
  const up = ((middleMm(sheet, row) - point.y) / gain) * 1000;
  return { cell, atS: cell.fromS + (point.x - cell.xMm) / speed, microvolts: cell.inverted ? -up : up };
}

export function pointOf({ cell, atS, microvolts }: Place, sheet: Sheet, speed: number, gain: number): PointMm {
  const up = ((cell.inverted ? -microvolts : microvolts) / 1000) * gain;
  return { x: cell.xMm + (atS - cell.fromS) * speed, y: middleMm(sheet, cell.row) - up };
}

/** The strongest turn of the curve nearby: where it is farthest from the line through the ends of what is looked at. */
export function snapped(place: Place, samples: Samples): Place {
  const row = samples.microvolts[samples.leads.indexOf(place.cell.lead)];
  if (row === undefined) return place;
  const centre = Math.round(place.atS * samples.hz) - samples.firstSample;
  const reach = Math.max(2, Math.round(SNAP_S * samples.hz));
  const first = Math.max(0, centre - reach);
  const last = Math.min(row.length - 1, centre + reach);
  if (last - first < 2) return place;
  const [begin, end] = [row[first] ?? 0, row[last] ?? 0];
  let best = centre;
  let farthest = -1;
  for (let at = first; at <= last; at += 1) {
    const line = begin + ((end - begin) * (at - first)) / (last - first);
    const away = Math.abs((row[at] ?? line) - line);
    if (away > farthest) [best, farthest] = [at, away];
  }
  const value = row[best];
  if (value === undefined || Number.isNaN(value)) return place;
  return { cell: place.cell, atS: (best + samples.firstSample) / samples.hz, microvolts: value };
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
