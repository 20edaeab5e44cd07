import type { Mark } from './quality-types.ts';
import type { Duty } from './account-types.ts';
import type { Consultation } from './consult-types.ts';
/** JSON of the HTTP interface. Datetimes are ISO 8601 in UTC. */
import type { Structure } from './templates-types.ts';

export type Role = 'clinic' | 'radiologist' | 'auditor' | 'manager' | 'regulator' | 'admin' | 'consultant';
export type Priority = 'P0' | 'P1' | 'P2' | 'P3';
export type Sla = 'on_time' | 'soon' | 'late' | 'breached';
export type Sex = 'M' | 'F' | 'O' | '';
export type ReportKind = 'preliminary' | 'final' | 'amended' | 'addendum' | 'withdrawn';

export type TaskState =
  | 'recon_hold'
  | 'queued'
  | 'assigned'
  | 'reading'
  | 'retake_wait'
  | 'info_wait'
  | 'drafted'
  | 'auditing'
  | 'rework'
  | 'consult'
  | 'read'
  | 'signed'
  | 'delivered'
  | 'closed'
  | 'cancelled'
  | 'declined';

/** A study that is not whole yet is `receiving`; then it is where its latest task is. */
export type StudyState = TaskState | 'receiving' | 'ready';

export type Action =
  | 'open'
  | 'assign'
  | 'claim'
  | 'resume'
  | 'heartbeat'
  | 'release'
  | 'expire'
  | 'submit'
  | 'sign'
  | 'reject'
  | 'return'
  | 'retaken'
  | 'late_images'
  | 'ask'
  | 'answer'
  | 'decline'
  | 'cancel'
  | 'receipt'
  | 'amend'
  | 'withdraw'
  | 'reread'
  | 'close'
  | 'reconcile'
  | 'preliminary'
  | 'consult'
  | 'opinion'
  | 'decline_consult'
  | 'recall'
  | 'prioritise'
  | 'escalate';

/** What keeps a study that is receiving from being read. */
export type WaitingFor = 'images' | 'association' | 'missing' | 'store' | 'idle';

/** How sure it is that a study has all of its images. */
export interface Wholeness {
  ready_reason: string | null;
  /** Objects that were named or announced and have not come, and out of how many where that is known. */
  missing: number;
  expected: number | null;
  may_be_incomplete: boolean;
}

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
  /** What has to be done before anything else opens. */
  duty: Duty;
  /** Who patients are is not shown. */
  masked: boolean;
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

export interface Task extends Clocks, Wholeness {
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
  accession_number: string;
  thumbnail: string | null;
  report_id: number | null;
  /** More images of the study are arriving now. */
  more_arriving: boolean;
  previous_task_id: number | null;
  /** How the study contradicts its order. */
  mismatch: string[];
  /** One of two readings that know nothing of each other. */
  independent: boolean;
  preliminary_at: string | null;
  report_kind: ReportKind | null;
  allowed_actions: Action[];
}

export interface ReportContent {
  findings: string;
  impression: string;
  positive: boolean | null;
  critical: string;
  /** The template that the words were made from; none for words without one. */
  structure: Structure | null;
}

export interface Draft extends ReportContent {
  saved_at: string;
  saved_by: string;
  saved_by_name: string;
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

/** Why a study has another task, and the report of the one before. */
export interface TaskBefore {
  task_id: number;
  report_id: number | null;
  because: 'images_after_report' | 'images_after_end' | 'images_replaced' | 'withdrawn';
  images: number;
}

export interface TaskDetail extends Task {
  consultations?: Consultation[];
  /** Words that stood in the draft before, the last first. */
  drafts_before?: Draft[];
  /** What two independent readers wrote, for the one who decides. */
  readings?: Draft[];
  /** Images that have come since the case was taken in hand, or since its report was drafted. */
  late_images: number;
  late_images_since: string | null;
  request?: ExamRequest | null;
  before: TaskBefore | null;
  draft: Draft | null;
  /** Not in the answer to a claim. */
  events?: TaskEvent[];
  questions?: Exchange[];
  choice?: Choice | null;
  report?: Report | null;
}

/** Why the examination was asked for, as its order says. */
export interface ExamRequest {
  procedure: string;
  clinical_information: string;
  diagnosis: string;
  referring_doctor: string;
  referring_department: string;
}

/** Why the last to take a case was given it, in sentences, the most important first. */
export interface Choice {
  at: string;
  reader: string;
  zh: readonly string[];
  en: readonly string[];
}

/** A word between reader and clinic. */
export interface Exchange {
  kind: 'ask' | 'answer' | 'return' | 'retaken';
  text: string;
  code: string;
  series_instance_uid: string | null;
  /** The place in an image that is meant; told of the open request of a study. */
  marked?: Mark | null;
  by: string;
  at: string;
}

export interface Lease {
  task: TaskDetail;
  lease_token: string;
  lease_expires_at: string;
}

export interface Study extends Clocks, Wholeness {
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
  waiting_for: WaitingFor | null;
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
  /** Of them: rejected by a reader, to be taken again. */
  rejected: number;
  thumbnail: string | null;
  preview: string | null;
  kind: SeriesKind;
}

export interface StudyDetail extends Study {
  series_list: Series[];
  tasks: Task[];
  /** What the reader wants of the clinic, while the study waits for it. */
  request: Exchange | null;
}

export interface Result {
  seq: number;
  kind: ReportKind;
  study_instance_uid: string;
  report_id: number;
  version: number;
  created_at: string;
  modality: string;
  description: string;
  patient: Patient;
  positive: boolean | null;
  critical: string;
  received_at: string | null;
  received_by: string | null;
}

export interface ResultPage {
  items: Result[];
  /** The number to ask after the next time. */
  next: number;
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
  reason: string;
}

export interface Report extends ReportContent {
  id: number;
  version: number;
  kind: ReportKind;
  reason: string;
  versions: ReportVersion[];
  task_id: number;
  study_instance_uid: string;
  institution: string;
  institution_name: string;
  institution_name_en: string;
  centre: { code: string; name: string; name_en: string };
  author: Person;
  signer: Person;
  signed_at: string;
  sha256: string;
  /** Of a preliminary report: that the final one counts. */
  notice: string;
  consultations: { hospital: { name: string; name_en: string }; consultant: Person | null; opinion: string }[];
  preliminary: { version: number; differs: string[] } | null;
  key_images?: readonly { number: number; note: string; picture: string }[];
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
  started_at: string;
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

/** What an administrator may set; `null` is no limit. */
export interface DeviceRules {
  institution: string;
  name: string;
  modality: string;
  active: boolean;
  called_ae_title: string;
  networks: readonly string[] | null;
  certificate_sha256: string;
  host: string;
  port: number | null;
  sop_classes: readonly string[] | null;
  unknown_sop_classes: boolean;
  charset: string;
  charset_rule: 'undeclared' | 'always';
  worklist_charset: string;
  issuer: string;
  daily_objects: number | null;
  daily_bytes: number | null;
  may_query: boolean;
  ready_idle: number | null;
  release_means_whole: boolean;
}

export interface Device extends DeviceRules {
  id: number;
  ae_title: string;
  institution_name: string;
  institution_name_en: string;
  kind: 'dicom' | 'upload' | 'folder' | 'ftp' | 'edge';
  last_seen_at: string | null;
  received_today: number;
  refused_today: number;
  charset_repairs: number;
  charset_proposal: string;
}

export interface Institution {
  code: string;
  name: string;
  name_en: string;
}

export interface DevicePage extends Page<Device> {
  ae_title: string;
  address: string;
  tls_address: string;
  institutions: readonly Institution[];
}

export interface UnknownCaller {
  id: number;
  ae_title: string;
  address: string;
  called_ae_title: string;
  reason: string;
  first_seen_at: string;
  last_seen_at: string;
  attempts: number;
  is_known: boolean;
  institution: string;
  modality: string;
}

/** Addresses of images that may be fetched ahead, the most wanted first; sizes in bytes. */
export interface FetchPlan {
  accept: string;
  items: readonly { url: string; size: number; of: 'case' | 'next' | 'prior'; study_instance_uid: string }[];
}
