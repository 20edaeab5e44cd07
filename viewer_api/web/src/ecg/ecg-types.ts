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

export interface Measured {
  engine: string;
  overall: Values;
  quality: Readonly<Record<string, { faults: readonly string[] }>>;
  swapped: string;
  not_measured: Readonly<Record<string, string>>;
  median: MedianBeat | null;
  beats: readonly { at: number; kind: string }[];
}

export interface Ecg {
  sop_instance_uid: string;
  series_instance_uid: string;
  state: 'pending' | 'done' | 'refused';
  refused: string;
  samples_url: string;
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
  suggestions: readonly Suggestion[];
}
