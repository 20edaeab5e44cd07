import type { Ecg, Values } from './ecg-types.ts';

/** Whose values are compared: both sides are always of the same source. */
export const SOURCES = ['measured', 'device', 'physician'] as const;
export type Source = (typeof SOURCES)[number];

export const COMPARED = [
  'hr',
  'p_ms',
  'pr_ms',
  'qrs_ms',
  'qt_ms',
  'qtc_bazett_ms',
  'qtc_fridericia_ms',
  'p_axis_deg',
  'qrs_axis_deg',
  't_axis_deg',
] as const;

export interface Change {
  name: (typeof COMPARED)[number];
  before: number | null;
  now: number | null;
  difference: number | null;
}

export function valuesFrom(ecg: Ecg, source: Source): Values | null {
  if (source === 'measured') return ecg.measured?.overall ?? null;
  return source === 'device' ? deviceValues(ecg) : (ecg.physician?.values ?? null);
}

/** What the device itself measured. */
export function deviceValues({ device }: Ecg): Values | null {
  if (device === null) return null;
  const { statements: _, ...values } = device;
  return values;
}

/** Differences are of the whole numbers that are shown. Axes differ by the shorter way round. */
export function changes(before: Values | null, now: Values | null): Change[] {
  return COMPARED.map((name) => {
    const [old, own] = [whole(before?.[name]), whole(now?.[name])];
    const apart = old === null || own === null ? null : own - old;
    return { name, before: old, now: own, difference: apart !== null && name.endsWith('_deg') ? turned(apart) : apart };
  });
}

/** Into -179 to 180 degrees. */
function turned(degrees: number): number {
  const rest = ((degrees % 360) + 360) % 360;
  return rest > 180 ? rest - 360 : rest;
}

function whole(value: number | null | undefined): number | null {
  return value === null || value === undefined ? null : Math.round(value);
}
