import type { Patient } from './types.ts';
import type { Place } from './persons-types.ts';

export type Decision = 'take_in' | 'replace' | 'resend' | 'kept' | 'discarded';

/** An object kept aside for a person to decide on. */
export interface Quarantined {
  id: number;
  reason: string;
  detail: string;
  institution: string | null;
  institution_name: string;
  institution_name_en: string;
  ae_title: string;
  sop_instance_uid: string;
  study_instance_uid: string;
  modality: string;
  description: string;
  exam_started_at: string | null;
  patient: Patient | null;
  size: number;
  received_at: string;
  attempts: number;
  pixels: 'identical' | 'within_loss' | 'different' | 'unreadable' | null;
  pixels_detail: string;
  resolved_at: string | null;
  resolution: string;
  decision: Decision | null;
  carried: boolean;
  keep_until: string | null;
  purged_at: string | null;
}

/** What is in the archive in the place that the object claims. */
export interface Present extends Place {
  study_instance_uid: string;
  patient: Patient;
  modality: string;
  description: string;
  exam_started_at: string | null;
  instances: number;
  has_object: boolean;
  has_signed_report: boolean;
}

export interface QuarantineDetail extends Quarantined {
  present: Present | null;
  decisions: Decision[];
  same_study: number;
  same_device: number;
}

export interface DecisionOrder {
  resolution: Decision;
  note: string;
  same_person?: boolean;
  despite_report?: boolean;
}

export interface BulkOutcome {
  done: number[];
  refused: { id: number; code: string; detail: string }[];
  left: number;
}

export interface ResendRequest {
  study_instance_uid: string;
  institution: string;
  ae_title: string;
  reason: string;
  modality: string;
  description: string;
  patient: Patient | null;
  note: string;
  objects: number;
  asked_at: string;
}
