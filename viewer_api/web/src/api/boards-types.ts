import type { CriticalCase } from './critical-types.ts';
import type { Priority, Task } from './types.ts';

interface Place {
  institution: string;
  institution_name: string;
  institution_name_en: string;
}

export type Part = 'upload' | 'queue' | 'read' | 'audit' | 'delivery' | 'retake';

export interface ClassLine {
  priority: Priority;
  open: number;
  steps: Readonly<Record<string, number>>;
}

export interface BacklogLine {
  modality: string;
  waiting: number;
  in_hand: number;
  paused: number;
  breached: number;
}

export interface InHand extends Place {
  task_id: number;
  state: string;
  priority: Priority;
  modality: string;
  since: string;
  limit_at: string;
}

export interface ReaderLine {
  username: string;
  name: string;
  on_duty: boolean;
  on_call: boolean;
  shift: string;
  until: string | null;
  in_hand: readonly InHand[];
  kept: number;
  cases_today: number;
  rvu_today: number;
}

export interface BreachLine extends Place {
  task_id: number;
  priority: Priority;
  modality: string;
  limit_at: string;
  signed_at: string | null;
  longest: Part | null;
  parts: Readonly<Partial<Record<Part, number>>>;
}

export interface SilentDevice extends Place {
  ae_title: string;
  name: string;
  modality: string;
  last_seen_at: string | null;
}

export interface CriticalClock extends Place {
  id: number;
  modality: string;
  state: string;
  state_since: string;
  due_at: string | null;
  overdue: boolean;
}

/** What may stand on a wall: nothing of a patient is in it. */
export interface Wall {
  at: string;
  seconds: number;
  steps: readonly string[];
  classes: readonly ClassLine[];
  backlog: readonly BacklogLine[];
  readers: readonly ReaderLine[];
  breaches: readonly BreachLine[];
  lost: Readonly<Record<Part, number>>;
  silent_hours: number;
  silent: readonly SilentDevice[];
  critical: readonly CriticalClock[];
}

export interface Board extends Wall {
  tasks: readonly Task[];
  more_tasks: boolean;
  critical_cases: readonly CriticalCase[];
}

export interface WallLine {
  id: number;
  name: string;
  created_by: string;
  created_at: string;
  expires_at: string;
  revoked_at: string | null;
  last_seen_at: string | null;
  last_seen_address: string;
  live: boolean;
}

export interface IndicatorWords {
  name: string;
  numerator: string;
  denominator: string;
  source: string;
}

export interface Share {
  key: string;
  label: string;
  label_en: string;
  numerator: number;
  denominator: number;
  percent: number | null;
}

export interface NationalIndicator {
  code: string;
  zh: IndicatorWords;
  en: IndicatorWords;
  target: number | null;
  at_most: boolean;
  numerator: number;
  denominator: number;
  percent: number | null;
  months: readonly Share[];
  institutions: readonly Share[];
  modalities: readonly Share[];
}

export interface NationalIndicators {
  begin: string;
  end: string;
  items: readonly NationalIndicator[];
}

export interface IndicatorCase extends Place {
  task_id: number | null;
  patient: string;
  sex: string;
  age: string;
  modality: string;
  priority: Priority | null;
  at: string;
  counts: boolean;
  why: string;
  minutes: number | null;
}

export interface IndicatorCases {
  items: readonly IndicatorCase[];
  total: number;
}

export interface PlaceStatement extends Place {
  contract: string;
  contract_en: string;
  readings: number;
  duplicates: number;
  amendments: number;
  withdrawals: number;
  unreadable: number;
  corrections: number;
  fee: number;
}

export interface EarnedLine {
  username: string;
  name: string;
  read: number;
  audited: number;
  read_pay: number;
  audit_pay: number;
}

export interface Statement {
  month: string;
  months: readonly string[];
  closed_at: string | null;
  closed_by: string;
  sha256: string;
  intact: boolean | null;
  closes_from: string;
  disputes_until: string | null;
  may_close: boolean;
  fee: number;
  clinics: readonly PlaceStatement[];
  items: readonly { item: string; name: string; name_en: string; readings: number; fee: number }[];
  readers: readonly EarnedLine[];
}

export interface SettlementLine extends Place {
  id: number | null;
  kind: string;
  at: string;
  task_id: number;
  version: number;
  modality: string;
  priority: Priority;
  item: string;
  item_name: string;
  item_name_en: string;
  reader_name: string;
  signer_name: string;
  fee: number;
  read_pay: number | null;
  audit_pay: number | null;
  corrects_id: number | null;
  words: string;
  dispute: '' | 'open' | 'granted' | 'refused';
}

export interface Dispute extends Place {
  id: number;
  line_id: number;
  month: string;
  task_id: number;
  line_fee: number;
  words: string;
  asked_by: string;
  asked_at: string;
  granted: boolean | null;
  answer: string;
  answered_at: string | null;
  fee: number;
}

export type InstitutionKind = 'clinic' | 'centre' | 'upper';

export interface InstitutionLine {
  code: string;
  kind: InstitutionKind;
  name: string;
  name_en: string;
  contact: string;
  phone: string;
  address: string;
  active: boolean;
  devices: number;
  users: number;
  contract: string;
  contract_en: string;
  contract_percent: number | null;
}

export interface ClinicLine {
  key: string;
  signed: number;
  from_exam_median: number | null;
  from_ready_median: number | null;
  from_ready_p90: number | null;
  in_time: number;
  retakes: number;
  grade_a: number;
  grade_b: number;
  grade_c: number;
  grade_reject: number;
  critical: number | null;
}

export interface ClinicFigures {
  begin: string;
  end: string;
  whole: ClinicLine;
  months: readonly ClinicLine[];
  modalities: readonly ClinicLine[];
}
