import type { Schemas } from '../../api/routes.ts';
import type { MessageKey } from '../../i18n/index.ts';

/** What a reader draws. */
export type Kind = Schemas['MeasurementKind'];

/** Column and row; 0, 0 is the outer corner of the first pixel (PS3.3 C.18.6.1.1). */
export type Point = readonly [number, number];

/** Where the size of a pixel comes from; docs/measuring.md has the rules. */
export type Method = Schemas['SpacingMethod'];

/** The unit is empty for pixel values. */
export type Figure = Schemas['MeasurementsFigureOut'];
export type Measurement = Schemas['MeasurementOut'];

export const POINTS: Readonly<Record<Kind, number>> = {
  length: 2,
  angle: 3,
  cobb: 4,
  ctr: 4,
  ellipse: 2,
  rectangle: 2,
  probe: 1,
  arrow: 2,
  text: 1,
};

/** Two lines one after the other, which do not hang together. */
export const TWO_LINES: ReadonlySet<Kind> = new Set(['cobb', 'ctr']);

const KINDS: ReadonlySet<string> = new Set(Object.keys(POINTS));

export function isKind(tool: string): tool is Kind {
  return KINDS.has(tool);
}

export function nameOf(kind: Kind): MessageKey {
  return `measure.${kind}`;
}
