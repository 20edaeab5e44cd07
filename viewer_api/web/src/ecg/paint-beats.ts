import { baseOf, levelled, xOf, type Beat, type BeatCell, type BeatScale, type BeatSheet } from './beat-sheet.ts';

export interface BeatLine extends Beat {
  colour: string;
  dashed: boolean;
}

export const NEW_INK = '#11161c';
export const OLD_INK = '#c2410c';
const PAPER = '#fffdfb';
const SMALL = '#f6d3cd';
const LARGE = '#e8a79d';
const SMALL_S = 0.04;
const LARGE_S = 0.2;
const SMALL_UV = 100;
const LARGE_UV = 500;
const TOGETHER = 0.6;

/** Beats over each other, lead by lead, on a grid of 40 ms and 0.1 mV. `dense` is device pixels a CSS pixel. */
export function paintBeats(
  context: CanvasRenderingContext2D,
  sheet: BeatSheet,
  scale: BeatScale,
  lines: readonly BeatLine[],
  dense: number,
): void {
  const { width, height } = context.canvas;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = PAPER;
  context.fillRect(0, 0, width, height);
  const together = sheet.cells.length > sheet.columns * sheet.rows;
  for (const cell of sheet.cells) {
    context.setTransform(dense, 0, 0, dense, cell.column * scale.cellWidth * dense, cell.row * scale.cellHeight * dense);
    context.save();
    context.beginPath();
    context.rect(0, 0, scale.cellWidth, scale.cellHeight);
    context.clip();
    const over = sheet.cells[0] !== cell && sheet.cells[0]?.column === cell.column && sheet.cells[0].row === cell.row;
    if (!over) grid(context, sheet, scale);
    context.globalAlpha = together ? TOGETHER : 1;
    for (const line of lines) curve(context, sheet, scale, cell, line);
    context.font = '600 13px system-ui, sans-serif';
    context.fillStyle = NEW_INK;
    if (!together) context.fillText(cell.lead, 6, 16);
    context.restore();
  }
}

/** Lines run through the QRS onset and the level before it, so that both cells and beats can be read off. */
function grid(context: CanvasRenderingContext2D, sheet: BeatSheet, scale: BeatScale): void {
  const [zero, base] = [xOf(sheet, scale, 0), baseOf(sheet, scale)];
  for (const [seconds, microvolts, colour] of [
    [SMALL_S, SMALL_UV, SMALL],
    [LARGE_S, LARGE_UV, LARGE],
  ] as const) {
    const [across, down] = [seconds * scale.perSecond, microvolts * scale.perUv];
    if (Math.min(across, down) < 3) continue;
    context.beginPath();
    for (let x = zero % across; x <= scale.cellWidth; x += across) line(context, x, 0, x, scale.cellHeight);
    for (let y = base % down; y <= scale.cellHeight; y += down) line(context, 0, y, scale.cellWidth, y);
    context.strokeStyle = colour;
    context.lineWidth = 0.6;
    context.stroke();
  }
  context.strokeStyle = LARGE;
  context.lineWidth = 1.2;
  context.strokeRect(0, 0, scale.cellWidth, scale.cellHeight);
}

function line(context: CanvasRenderingContext2D, x: number, y: number, toX: number, toY: number): void {
  context.moveTo(x, y);
  context.lineTo(toX, toY);
}

function curve(
  context: CanvasRenderingContext2D,
  sheet: BeatSheet,
  scale: BeatScale,
  cell: BeatCell,
  beat: BeatLine,
): void {
  const base = baseOf(sheet, scale);
  context.beginPath();
  levelled(beat, cell.lead).forEach((value, at) => {
    if (value === null) return;
    context.lineTo(xOf(sheet, scale, (at - beat.onset) / beat.median.hz), base - value * scale.perUv);
  });
  context.setLineDash(beat.dashed ? [5, 3] : []);
  context.strokeStyle = beat.colour;
  context.lineWidth = 1.5;
  context.lineJoin = 'round';
  context.stroke();
  context.setLineDash([]);
}
