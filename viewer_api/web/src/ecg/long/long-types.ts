export const BEAT_KINDS = ['normal', 'ventricular', 'supraventricular', 'paced', 'unclassifiable'] as const;
export type BeatKind = (typeof BEAT_KINDS)[number];

/** The whole record or an hour of it. Seconds from the first sample; rates a minute. */
export interface LongPart {
  start_s: number;
  seconds: number;
  beats: number;
  counts: Readonly<Record<BeatKind, number>>;
  mean_hr: number | null;
  lowest_hr: number | null;
  highest_hr: number | null;
  longest_rr_ms: number | null;
  sdnn_ms: number | null;
  pauses: number;
  missing_s: number;
}

export interface LongEvent {
  kind: string;
  at_s: number;
  seconds: number;
  beats: number | null;
  rate: number | null;
  lead: string | null;
  microvolts: number | null;
}

export interface LongEcg {
  seconds: number;
  sampling_hz: number;
  started_at: string | null;
  leads: readonly string[];
  whole: LongPart;
  hours: readonly LongPart[];
  events: readonly LongEvent[];
  st: { leads: readonly string[]; minutes: readonly (readonly (number | null)[])[] } | null;
  overview: { url: string; leads: readonly string[]; columns: number; column_s: number };
  samples_url: string;
  beats_url: string;
  tendency_url: string;
}

export interface LongBeat {
  number: number;
  at_s: number;
  kind: BeatKind;
  rr_ms: number | null;
  early: boolean;
}

export interface BeatPage {
  items: readonly LongBeat[];
  matching: number;
  after: number | null;
}

/** Intervals in ms by equal parts of a span. */
export interface Tendency {
  start_s: number;
  seconds: number;
  shortest: readonly (number | null)[];
  usual: readonly (number | null)[];
  longest: readonly (number | null)[];
}
