import type { Patient, Priority } from './types.ts';

export type ConsultationState = 'asked' | 'accepted' | 'answered' | 'declined' | 'recalled' | 'expired';

/** A hospital was asked about a case. For a clinic `question` and `opinion` are empty. */
export interface Consultation {
  id: number;
  state: ConsultationState;
  hospital: string;
  hospital_name: string;
  hospital_name_en: string;
  question: string;
  asked_by: string;
  asked_at: string;
  consultant: string | null;
  opinion: string;
  ended_at: string | null;
  expires_at: string;
  reminders: number;
}

/** What the hospital is asked. */
export interface Asked extends Consultation {
  task_id: number;
  study_instance_uid: string;
  priority: Priority;
  modality: string;
  description: string;
  body_part: string;
  institution_name: string;
  institution_name_en: string;
  exam_started_at: string | null;
  patient: Patient;
  images: number;
  mine: boolean;
}

export interface AskedDetail extends Asked {
  draft: { findings: string; impression: string } | null;
}

export interface Hospital {
  code: string;
  name: string;
  name_en: string;
}
