import type { Priority } from './types.ts';

/** A kind of shift; null is every modality, or every class. Times are the county's, `HH:MM`. */
export interface ShiftKind {
  id: number;
  name: string;
  name_en: string;
  colour: string;
  starts: string;
  ends: string;
  modalities: string[] | null;
  subspecialties: string[];
  priorities: Priority[] | null;
  night: boolean;
  on_call: boolean;
  rvu_share: number;
  phone: string;
  active: boolean;
}

export type KindOrder = Omit<ShiftKind, 'id' | 'active'>;

/** One shift of one reader. */
export interface Shift {
  id: number;
  user: string;
  kind: number;
  day: string;
  starts_at: string;
  ends_at: string;
  exact: boolean;
  on_call: boolean;
  phone: string;
  note: string;
}

export interface RosterPerson {
  username: string;
  name: string;
  title: string;
  modalities: string[] | null;
  mine: boolean;
}

export interface Absence {
  id: number;
  user: string;
  kind: 'leave' | 'sick' | 'training' | 'other' | null;
  starts_at: string;
  ends_at: string;
  note: string;
}

/** Hours that nobody covers. */
export interface Gap {
  modality: string;
  priorities: Priority[];
  starts_at: string;
  ends_at: string;
}

export type RosterFault = 'overlap' | 'unqualified' | 'away';

export interface Finding {
  fault: RosterFault;
  shift: number;
  user: string;
  day: string;
  other: number | null;
}

/** A week, Monday to Sunday; `zone` is the county's. */
export interface Roster {
  first: string;
  today: string;
  zone: string;
  editable: boolean;
  people: RosterPerson[];
  kinds: ShiftKind[];
  shifts: Shift[];
  absences: Absence[];
  gaps: Gap[];
  findings: Finding[];
}

export interface LicenceOrder {
  user: string;
  modality: string;
  subspecialty: string;
  may_audit: boolean;
  licence_number: string;
  valid_from: string;
  valid_until: string | null;
  note: string;
}

export interface Licence extends LicenceOrder {
  id: number;
  name: string;
  ended_on: string | null;
  valid: boolean;
  ends_soon: boolean;
}
