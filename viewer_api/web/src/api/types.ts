/** JSON of the HTTP interface by the names that pages use; what each is, schema.d.ts tells. Datetimes are ISO 8601 in UTC. */
import type { Schemas } from './routes.ts';

export type Role = Schemas['Role'];
export type Priority = Schemas['Priority'];
export type Sla = Schemas['Standing'];
export type Sex = Schemas['Sex'];
export type ReportKind = Schemas['ReportKind'];
export type TaskState = Schemas['TaskState'];
export type Action = Schemas['Action'];

/** A study that is not whole yet is `receiving`; then it is where its latest task is. */
export type StudyState = Schemas['StudyOut']['state'];

/** What keeps a study that is receiving from being read. */
export type WaitingFor = Schemas['WaitingFor'];

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** All there is of something. */
export type Listed<T> = Pick<Page<T>, 'items'>;

/** Names of an institution in both languages. */
export interface Place {
  readonly institution: string;
  readonly institution_name: string;
  readonly institution_name_en: string;
}

export interface Preferences {
  language?: string;
  theme?: string;
  [name: string]: unknown;
}

export type User = Schemas['UserOut'];
export type Session = Schemas['NewSession'];

/** A thing that a person set for himself, as the server keeps it. */
export type KeptPreference = Schemas['PreferenceOut'];

export type Patient = Schemas['PatientOut'];

export type Task = Schemas['TaskOut'];

/** How sure it is that a study has all of its images. */
export type Wholeness = Pick<Task, 'ready_reason' | 'missing' | 'expected' | 'may_be_incomplete'>;

export type Draft = Schemas['DraftOut'];
export type ReportContent = Pick<Draft, 'findings' | 'impression' | 'positive' | 'critical' | 'structure'>;
export type TaskEvent = Schemas['TaskEventOut'];

/** Why a study has another task, and the report of the one before. */
export type TaskBefore = Schemas['TaskBeforeOut'];

/** The answer to a claim has less than the task's own page. */
export type TaskDetail = Schemas['ClaimedTask'] & Partial<Schemas['TaskDetail']>;

/** Why the examination was asked for, as its order says. */
export type ExamRequest = Schemas['WorklistRequestOut'];

/** Why the last to take a case was given it, in sentences, the most important first. */
export type Choice = Schemas['WorklistChoiceOut'];

/** A word between reader and clinic; the open request of a study tells the place in an image that is meant. */
export type Exchange = Schemas['QuestionOut'] & Partial<Pick<StudyRequest, 'marked'>>;

/** What the reader wants of the clinic, while the study waits for it. */
export type StudyRequest = Schemas['StudiesRequestOut'];

export type ReturnOrder = Omit<Schemas['ReturnIn'], 'lease_token'>;

/** What a signature says besides the report. */
export type SignOrder = Pick<Schemas['SignIn'], 'override_reason' | 'discrepancy'>;

export type Lease = Schemas['ClaimOut'];
export type Study = Schemas['StudyOut'];
export type Series = Schemas['SeriesOut'];
export type SeriesKind = Series['kind'];
export type StudyDetail = Schemas['StudyDetail'];
export type Result = Schemas['ResultOut'];
export type ResultPage = Schemas['ResultPage'];
export type Receipt = Schemas['ReceiptOut'];
export type Person = Schemas['ResultsPhysicianOut'];
export type ReportVersion = Schemas['VersionOut'];
export type Report = Schemas['ResultsReportOut'];
export type Health = Schemas['HealthOut'];
export type HealthCheck = Schemas['AdminCheckOut'];
export type ProcessHealth = Schemas['ProcessOut'];
export type Device = Schemas['DeviceOut'];
export type DevicePage = Schemas['DevicePage'];
export type Institution = Schemas['AdminInstitutionOut'];
export type UnknownCaller = Schemas['UnknownCallerOut'];

/** What an administrator may set of a device; `null` is no limit. */
export type DeviceRules = Pick<Device, keyof Device & keyof Schemas['DevicePatch']>;

/** Addresses of images that may be fetched ahead, the most wanted first; sizes in bytes. */
export type FetchPlan = Schemas['FetchPlan'];
