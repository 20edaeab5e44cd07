import type { Schemas } from '../api/routes.ts';
import type { MedianBeat, Values } from './ecg-types.ts';

/** Marks on the median beat, in samples of it; null where there is no such wave. */
export type Marks = Schemas['MarksOut'];

export type MarkName = keyof Marks;

/** In the order of the waves. */
export const MARK_NAMES: readonly MarkName[] = ['p_on', 'p_off', 'qrs_on', 'qrs_off', 't_off'];

/** The marks that were measured; null where not even a QRS was. */
export function measuredMarks({ fiducials }: MedianBeat): Marks | null {
  const { p_on, p_off, qrs_on, qrs_off, t_off } = fiducials ?? {};
  if (qrs_on === null || qrs_on === undefined || qrs_off === null || qrs_off === undefined) return null;
  const whole = p_on != null && p_off != null;
  return { p_on: whole ? p_on : null, p_off: whole ? p_off : null, qrs_on, qrs_off, t_off: t_off ?? null };
}

/** Marks with one of them at `to`, or as near as its neighbours and the ends of the beat let it come. */
export function moved(marks: Marks, name: MarkName, to: number, samples: number): Marks {
  const here = MARK_NAMES.indexOf(name);
  const before = MARK_NAMES.slice(0, here).flatMap((one) => marks[one] ?? []).at(-1);
  const after = MARK_NAMES.slice(here + 1).flatMap((one) => marks[one] ?? [])[0];
  // The end of P may lie where the QRS begins; other marks never share a sample.
  const first = before === undefined ? 0 : before + (name === 'qrs_on' && marks.p_off !== null ? 0 : 1);
  const last = after === undefined ? samples - 1 : after - (name === 'p_off' ? 0 : 1);
  return { ...marks, [name]: Math.max(first, Math.min(last, Math.round(to))) };
}

/** Puts a P or a T where none was marked, at a usual distance for a start. */
export function withWave(marks: Marks, wave: 'p' | 't', hz: number, samples: number): Marks {
  const far = (ms: number): number => Math.round((ms / 1000) * hz);
  if (wave === 't') return { ...marks, t_off: Math.min(samples - 1, marks.qrs_off + far(280)) };
  const p_on = Math.max(0, marks.qrs_on - far(160));
  return { ...marks, p_on, p_off: Math.max(p_on + 1, Math.min(marks.qrs_on, p_on + far(100))) };
}

export function withoutWave(marks: Marks, wave: 'p' | 't'): Marks {
  return wave === 't' ? { ...marks, t_off: null } : { ...marks, p_on: null, p_off: null };
}

export function sameMarks(one: Marks | null, other: Marks | null): boolean {
  if (one === null || other === null) return one === other;
  return MARK_NAMES.every((name) => one[name] === other[name]);
}

/** Intervals in ms as the server computes them (reading_queue/preprocessing/ecg/measuring/intervals.py). */
export function valuesOf(marks: Marks, hz: number, hr: number | null): Values {
  const span = (from: number | null, to: number | null): number | null =>
    from === null || to === null ? null : ((to - from) / hz) * 1000;
  const qt = span(marks.qrs_on, marks.t_off);
  return {
    hr,
    p_ms: span(marks.p_on, marks.p_off),
    pr_ms: span(marks.p_on, marks.qrs_on),
    qrs_ms: span(marks.qrs_on, marks.qrs_off),
    qt_ms: qt,
    ...corrected(qt, hr),
  };
}

function corrected(qt: number | null, hr: number | null): Values {
  const rr = hr === null || hr <= 0 ? null : 60 / hr;
  const by = (formula: (qt: number, rr: number) => number): number | null =>
    qt === null || rr === null ? null : formula(qt, rr);
  return {
    qtc_bazett_ms: by((ms, s) => ms / Math.sqrt(s)),
    qtc_fridericia_ms: by((ms, s) => ms / Math.cbrt(s)),
    qtc_framingham_ms: by((ms, s) => ms + 154 * (1 - s)),
    qtc_hodges_ms: by((ms, s) => ms + 1.75 * (60 / s - 60)),
  };
}

/** What was done to marks, so that it can be taken back. */
export class MarkHistory {
  readonly #before: Marks[] = [];

  get isEmpty(): boolean {
    return this.#before.length === 0;
  }

  note(marks: Marks): void {
    if (!sameMarks(this.#before.at(-1) ?? null, marks)) this.#before.push(marks);
  }

  back(now: Marks): Marks {
    let found = this.#before.pop();
    while (found !== undefined && sameMarks(found, now)) found = this.#before.pop();
    return found ?? now;
  }

  clear(): void {
    this.#before.length = 0;
  }
}
