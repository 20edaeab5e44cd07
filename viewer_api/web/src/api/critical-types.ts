import type { Place } from './persons-types.ts';
import type { Patient, Priority } from './types.ts';

export type CaseState = 'suspected' | 'confirmed' | 'notified' | 'acked' | 'treated' | 'closed' | 'false_alarm';
export type CaseAction = 'confirm' | 'notify' | 'acknowledge' | 'feed_back' | 'close' | 'false_alarm';
export type Method = 'in_app' | 'phone' | 'in_person';

/** A critical value as a line. */
export interface CriticalCase extends Place {
  id: number;
  study_instance_uid: string;
  task_id: number | null;
  clinic_phone: string;
  patient: Patient;
  modality: string;
  description: string;
  priority: Priority;
  code: string;
  name: string;
  name_en: string;
  finding: string;
  source: string;
  source_detail: string;
  state: CaseState;
  version: number;
  suspected_at: string;
  confirmed_at: string | null;
  confirmed_by_name: string | null;
  notified_at: string | null;
  acked_at: string | null;
  treated_at: string | null;
  ended_at: string | null;
  state_since: string;
  due_at: string | null;
  overdue: boolean;
  steps_told: number;
  notifier: string;
  receiver: string;
  method: Method | '';
  heard_at: string | null;
  allowed_actions: CaseAction[];
}

export interface CriticalEvent {
  seq: number;
  action: string;
  to_state: CaseState;
  actor_name: string;
  actor_title: string;
  of_clinic: boolean;
  at: string;
  happened_at: string;
  method: Method | '';
  other_side: string;
  receiver: string;
  content: string;
  posts: string[];
  sha256: string;
}

export interface LadderStep {
  name: string;
  at: string;
  posts: string[];
  done: boolean;
}

export interface CriticalDetail extends CriticalCase {
  events: CriticalEvent[];
  intact: boolean;
  ladder: LadderStep[];
}

/** Whom somebody told at the clinic. */
export interface Told {
  method: Method;
  receiver?: string;
  content?: string;
  read_back?: string;
}

export interface CriticalFinding {
  code: string;
  name: string;
  name_en: string;
  pinyin: string;
  initials: string;
  source: string;
}

export interface FindingList {
  key: string;
  name: string;
  name_en: string;
  findings: CriticalFinding[];
}

/** Told within ten minutes with records of both sides, of all that were to be told. */
export interface CriticalRate extends Place {
  numerator: number;
  denominator: number;
  value: number | null;
  one_sided: number;
  told: number;
  median_minutes: number | null;
}

export interface CriticalIndicator {
  indicator: 'RQI-RCV-04' | 'US-CV-01';
  county: CriticalRate;
  clinics: readonly CriticalRate[];
  months: readonly (CriticalRate & { month: string })[];
}

export interface CountedCase extends Place {
  id: number;
  modality: string;
  name: string;
  name_en: string;
  basis_at: string;
  reached_at: string | null;
  minutes: number | null;
  outcome: 'done' | 'one_sided' | 'late' | 'not_told';
}
