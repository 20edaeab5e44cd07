import type { Schemas } from '../../api/routes.ts';

export type BeatKind = Schemas['LongBeatOut']['kind'];
export const BEAT_KINDS: readonly BeatKind[] = ['normal', 'ventricular', 'supraventricular', 'paced', 'unclassifiable'];

/** The whole record or an hour of it. Seconds from the first sample; rates a minute. */
export type LongPart = Schemas['LongPartOut'];
export type LongEvent = Schemas['LongEventOut'];
export type LongEcg = Schemas['LongEcgOut'];
export type LongBeat = Schemas['LongBeatOut'];
export type BeatPage = Schemas['LongBeats'];

/** Intervals in ms by equal parts of a span. */
export type Tendency = Schemas['TendencyOut'];
