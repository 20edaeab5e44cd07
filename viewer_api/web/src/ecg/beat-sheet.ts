import type { MedianBeat } from './ecg-types.ts';
import type { Marks } from './marks.ts';

/** Median beats side by side, each lead in a cell of its own: true proportions of time and voltage, many times enlarged. */
export interface BeatCell {
  lead: string;
  column: number;
  row: number;
}

export interface BeatSheet {
  /** Several in one place where leads lie over each other. */
  cells: readonly BeatCell[];
  columns: number;
  rows: number;
  /** Seconds before and after the QRS onset that each cell shows. */
  beforeS: number;
  afterS: number;
  /** Microvolts of the tallest and deepest lead, above and below the level before the QRS. */
  highUv: number;
  lowUv: number;
}

export interface Beat {
  median: MedianBeat;
  /** Sample at which beats are laid over each other. */
  onset: number;
}

const ORDER = ['I', 'II', 'III', 'aVR', 'aVL', 'aVF', 'V1', 'V2', 'V3', 'V4', 'V5', 'V6'];
const ROWS = 3;
const LEVEL_S = 0.016;
const ROOM_UV = 150;

/** Where a beat begins: the QRS onset that somebody set, else the measured one, else the middle of the beat. */
export function beatOf(median: MedianBeat, marks: Marks | null): Beat {
  return { median, onset: marks?.qrs_on ?? median.at };
}

/** One lead in microvolts above its level just before the QRS, and null where nothing was recorded. */
export function levelled({ median, onset }: Beat, lead: string): readonly (number | null)[] {
  const row = median.microvolts[lead] ?? [];
  const from = Math.max(0, onset - Math.round(LEVEL_S * median.hz));
  const known = row.slice(from, onset + 1).filter((value): value is number => value !== null);
  const level = known.length > 0 ? known.reduce((sum, value) => sum + value, 0) / known.length : 0;
  return row.map((value) => (value === null ? null : value - level));
}

/** Each lead in a cell of its own, all leads over each other in one, or one lead alone. */
export type BeatView = 'apart' | 'over' | { lead: string };

export function beatSheet(beats: readonly Beat[], view: BeatView = 'apart'): BeatSheet {
  const there = new Set(beats.flatMap(({ median }) => Object.keys(median.microvolts)));
  const leads = [...ORDER.filter((one) => there.has(one)), ...[...there].filter((one) => !ORDER.includes(one))];
  const shown = typeof view === 'string' ? leads : leads.filter((one) => one === view.lead);
  const rows = shown.length <= 3 || view === 'over' ? 1 : ROWS;
  const values = beats.flatMap((beat) => shown.flatMap((one) => levelled(beat, one).filter((value) => value !== null)));
  return {
    cells: shown.map((one, at) => ({ lead: one, column: view === 'over' ? 0 : Math.floor(at / rows), row: at % rows })),
    columns: view === 'over' ? 1 : Math.max(1, Math.ceil(shown.length / rows)),
    rows: Math.max(1, Math.min(rows, shown.length)),
    beforeS: Math.max(0, ...beats.map(({ median, onset }) => onset / median.hz)),
    afterS: Math.max(0.1, ...beats.map((beat) => (lengthOf(beat.median) - 1 - beat.onset) / beat.median.hz)),
    highUv: values.reduce((a, b) => Math.max(a, b), 0) + ROOM_UV,
    lowUv: values.reduce((a, b) => Math.min(a, b), 0) - ROOM_UV,
  };
}

export function lengthOf(median: MedianBeat): number {
  return Math.max(0, ...Object.values(median.microvolts).map((row) => row.length));
}

/** Where seconds and microvolts of a cell lie, in pixels. */
export interface BeatScale {
  cellWidth: number;
  cellHeight: number;
  perSecond: number;
  perUv: number;
}

/** As large as fits, the voltage at most twice as steep as on paper (25 mm/s to 10 mm/mV); `zoom` enlarges it beyond. */
export function scaleOf(sheet: BeatSheet, width: number, height: number, zoom = 1): BeatScale {
  const [cellWidth, cellHeight] = [width / sheet.columns, height / sheet.rows];
  const perSecond = cellWidth / (sheet.beforeS + sheet.afterS);
  const perUv = Math.min(cellHeight / (sheet.highUv - sheet.lowUv), (perSecond / 2.5 / 1000) * 2);
  return { cellWidth, cellHeight, perSecond, perUv: perUv * zoom };
}

/** Pixels from the top of a cell to the level before the QRS: in the middle of what is drawn, and never off the cell. */
export function baseOf(sheet: BeatSheet, { cellHeight, perUv }: BeatScale): number {
  const room = cellHeight - (sheet.highUv - sheet.lowUv) * perUv;
  return Math.max(cellHeight * 0.2, Math.min(cellHeight * 0.8, room / 2 + sheet.highUv * perUv));
}

/** Pixels from the left of a cell to a moment, in seconds from the QRS onset. */
export function xOf(sheet: BeatSheet, scale: BeatScale, seconds: number): number {
  return (sheet.beforeS + seconds) * scale.perSecond;
}

export function secondsAt(sheet: BeatSheet, scale: BeatScale, x: number): number {
  return x / scale.perSecond - sheet.beforeS;
}
