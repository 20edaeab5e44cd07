/** JSON of accounts, API keys, emergencies, links and the audit trail. */
import type { Role, Session, User } from './types.ts';

export type Duty = '' | 'password' | 'second_factor';

export interface Account {
  user: User;
  method: string;
  second_factor: boolean;
  second_factor_required: boolean;
  recovery_codes_left: number;
  password_set_at: string | null;
  min_length: number;
}

export interface Enrolment {
  secret: string;
  uri: string;
  svg: string;
}

export interface Enrolled {
  recovery_codes: readonly string[];
  session: Session;
}

export interface OpenSession {
  id: number;
  created_at: string;
  last_active_at: string | null;
  expires_at: string;
  address: string;
  agent: string;
  method: string;
  masked: boolean;
  current: boolean;
}

export interface AccountLine {
  username: string;
  name: string;
  title: string;
  role: Role;
  institution: string;
  institution_name: string;
  institution_name_en: string;
  modalities: readonly string[] | null;
  active: boolean;
  must_change_password: boolean;
  second_factor: boolean;
  single_sign_on: boolean;
  last_login_at: string | null;
  locked_until: string | null;
  sessions: number;
  may_change: boolean;
}

export interface InstitutionChoice {
  code: string;
  name: string;
  name_en: string;
  kind: string;
}

export interface AccountList {
  items: readonly AccountLine[];
  institutions: readonly InstitutionChoice[];
}

export interface FirstPassword {
  user: AccountLine;
  password: string;
}

export const SCOPES = ['results:read', 'receipts:write', 'orders:write', 'studies:read', 'dicomweb', 'fhir'] as const;
export type Scope = (typeof SCOPES)[number];

export interface ApiKey {
  id: number;
  name: string;
  prefix: string;
  institution: string;
  institution_name: string;
  institution_name_en: string;
  scopes: readonly Scope[];
  created_at: string;
  expires_at: string | null;
  last_used_at: string | null;
  last_used_address: string;
  revoked_at: string | null;
  live: boolean;
}

export interface ShownKey {
  key: ApiKey;
  secret: string;
}

export interface Emergency {
  id: number;
  study_instance_uid: string;
  modality: string;
  institution_name: string;
  institution_name_en: string;
  username: string;
  name: string;
  user_institution_name: string;
  user_institution_name_en: string;
  reason: string;
  opened_at: string;
  ends_at: string;
  ended_at: string | null;
  live: boolean;
  reviewed_at: string | null;
  reviewed_by: string;
  outcome: '' | 'justified' | 'unjustified';
  note: string;
}

export interface Elsewhere {
  study_instance_uid: string;
  modality: string;
  body_part: string;
  examined_at: string;
  institution_name: string;
  institution_name_en: string;
}

export interface Share {
  id: number;
  study_instance_uid: string;
  modality: string;
  purpose: string;
  created_by: string;
  created_at: string;
  expires_at: string;
  passcode: boolean;
  max_uses: number | null;
  uses: number;
  last_used_at: string | null;
  revoked_at: string | null;
  live: boolean;
}

export interface Visit {
  token: string;
  seconds: number;
  study_instance_uid: string;
  purpose: string;
}

export interface AuditLine {
  seq: number;
  at: string;
  actor: string;
  name: string;
  action: string;
  subject: string;
  outcome: string;
  detail: Readonly<Record<string, unknown>>;
  sha256: string;
}

export interface AuditState {
  links: number;
  head: string;
  anchored_at: string | null;
  anchored_links: number;
  archived_links: number;
  overdue: boolean;
}
