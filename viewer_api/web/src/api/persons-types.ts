import type { Patient } from './types.ts';

/** Names of an institution in both languages. */
export interface Place {
  institution: string;
  institution_name: string;
  institution_name_en: string;
}

/** A patient as one institution numbers him; `person` is the row that stands for the whole person. */
export interface PatientRow extends Place {
  id: number;
  person: number;
  patient: Patient;
  issuer: string;
  told_issuer: string;
  national_id: string;
  phone: string;
  studies: number;
}

export interface PersonStudy extends Place {
  study_instance_uid: string;
  patient_row: number;
  at: string;
  modality: string;
  description: string;
  body_part: string;
  report_id: number | null;
}

export interface Prior extends PersonStudy {
  patient: Patient;
}

export interface Merge {
  id: number;
  survivor: number;
  merged: number;
  by: string;
  by_name: string;
  at: string;
  reason: string;
}

export interface Candidate {
  id: number;
  first: PatientRow;
  second: PatientRow;
  state: 'open' | 'proposed' | 'different';
  score: number;
  reasons: string[];
  by: string;
  note: string;
}

export interface WholePerson {
  person: number;
  rows: PatientRow[];
  studies: PersonStudy[];
  merges: Merge[];
  candidates: Candidate[];
}
