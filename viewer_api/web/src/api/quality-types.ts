import type { Patient } from './types.ts';

export type Grade = 'A' | 'B' | 'C' | 'reject';
export type Severity = 'blocks' | 'warns';
export type Discrepancy = 'none' | 'minor' | 'major';
export type RetakeState = 'open' | 'seen' | 'redone' | 'waived' | 'expired';
export type Radpeer = '1' | '2a' | '2b' | '3a' | '3b' | '4';
export type Dimension = 'site' | 'device' | 'operator' | 'modality' | 'reason' | 'month';

export interface Reason {
  code: string;
  zh: string;
  en: string;
  modalities: readonly string[];
  artefact: boolean;
}

export interface QualityRules {
  reasons: readonly Reason[];
  required_for: readonly string[];
  not_for: readonly string[];
  retake_seen_minutes: number;
}

export interface GivenGrade {
  step: 'read' | 'audit';
  grade: Grade;
  reasons: readonly string[];
  note: string;
  graded_by: string;
  graded_by_name: string;
  graded_at: string;
}

export interface Grades {
  items: readonly GivenGrade[];
  standing: Grade | null;
  required: boolean;
}

/** `start` and `end` count code points of the field. */
export interface Fault {
  code: string;
  severity: Severity;
  field: 'findings' | 'impression';
  start: number;
  end: number;
  zh: string;
  en: string;
}

export interface Checked {
  faults: readonly Fault[];
  blocks: boolean;
}

export interface Mark {
  series_instance_uid: string | null;
  sop_instance_uid: string | null;
  frame: number | null;
  /** Left, top, right, bottom in shares of the image. */
  region: readonly [number, number, number, number] | null;
  shape?: 'rectangle' | 'arrow';
}

export interface Retake {
  id: number;
  task_id: number;
  study_instance_uid: string;
  institution: string;
  institution_name: string;
  institution_name_en: string;
  patient: Patient;
  modality: string;
  description: string;
  body_part: string;
  device: string;
  operator: string;
  state: RetakeState;
  reason_code: string;
  reason: string;
  guidance: string;
  marked: Mark;
  ordered_by_name: string;
  ordered_at: string;
  see_by: string;
  answer_by: string;
  seen_at: string | null;
  seen_by_name: string;
  closed_at: string | null;
  close_reason: string;
}

export interface Figure {
  key: string;
  label: string;
  label_en: string;
  exams: number;
  graded: number;
  grade_a: number;
  grade_b: number;
  grade_c: number;
  grade_reject: number;
  grade_a_rate: number | null;
  retakes: number;
  redone: number;
  waived: number;
  expired: number;
  retake_rate: number | null;
  flawed: number;
}

export interface Indicator {
  code: string;
  numerator: number;
  denominator: number;
  percent: number | null;
  target: number;
  at_most: boolean;
}

export interface Figures {
  begin: string;
  end: string;
  items: readonly Figure[];
  indicators: readonly Indicator[];
}

export interface SecondLook {
  key: string;
  label: string;
  compared: number;
  none: number;
  minor: number;
  major: number;
  judged: number;
  discrepancy_rate: number | null;
  drawn: number;
  reviewed: number;
  scores: Readonly<Record<Radpeer, number>>;
  review_rate: number | null;
}

export interface SecondLooks {
  begin: string;
  end: string;
  authors: readonly SecondLook[];
  modalities: readonly SecondLook[];
}

export interface ReviewLine {
  id: number;
  state: 'waiting' | 'taken' | 'done';
  drawn_by: 'share' | 'always' | 'minimum' | 'prior';
  drawn_at: string;
  modality: string;
  description: string;
}

export interface Review extends ReviewLine {
  study_instance_uid: string;
  body_part: string;
  sex: string;
  age: number | null;
  findings: string;
  impression: string;
  positive: boolean | null;
  critical: string;
}

export interface Piece {
  kind: 'same' | 'gone' | 'new';
  text: string;
}

export interface Changes {
  submitted_at: string;
  findings: readonly Piece[];
  impression: readonly Piece[];
  suggested: Discrepancy;
  judged: Discrepancy | null;
}
