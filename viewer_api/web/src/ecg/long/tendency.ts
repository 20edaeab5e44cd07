import { INKS } from './disclosure.ts';
import type { LongEvent, Tendency } from './long-types.ts';

/** Beats a minute at the lower and upper edge. */
export const LOWEST = 20;
export const HIGHEST = 220;
const LINES = [40, 60, 100, 150, 200];
const TICK = 7;

export const EVENT_INKS: Readonly<Record<string, string>> = {
  fibrillation: INKS.ventricular,
  ventricular_run: INKS.ventricular,
  couplet: INKS.ventricular,
  pause: '#b3261e',
  supraventricular_run: INKS.supraventricular,
  fast: '#b85c00',
  irregular: '#0b57d0',
  st: '#7a3fb0',
  no_signal: '#8a8f94',
};

export interface Graph {
  width: number;
  height: number;
  totalS: number;
}

/** From an interval in ms to the height of its rate; faster is higher. */
export function heightOf(rr: number, graph: Graph): number {
  const rate = Math.max(LOWEST, Math.min(HIGHEST, 60_000 / rr));
  const share = Math.log(rate / LOWEST) / Math.log(HIGHEST / LOWEST);
  return TICK + (graph.height - TICK) * (1 - share);
}

export function secondsAt(x: number, graph: Graph): number {
  return Math.max(0, Math.min(graph.totalS, (x / graph.width) * graph.totalS));
}

/** Seconds between the upright lines: hours, or less for a short record. */
export function gridStep(totalS: number): number {
  return [60, 300, 600, 1800, 3600, 7200].find((step) => totalS / step <= 26) ?? 14_400;
}

export function paintTendency(
  context: CanvasRenderingContext2D,
  graph: Graph,
  tendency: Tendency | null,
  events: readonly LongEvent[],
  at: number,
  clock: (seconds: number) => string,
  dense: number,
): void {
  context.setTransform(dense, 0, 0, dense, 0, 0);
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, graph.width, graph.height);
  grid(context, graph, clock);
  if (tendency !== null) curve(context, graph, tendency);
  for (const event of events) {
    context.fillStyle = EVENT_INKS[event.kind] ?? '#5b6670';
    const width = Math.max(2, (event.seconds / graph.totalS) * graph.width);
    context.fillRect((event.at_s / graph.totalS) * graph.width, 0, width, TICK - 2);
  }
  context.fillStyle = '#0b57d0';
  context.fillRect((at / graph.totalS) * graph.width - 0.75, 0, 1.5, graph.height);
}

function grid(context: CanvasRenderingContext2D, graph: Graph, clock: (seconds: number) => string): void {
  context.strokeStyle = '#e6e9ec';
  context.fillStyle = '#5b6670';
  context.font = '10px system-ui, sans-serif';
  context.lineWidth = 1;
  context.beginPath();
  for (const rate of LINES) {
    const y = heightOf(60_000 / rate, graph);
    context.moveTo(0, y);
    context.lineTo(graph.width, y);
    context.fillText(String(rate), 2, y - 1);
  }
  const step = gridStep(graph.totalS);
  const every = Math.ceil((52 * graph.totalS) / step / graph.width);
  for (let number = 1; number * step < graph.totalS; number += 1) {
    const x = ((number * step) / graph.totalS) * graph.width;
    context.moveTo(x, TICK);
    context.lineTo(x, graph.height);
    if (number % every === 0) context.fillText(clock(number * step).slice(0, 5), x + 2, graph.height - 2);
  }
  context.stroke();
}

/** The span from the longest to the shortest interval of each part, and the usual one as a line. */
function curve(context: CanvasRenderingContext2D, graph: Graph, tendency: Tendency): void {
  const parts = tendency.usual.length;
  const width = (tendency.seconds / graph.totalS) * graph.width;
  const from = (tendency.start_s / graph.totalS) * graph.width;
  const x = (part: number): number => from + ((part + 0.5) / parts) * width;
  context.strokeStyle = '#b9cdf2';
  context.lineWidth = Math.max(1, width / parts);
  context.beginPath();
  tendency.usual.forEach((_, part) => {
    const [shortest, longest] = [tendency.shortest[part], tendency.longest[part]];
    if (shortest == null || longest == null) return;
    context.moveTo(x(part), heightOf(shortest, graph));
    context.lineTo(x(part), heightOf(longest, graph) + 0.5);
  });
  context.stroke();
  context.strokeStyle = '#123a7a';
  context.lineWidth = 1;
  context.beginPath();
  let down = false;
  tendency.usual.forEach((usual, part) => {
    if (usual === null) {
      down = false;
      return;
    }
    if (down) context.lineTo(x(part), heightOf(usual, graph));
    else context.moveTo(x(part), heightOf(usual, graph));
    down = true;
  });
  context.stroke();
}
