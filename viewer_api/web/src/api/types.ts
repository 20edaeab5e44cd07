/** JSON of the HTTP interface. Datetimes are ISO 8601 in UTC. */

export type Role = 'clinic' | 'radiologist' | 'auditor' | 'manager' | 'regulator' | 'admin';
export type Priority = 'P0' | 'P1' | 'P2' | 'P3';
export type Sla = 'on_time' | 'soon' | 'late' | 'breached';
export type Sex = 'M' | 'F' | 'O' | '';
export type ReportKind = 'final' | 'amended' | 'addendum' | 'withdrawn';

export type TaskState =
  | 'queued'
  | 'assigned'
  | 'reading'
  | 'retake_wait'
  | 'info_wait'
  | 'drafted'
  | 'auditing'
  | 'rework'
  | 'signed'
  | 'delivered'
  | 'cancelled'
  | 'declined';

/** A study that is not whole yet is `receiving`; then it is where its latest task is. */
export type StudyState = TaskState | 'receiving' | 'ready';

export type Action =
  | 'open'
  | 'claim'
  | 'heartbeat'
  | 'release'
  | 'expire'
  | 'submit'
  | 'sign'
  | 'reject'
  | 'return'
  | 'retaken'
  | 'ask'
  | 'answer'
  | 'decline'
  | 'cancel'
  | 'receipt'
  | 'amend'
  | 'withdraw'
  | 'prioritise';

export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface Preferences {
  language?: string;
  theme?: string;
  [name: string]: unknown;
}

export interface User {
  username: string;
  name: string;
  title: string;
  role: Role;
  institution: string;
  institution_name: string;
  institution_name_en: string;
  modalities: string[] | null;
  preferences: Preferences;
}

export interface Session {
  token: string;
  expires_at: string;
  user: User;
}

export interface Patient {
  id: string;
  name: string;
  sex: Sex;
  birth_date: string;
  age: string;
}

interface Clocks {
  due_at: string | null;
  limit_at: string | null;
  sla: Sla | null;
}

export interface Task extends Clocks {
  id: number;
  state: TaskState;
  priority: Priority;
  modality: string;
  step: string;
  study_instance_uid: string;
  institution: string;
  institution_name: string;
  institution_name_en: string;
  regulatory_due_at: string | null;
  ready_at: string | null;
  created_at: string;
  state_since: string;
  exam_started_at: string | null;
  reader: string | null;
  reader_name: string | null;
  author: string | null;
  author_name: string | null;
  signer: string | null;
  signer_name: string | null;
  lease_expires_at: string | null;
  paused: boolean;
  escalation: number;
  version: number;
  patient: Patient;
  description: string;
  body_part: string;
  series: number;
  instances: number;
  device: string;
  thumbnail: string | null;
  report_id: number | null;
  allowed_actions: Action[];
}

export interface ReportContent {
  findings: string;
  impression: string;
  positive: boolean | null;
  critical: string;
}

export interface Draft extends ReportContent {
  saved_at: string;
  saved_by: string;
}

export interface TaskEvent {
  seq: number;
  action: Action;
  from_state: TaskState | null;
  to_state: TaskState;
  actor: string | null;
  at: string;
  reason: string;
}

export interface TaskDetail extends Task {
  draft: Draft | null;
  events?: TaskEvent[];
  report?: Report | null;
}

export interface Lease {
  task: TaskDetail;
  lease_token: string;
  lease_expires_at: string;
}

export interface Study extends Clocks {
  study_instance_uid: string;
  institution: string;
  institution_name: string;
  institution_name_en: string;
  modality: string;
  description: string;
  body_part: string;
  series: number;
  instances: number;
  state: StudyState;
  priority: Priority | null;
  patient: Patient;
  exam_started_at: string | null;
  first_received_at: string;
  last_received_at: string;
  ready_at: string | null;
  task_id: number | null;
  report_id: number | null;
  thumbnail: string | null;
  device: string;
  accession_number: string;
}

export type SeriesKind = 'image' | 'ecg' | 'document';

export interface Series {
  series_instance_uid: string;
  modality: string;
  number: number | null;
  description: string;
  body_part: string;
  laterality: string;
  instances: number;
  thumbnail: string | null;
  preview: string | null;
  kind: SeriesKind;
}

export interface StudyDetail extends Study {
  series_list: Series[];
  tasks: TaskDetail[];
}

export interface Result {
  seq: number;
  kind: ReportKind;
  study_instance_uid: string;
  report_id: number;
  version: number;
  created_at: string;
  modality: string;
  patient: Patient;
  positive: boolean | null;
  critical: string;
  received_at: string | null;
}

export interface Receipt {
  seq: number;
  received_at: string;
  received_by: string;
}

export interface Person {
  username: string;
  name: string;
  title: string;
}

export interface ReportVersion {
  version: number;
  kind: ReportKind;
  signed_at: string;
  sha256: string;
}

export interface Report extends ReportContent {
  id: number;
  version: number;
  kind: ReportKind;
  versions: ReportVersion[];
  study_instance_uid: string;
  institution: string;
  institution_name: string;
  institution_name_en: string;
  centre: string;
  author: Person;
  signer: Person;
  signed_at: string;
  sha256: string;
  patient: Patient;
  modality: string;
  description: string;
  exam_started_at: string | null;
}

export interface HealthCheck {
  name: string;
  status: 'ok' | 'degraded' | 'down';
  detail: string;
  since: string | null;
}

export interface ProcessHealth {
  process: string;
  kind: string;
  seen_at: string;
  alive: boolean;
  report: Record<string, unknown>;
}

export interface Health {
  status: 'ok' | 'degraded' | 'down';
  checks: HealthCheck[];
  processes: ProcessHealth[];
  counts: Record<string, number>;
}

export interface Quarantined {
  id: number;
  reason: string;
  detail: string;
  institution: string | null;
  ae_title: string;
  sop_instance_uid: string;
  study_instance_uid: string;
  size: number;
  received_at: string;
  attempts: number;
  resolved_at: string | null;
  resolution: string | null;
}

export type Resolution = 'discarded' | 'kept' | 'released';

export interface Device {
  id: number;
  ae_title: string;
  institution: string;
  institution_name?: string;
  name: string;
  modality: string;
  last_seen_at: string | null;
}

export interface UnknownCaller {
  id: number;
  ae_title: string;
  address: string;
  first_seen_at: string;
  last_seen_at: string;
  attempts: number;
}
