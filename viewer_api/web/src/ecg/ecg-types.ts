import type { Marks } from './marks.ts';

/** Numbers that were measured; null where they were not. */
export type Values = Readonly<Record<string, number | null>>;

export interface Suggestion {
  code: string;
  name: string;
  name_en: string;
  rule: string;
  numbers: string;
}

/** One beat in microvolts by lead, with its marks in samples. */
export interface MedianBeat {
  hz: number;
  at: number;
  beats: number;
  microvolts: Readonly<Record<string, readonly (number | null)[]>>;
  fiducials: Readonly<Record<string, number | null>> | null;
}

/** When a beat came, and its waves where they were found: onset, peak and end in seconds of the record. */
export interface BeatTimes {
  at: number;
  kind: string;
  p?: readonly (number | null)[];
  qrs?: readonly (number | null)[];
  t?: readonly (number | null)[];
}

/** One version of the marks that a task's readers kept; no values where they went back to what was measured. */
export interface Physician {
  task_id: number;
  version: number;
  by: string;
  by_name: string;
  at: string;
  marks: Marks | null;
  values: Values | null;
}

export interface Measured {
  engine: string;
  overall: Values;
  quality: Readonly<Record<string, { faults: readonly string[] }>>;
  swapped: string;
  not_measured: Readonly<Record<string, string>>;
  median: MedianBeat | null;
  beats: readonly BeatTimes[];
}

export interface Ecg {
  sop_instance_uid: string;
  series_instance_uid: string;
  state: 'pending' | 'done' | 'refused';
  refused: string;
  samples_url: string;
  /** Of a recording above two minutes. */
  long_url: string | null;
  recording: {
    format: string;
    seconds: number;
    sampling_hz: number;
    derived_leads: readonly string[];
    assumed: readonly string[];
    filters: Readonly<Record<string, number | null>>;
    started_at: string | null;
  } | null;
  device: (Values & { statements: readonly string[] }) | null;
  measured: Measured | null;
  physician: Physician | null;
  suggestions: readonly Suggestion[];
}
