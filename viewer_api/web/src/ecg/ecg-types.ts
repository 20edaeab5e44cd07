import type { Schemas } from '../api/routes.ts';

/** Numbers that were measured; null where they were not. */
export type Values = Readonly<Record<string, number | null>>;

export type Suggestion = Schemas['SuggestionOut'];

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
export type Physician = Schemas['EcgPhysicianOut'];

/** The engine's own JSON has a shape of its own (`reading_queue/preprocessing`) inside what the interface declares. */
export type Measured = Omit<Schemas['EngineOut'], 'quality' | 'median' | 'beats'> & {
  readonly quality: Readonly<Record<string, { readonly faults: readonly string[] }>>;
  readonly median: MedianBeat | null;
  readonly beats: readonly BeatTimes[];
};

export type Ecg = Omit<Schemas['EcgOut'], 'measured'> & { readonly measured: Measured | null };
