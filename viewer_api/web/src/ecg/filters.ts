/**
 * Filters for the display alone, run forwards and backwards so that nothing is shifted in time. Second-order sections by the
 * bilinear transform (Bristow-Johnson); what was not recorded stays so.
 */
export interface FilterChoice {
  /** Hz; 0 is off. */
  high: number;
  low: number;
  notch: number;
}

export const HIGH_PASS = [0, 0.05, 0.15, 0.5] as const;
export const LOW_PASS = [0, 25, 40, 100, 150] as const;
export const NOTCH = [0, 50, 60] as const;
export const UNFILTERED: FilterChoice = { high: 0, low: 0, notch: 0 };

interface Section {
  b: readonly [number, number, number];
  a: readonly [number, number];
}

const BUTTERWORTH_Q = Math.SQRT1_2;
const NOTCH_Q = 25;
/** Once forwards and once backwards is the filter twice: at the corner it would take 6 dB and not 3. */
const TWICE = Math.sqrt(Math.SQRT2 - 1);

export function filtered(samples: Float32Array, hz: number, choice: FilterChoice): Float32Array {
  const sections = sectionsOf(choice, hz);
  if (sections.length === 0) return samples;
  const out = Float32Array.from(samples);
  for (const [first, last] of recorded(samples)) run(out, first, last, sections, hz);
  return out;
}

function sectionsOf({ high, low, notch }: FilterChoice, hz: number): Section[] {
  const below = (corner: number): boolean => corner > 0 && corner < hz / 2;
  return [
    ...(below(high) ? [section('high', high * TWICE ** 0.5, hz, BUTTERWORTH_Q)] : []),
    ...(below(low) ? [section('low', Math.min(low / TWICE ** 0.5, hz * 0.49), hz, BUTTERWORTH_Q)] : []),
    ...(below(notch) ? [section('notch', notch, hz, NOTCH_Q)] : []),
  ];
}

function section(kind: 'high' | 'low' | 'notch', corner: number, hz: number, q: number): Section {
  const w = (2 * Math.PI * corner) / hz;
  const cos = Math.cos(w);
  const alpha = Math.sin(w) / (2 * q);
  const b: [number, number, number] =
    kind === 'notch'
      ? [1, -2 * cos, 1]
      : kind === 'low'
        ? [(1 - cos) / 2, 1 - cos, (1 - cos) / 2]
        : [(1 + cos) / 2, -(1 + cos), (1 + cos) / 2];
  const whole = 1 + alpha;
  return { b: [b[0] / whole, b[1] / whole, b[2] / whole], a: [(-2 * cos) / whole, (1 - alpha) / whole] };
}

/** Stretches without a gap, as first and last sample. */
function recorded(samples: Float32Array): [number, number][] {
  const found: [number, number][] = [];
  let first = -1;
  for (let at = 0; at <= samples.length; at += 1) {
    const there = at < samples.length && !Number.isNaN(samples[at]);
    if (there && first < 0) first = at;
    if (!there && first >= 0) {
      found.push([first, at - 1]);
      first = -1;
    }
  }
  return found;
}

/** The ends are continued by their mirror image through the end point, so that a filter does not start from nothing. */
function run(out: Float32Array, first: number, last: number, sections: readonly Section[], hz: number): void {
  const length = last - first + 1;
  const pad = Math.min(length - 1, Math.round(hz * 2));
  const work = new Float64Array(length + 2 * pad);
  const start = out[first] ?? 0;
  const end = out[last] ?? 0;
  for (let i = 0; i < pad; i += 1) {
    work[i] = 2 * start - (out[first + pad - i] ?? 0);
    work[pad + length + i] = 2 * end - (out[last - 1 - i] ?? 0);
  }
  work.set(out.subarray(first, last + 1), pad);
  for (const one of sections) {
    pass(work, one);
    work.reverse();
    pass(work, one);
    work.reverse();
  }
  out.set(work.subarray(pad, pad + length), first);
}

/** Direct form II transposed, begun as if the first value had always been there. */
function pass(values: Float64Array, { b, a }: Section): void {
  const first = values[0] ?? 0;
  const settled = (first * (b[0] + b[1] + b[2])) / (1 + a[0] + a[1]);
  let second = first * b[2] - settled * a[1];
  let delay = first * b[1] - settled * a[0] + second;
  for (let i = 0; i < values.length; i += 1) {
    const x = values[i] ?? 0;
    const y = b[0] * x + delay;
    delay = b[1] * x - a[0] * y + second;
    second = b[2] * x - a[1] * y;
    values[i] = y;
  }
}
