import type { MedianBeat } from './ecg-types.ts';
import { MARK_NAMES, type Marks } from './marks.ts';

const INK = '#11161c';
const MARK = '#0b57d0';
const FAINT = 0.35;

/** All leads of the median beat over each other, with the marks that the intervals were taken between. */
export function paintMedian(context: CanvasRenderingContext2D, median: MedianBeat, marks: Marks | null): void {
  const { width, height } = context.canvas;
  const rows = Object.values(median.microvolts);
  const values = rows.flat().filter((value): value is number => value !== null);
  const [low, high] = [values.reduce((a, b) => Math.min(a, b), 0), values.reduce((a, b) => Math.max(a, b), 0)];
  const samples = Math.max(2, ...rows.map((row) => row.length));
  const x = (at: number): number => (at / (samples - 1)) * width;
  const y = (value: number): number => height - 12 - ((value - low) / Math.max(1, high - low)) * (height - 24);
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, width, height);
  context.lineWidth = 1.6;
  for (const row of rows) {
    context.beginPath();
    row.forEach((value, at) => (value === null ? undefined : context.lineTo(x(at), y(value))));
    context.strokeStyle = INK;
    context.globalAlpha = FAINT;
    context.stroke();
  }
  context.globalAlpha = 1;
  context.strokeStyle = MARK;
  context.setLineDash([5, 4]);
  for (const name of MARK_NAMES) {
    const at = marks?.[name];
    if (at === null || at === undefined) continue;
    context.beginPath();
    context.moveTo(x(at), 0);
    context.lineTo(x(at), height);
    context.stroke();
  }
  context.setLineDash([]);
}
