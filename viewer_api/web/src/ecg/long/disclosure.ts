import type { BeatKind, LongBeat } from './long-types.ts';
import type { Tile } from './tiles.ts';

/** Rows of the record below each other, each `rowS` seconds wide. Sizes in CSS pixels. */
export interface Rows {
  fromS: number;
  rowS: number;
  count: number;
  width: number;
  rowHeight: number;
  /** Left of the curve: the time. */
  left: number;
}

/** Seconds that one tile spans: some rows, so that few requests fill a screen. */
export const TILE_S = 900;
export const ROW_SECONDS = [10, 30, 60, 120, 300] as const;
const MV_PER_ROW = 2.6;
export const INKS: Readonly<Record<BeatKind, string>> = {
  normal: '#11161c',
  ventricular: '#c0161c',
  supraventricular: '#0b57d0',
  paced: '#7a3fb0',
  unclassifiable: '#8a6d00',
};

/** How many columns of the overview go into one, so that there is about one for each pixel. */
export function perColumn(rows: Rows, columnS: number): number {
  return Math.max(1, Math.floor(rows.rowS / Math.max(1, rows.width - rows.left) / columnS));
}

/** Numbers of the tiles that these rows need. */
export function tilesOf(rows: Rows, totalS: number): number[] {
  const last = Math.min(totalS, rows.fromS + rows.count * rows.rowS) - 1e-6;
  const first = Math.floor(Math.max(0, rows.fromS) / TILE_S);
  return Array.from({ length: Math.max(0, Math.floor(last / TILE_S) - first + 1) }, (_, at) => first + at);
}

export function timeAt(x: number, y: number, rows: Rows): number {
  const row = Math.max(0, Math.min(rows.count - 1, Math.floor(y / rows.rowHeight)));
  const share = Math.max(0, Math.min(1, (x - rows.left) / (rows.width - rows.left)));
  return rows.fromS + (row + share) * rows.rowS;
}

export function pointAt(seconds: number, rows: Rows): { x: number; y: number; row: number } {
  const row = Math.floor((seconds - rows.fromS) / rows.rowS);
  const share = (seconds - rows.fromS) / rows.rowS - row;
  return { x: rows.left + share * (rows.width - rows.left), y: (row + 0.5) * rows.rowHeight, row };
}

/** The first second of rows that show `seconds` in their middle. */
export function rowsAround(seconds: number, rows: Rows, totalS: number): number {
  const first = Math.floor(seconds / rows.rowS) - Math.floor(rows.count / 2);
  const last = Math.ceil(totalS / rows.rowS) - rows.count;
  return Math.max(0, Math.min(first, last)) * rows.rowS;
}

export interface Shown {
  tiles: readonly Tile[];
  beats: readonly LongBeat[];
  clock: (seconds: number) => string;
  /** What the strip shows. */
  stripS: number;
  stripSeconds: number;
  totalS: number;
}

export function paintRows(context: CanvasRenderingContext2D, rows: Rows, shown: Shown, dense: number): void {
  context.setTransform(dense, 0, 0, dense, 0, 0);
  context.fillStyle = '#fffdfb';
  context.fillRect(0, 0, rows.width, rows.count * rows.rowHeight);
  strip(context, rows, shown);
  context.fillStyle = '#5b6670';
  context.font = '11px system-ui, sans-serif';
  for (let row = 0; row < rows.count; row += 1) {
    const from = rows.fromS + row * rows.rowS;
    if (from < shown.totalS) context.fillText(shown.clock(from), 2, (row + 0.5) * rows.rowHeight + 4);
  }
  for (const tile of shown.tiles) columns(context, rows, tile, shown.totalS);
  for (const beat of shown.beats) mark(context, rows, beat);
}

/** Where the strip below is. */
function strip(context: CanvasRenderingContext2D, rows: Rows, { stripS, stripSeconds }: Shown): void {
  context.fillStyle = '#d5e4ff';
  for (let at = stripS; at < stripS + stripSeconds; ) {
    const { x, row } = pointAt(at, rows);
    const end = Math.min(stripS + stripSeconds, rows.fromS + (row + 1) * rows.rowS);
    const width = ((end - at) / rows.rowS) * (rows.width - rows.left);
    if (row >= 0 && row < rows.count) context.fillRect(x, row * rows.rowHeight, Math.max(2, width), rows.rowHeight);
    at = end + 1e-6;
  }
}

function columns(context: CanvasRenderingContext2D, rows: Rows, tile: Tile, totalS: number): void {
  const scale = (rows.rowHeight / (MV_PER_ROW * 1000)) * tile.stepUv;
  const first = Math.max(0, Math.floor((rows.fromS - tile.startS) / tile.columnS));
  const untilS = Math.min(totalS, rows.fromS + rows.count * rows.rowS);
  const last = Math.min(tile.columns.length / 2, Math.ceil((untilS - tile.startS) / tile.columnS));
  context.strokeStyle = INKS.normal;
  context.lineWidth = 1;
  context.beginPath();
  let before = -2;
  for (let at = first; at < last; at += 1) {
    const low = tile.columns[2 * at] ?? tile.nothing;
    const high = tile.columns[2 * at + 1] ?? tile.nothing;
    if (low === tile.nothing) {
      before = -2;
      continue;
    }
    const { x, y, row } = pointAt(tile.startS + at * tile.columnS, rows);
    const top = Math.max(row * rows.rowHeight, y - high * scale);
    const bottom = Math.min((row + 1) * rows.rowHeight, y - low * scale);
    if (before === row) context.lineTo(x, top);
    else context.moveTo(x, top);
    context.lineTo(x, Math.max(bottom, top + 0.6));
    before = row;
  }
  context.stroke();
}

/** A beat that is not normal, as a stroke below the row in its colour. */
function mark(context: CanvasRenderingContext2D, rows: Rows, beat: LongBeat): void {
  const { x, row } = pointAt(beat.at_s, rows);
  if (row < 0 || row >= rows.count) return;
  context.fillStyle = INKS[beat.kind];
  context.fillRect(x - 1, (row + 1) * rows.rowHeight - 4, 3, 4);
}
