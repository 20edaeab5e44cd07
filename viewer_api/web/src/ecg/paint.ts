import { marched, pointOf, readingOf, type Caliper } from './calipers.ts';
import { middleMm, PULSE_MM, type Cell, type Sheet } from './layout.ts';
import type { Samples } from './samples.ts';

/** How a sheet is drawn. `scale` is device pixels per millimetre of the paper. */
export interface Look {
  scale: number;
  speed: number;
  gain: number;
  /** Of single leads, where they differ. */
  gains: ReadonlyMap<string, number>;
  derivedMark: string;
  /** The lead whose gain is being changed. */
  chosen: string | null;
}

export function gainIn(look: Look, lead: string): number {
  return look.gains.get(lead) ?? look.gain;
}

const PAPER = '#fffdfb';
const SMALL = '#f6d3cd';
const LARGE = '#e8a79d';
const INK = '#11161c';
const CALIPER = '#0b57d0';
const TRACE_MM = 0.28;
const PULSE_S = 0.2;
const LABEL_MM = 9;

export function paintSheet(context: CanvasRenderingContext2D, sheet: Sheet, samples: Samples, look: Look): void {
  const { scale } = look;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = PAPER;
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
  context.setTransform(scale, 0, 0, scale, 0, 0);
  grid(context, sheet, scale);
  for (let row = 0; row < sheet.rows; row += 1) pulse(context, sheet, row, look);
  for (const cell of sheet.cells) trace(context, sheet, cell, samples, look);
}

/** A millimetre grid, every fifth line stronger; small lines are left out where they would run together. */
function grid(context: CanvasRenderingContext2D, sheet: Sheet, scale: number): void {
  const steps: [number, string, number][] = [
    ...(scale >= 2 ? ([[1, SMALL, 0.08]] as [number, string, number][]) : []),
    [5, LARGE, 0.12],
  ];
  for (const [step, colour, width] of steps) {
    context.beginPath();
    for (let x = 0; x <= sheet.widthMm; x += step) {
      context.moveTo(x, 0);
      context.lineTo(x, sheet.heightMm);
    }
    for (let y = 0; y <= sheet.heightMm; y += step) {
      context.moveTo(0, y);
      context.lineTo(sheet.widthMm, y);
    }
    context.strokeStyle = colour;
    context.lineWidth = Math.max(width, 0.7 / scale);
    context.stroke();
  }
}

/** One millivolt for 200 ms, by the gain of the row's leads; by the overall gain where they differ among each other. */
function pulse(context: CanvasRenderingContext2D, sheet: Sheet, row: number, look: Look): void {
  const gains = new Set(sheet.cells.filter((cell) => cell.row === row).map(({ lead }) => gainIn(look, lead)));
  const base = middleMm(sheet, row);
  const top = base - (gains.size === 1 ? ([...gains][0] ?? look.gain) : look.gain);
  const width = PULSE_S * look.speed;
  const left = (PULSE_MM - width) / 2 - 1;
  context.beginPath();
  context.moveTo(left - 1.2, base);
  context.lineTo(left, base);
  context.lineTo(left, top);
  context.lineTo(left + width, top);
  context.lineTo(left + width, base);
  context.lineTo(left + width + 1.2, base);
  ink(context);
}

function trace(context: CanvasRenderingContext2D, sheet: Sheet, cell: Cell, samples: Samples, look: Look): void {
  label(context, sheet, cell, samples, look);
  const row = samples.microvolts[samples.leads.indexOf(cell.lead)];
  if (row === undefined) return;
  const first = Math.max(0, Math.round(cell.fromS * samples.hz) - samples.firstSample);
  const last = Math.min(row.length, Math.round((cell.fromS + cell.seconds) * samples.hz) - samples.firstSample);
  const gain = (gainIn(look, cell.lead) / 1000) * (cell.inverted ? -1 : 1);
  const middle = middleMm(sheet, cell.row);
  const step = look.speed / samples.hz;
  context.save();
  context.beginPath();
  context.rect(cell.xMm, middle - sheet.rowMm, cell.seconds * look.speed, 2 * sheet.rowMm);
  context.clip();
  context.beginPath();
  let down = false;
  for (let at = first; at < last; at += 1) {
    const value = row[at] ?? NaN;
    if (Number.isNaN(value)) {
      down = false;
      continue;
    }
    const x = cell.xMm + (at - first) * step;
    const y = middle - value * gain;
    if (down) context.lineTo(x, y);
    else context.moveTo(x, y);
    down = true;
  }
  ink(context);
  context.restore();
}

/** Whether a point lies on the name of a lead, by which it is chosen. */
export function labelAt(point: { x: number; y: number }, sheet: Sheet): string | null {
  const found = sheet.cells.find((cell) => {
    const y = middleMm(sheet, cell.row) - sheet.rowMm * 0.3;
    return point.x >= cell.xMm && point.x <= cell.xMm + LABEL_MM && point.y <= y + 1.5 && point.y >= y - 4;
  });
  return found?.lead ?? null;
}

function label(context: CanvasRenderingContext2D, sheet: Sheet, cell: Cell, samples: Samples, look: Look): void {
  const y = middleMm(sheet, cell.row) - sheet.rowMm * 0.3;
  if (cell.xMm > PULSE_MM) {
    context.beginPath();
    context.moveTo(cell.xMm, y + 1);
    context.lineTo(cell.xMm, y - 2.5);
    ink(context);
  }
  const derived = samples.derived.includes(cell.lead) ? look.derivedMark : '';
  const gain = look.gains.get(cell.lead);
  const words = `${cell.inverted ? '-' : ''}${cell.lead}${derived}${gain === undefined ? '' : ` ${gain} mm/mV`}`;
  context.font = '600 3.4px system-ui, sans-serif';
  context.fillStyle = cell.lead === look.chosen || gain !== undefined ? CALIPER : INK;
  context.fillText(words, cell.xMm + 1, y);
  if (cell.lead === look.chosen) context.fillRect(cell.xMm + 1, y + 0.7, context.measureText(words).width, 0.5);
}

function ink(context: CanvasRenderingContext2D): void {
  context.strokeStyle = INK;
  context.lineWidth = TRACE_MM;
  context.lineJoin = 'round';
  context.stroke();
}

export function paintCalipers(
  context: CanvasRenderingContext2D,
  sheet: Sheet,
  calipers: readonly Caliper[],
  look: Look,
  marching: boolean,
): void {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  context.setTransform(look.scale, 0, 0, look.scale, 0, 0);
  context.strokeStyle = CALIPER;
  context.lineWidth = Math.max(0.2, 1.2 / look.scale);
  for (const caliper of calipers) {
    const gainOf = (lead: string): number => gainIn(look, lead);
    const from = pointOf(caliper.from, sheet, look.speed, gainOf);
    const to = pointOf(caliper.to, sheet, look.speed, gainOf);
    const middle = middleMm(sheet, caliper.from.cell.row);
    const [top, bottom] = [middle - sheet.rowMm / 2, middle + sheet.rowMm / 2];
    context.beginPath();
    for (const x of [from.x, to.x]) {
      context.moveTo(x, top);
      context.lineTo(x, bottom);
    }
    context.moveTo(from.x, from.y);
    context.lineTo(to.x, from.y);
    context.lineTo(to.x, to.y);
    context.stroke();
    if (marching) march(context, caliper, top, bottom, (at) => pointOf({ ...caliper.from, atS: at }, sheet, look.speed, gainOf).x);
    context.font = '600 3.4px system-ui, sans-serif';
    context.fillStyle = CALIPER;
    context.fillText(inWords(caliper), Math.max(from.x, to.x) + 1, Math.min(from.y, to.y) - 1);
  }
}

function march(
  context: CanvasRenderingContext2D,
  caliper: Caliper,
  top: number,
  bottom: number,
  xAt: (at: number) => number,
): void {
  context.save();
  context.setLineDash([1, 1]);
  context.beginPath();
  for (const at of marched(caliper)) {
    context.moveTo(xAt(at), top);
    context.lineTo(xAt(at), bottom);
  }
  context.stroke();
  context.restore();
}

export function inWords(caliper: Caliper): string {
  const { milliseconds, perMinute, millivolts } = readingOf(caliper);
  const rate = perMinute === null || perMinute > 400 ? '' : ` · ${perMinute.toFixed(0)}/min`;
  return `${milliseconds.toFixed(0)} ms${rate} · ${millivolts.toFixed(2)} mV`;
}
