import type { Instance } from '../viewer/dicom-json.ts';
import type { PlaceMark } from '../viewer/marks.ts';
import type { Asked, AskedDetail, Hospital } from './consult-types.ts';
import type { Http } from './http.ts';
import type { Prior } from './persons-types.ts';
import type { QueryOf } from './routes.ts';
import type {
  Draft,
  FetchPlan,
  Health,
  KeptPreference,
  Lease,
  Listed,
  Page,
  Preferences,
  Priority,
  Receipt,
  Report,
  ReportContent,
  ReportKind,
  ResultPage,
  ReturnOrder,
  Session,
  SignOrder,
  Study,
  StudyDetail,
  Task,
  TaskDetail,
  User,
} from './types.ts';

const ROOT = '/api/v1';

/** The session, tasks, studies, results and consultations; other areas have calls of their own (`*-api.ts`). */
export class Api {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  logIn(username: string, password: string, code = ''): Promise<Session> {
    return this.#http.post(`${ROOT}/session`, { username, password, ...(code === '' ? {} : { code }) });
  }

  whoAmI(): Promise<Omit<Session, 'token'>> {
    return this.#http.get(`${ROOT}/session`);
  }

  logOut(): Promise<void> {
    return this.#http.delete(`${ROOT}/session`);
  }

  savePreferences(preferences: Preferences): Promise<User> {
    return this.#http.put(`${ROOT}/session/preferences`, preferences);
  }

  preferences(): Promise<Page<KeptPreference>> {
    return this.#http.get(`${ROOT}/preferences`);
  }

  keepPreference(name: string, value: unknown): Promise<KeptPreference> {
    return this.#http.put(`${ROOT}/preferences/${name}`, { value });
  }

  tasks(query: QueryOf<'GET', '/api/v1/tasks'>, signal?: AbortSignal): Promise<Page<Task>> {
    return this.#http.get(`${ROOT}/tasks`, query, signal);
  }

  task(id: number, signal?: AbortSignal): Promise<TaskDetail> {
    return this.#http.get(`${ROOT}/tasks/${id}`, {}, signal);
  }

  /** Nothing when there is no case for this reader. */
  nextTask(): Promise<Lease | undefined> {
    return this.#http.post(`${ROOT}/tasks/next`);
  }

  claim(id: number): Promise<Lease> {
    return this.#http.post(`${ROOT}/tasks/${id}/claim`, {});
  }

  /** A new token for the holder who lost the old one. */
  resume(id: number): Promise<Lease> {
    return this.#http.post(`${ROOT}/tasks/${id}/resume`, {});
  }

  heartbeat(id: number, lease_token: string): Promise<{ lease_expires_at: string }> {
    return this.#http.post(`${ROOT}/tasks/${id}/heartbeat`, { lease_token });
  }

  release(id: number, lease_token: string): Promise<unknown> {
    return this.#http.post(`${ROOT}/tasks/${id}/release`, { lease_token });
  }

  saveDraft(id: number, lease_token: string, report: ReportContent): Promise<Pick<Draft, 'saved_at'>> {
    return this.#http.put(`${ROOT}/tasks/${id}/draft`, { lease_token, report });
  }

  submit(id: number, lease_token: string, report: ReportContent): Promise<Task> {
    return this.#http.post(`${ROOT}/tasks/${id}/submit`, { lease_token, report });
  }

  sign(
    id: number,
    lease_token: string,
    report: ReportContent,
    order: SignOrder = {},
  ): Promise<{ report_id: number; version: number }> {
    return this.#http.post(`${ROOT}/tasks/${id}/sign`, { lease_token, report, ...order });
  }

  reject(id: number, lease_token: string, reason: string): Promise<Task> {
    return this.#http.post(`${ROOT}/tasks/${id}/reject`, { lease_token, reason });
  }

  returnForRetake(id: number, lease_token: string, order: ReturnOrder): Promise<Task> {
    return this.#http.post(`${ROOT}/tasks/${id}/return`, { lease_token, ...order });
  }

  ask(id: number, lease_token: string, question: string, mark: PlaceMark | null = null): Promise<Task> {
    return this.#http.post(`${ROOT}/tasks/${id}/ask`, { lease_token, question, ...mark });
  }

  answer(id: number, text: string): Promise<Task> {
    return this.#http.post(`${ROOT}/tasks/${id}/answer`, { text });
  }

  waiveRetake(id: number, reason: string): Promise<Task> {
    return this.#http.post(`${ROOT}/tasks/${id}/retaken`, { reason });
  }

  cancel(id: number, reason: string): Promise<Task> {
    return this.#http.post(`${ROOT}/tasks/${id}/cancel`, { reason });
  }

  decline(id: number, reason: string): Promise<Task> {
    return this.#http.post(`${ROOT}/tasks/${id}/decline`, { reason });
  }

  withdraw(id: number, reason: string): Promise<unknown> {
    return this.#http.post(`${ROOT}/tasks/${id}/withdraw`, { reason });
  }

  amend(id: number, report: ReportContent, reason: string, kind: ReportKind, order: Pick<SignOrder, 'override_reason'> = {}): Promise<unknown> {
    return this.#http.post(`${ROOT}/tasks/${id}/amend`, { report, reason, kind, ...order });
  }

  preliminary(id: number, lease_token: string, report: ReportContent): Promise<unknown> {
    return this.#http.post(`${ROOT}/tasks/${id}/preliminary`, { lease_token, report });
  }

  consult(id: number, lease_token: string, hospital: string, question: string): Promise<Task> {
    return this.#http.post(`${ROOT}/tasks/${id}/consult`, { lease_token, hospital, question });
  }

  recall(id: number, reason: string): Promise<Task> {
    return this.#http.post(`${ROOT}/tasks/${id}/recall`, { reason });
  }

  reconcile(id: number, reason: string): Promise<Task> {
    return this.#http.post(`${ROOT}/tasks/${id}/reconcile`, { reason });
  }

  reread(id: number, reason: string): Promise<Task> {
    return this.#http.post(`${ROOT}/tasks/${id}/reread`, { reason });
  }

  upperHospitals(): Promise<Listed<Hospital>> {
    return this.#http.get(`${ROOT}/upper-hospitals`);
  }

  /** What the caller's hospital is asked. */
  asked(open: boolean): Promise<Listed<Asked>> {
    return this.#http.get(`${ROOT}/consultations`, { open: open ? 'true' : 'false' });
  }

  askedDetail(id: number): Promise<AskedDetail> {
    return this.#http.get(`${ROOT}/consultations/${id}`);
  }

  acceptConsultation(id: number): Promise<Asked> {
    return this.#http.post(`${ROOT}/consultations/${id}/accept`, {});
  }

  giveOpinion(id: number, opinion: string): Promise<Asked> {
    return this.#http.post(`${ROOT}/consultations/${id}/opinion`, { opinion });
  }

  declineConsultation(id: number, reason: string): Promise<Asked> {
    return this.#http.post(`${ROOT}/consultations/${id}/decline`, { reason });
  }

  prioritise(id: number, priority: Priority, reason: string): Promise<Task> {
    return this.#http.post(`${ROOT}/tasks/${id}/priority`, { priority, reason });
  }

  studies(query: QueryOf<'GET', '/api/v1/studies'>, signal?: AbortSignal): Promise<Page<Study>> {
    return this.#http.get(`${ROOT}/studies`, query, signal);
  }

  study(uid: string, signal?: AbortSignal): Promise<StudyDetail> {
    return this.#http.get(`${ROOT}/studies/${uid}`, {}, signal);
  }

  /** DICOM JSON of every instance of a series, without pixel data (WADO-RS Retrieve Metadata). */
  seriesMetadata(studyUid: string, seriesUid: string): Promise<Instance[]> {
    return this.#http.getFrom(`/dicomweb/studies/${studyUid}/series/${seriesUid}/metadata`);
  }

  /** Results with a number above `after`, in order. */
  results(after: number, limit: number): Promise<ResultPage> {
    return this.#http.get(`${ROOT}/results`, { after, limit });
  }

  receipt(seq: number): Promise<Receipt> {
    return this.#http.post(`${ROOT}/results/${seq}/receipt`);
  }

  report(id: number, version?: number): Promise<Report> {
    return this.#http.get(`${ROOT}/reports/${id}`, { version });
  }

  health(): Promise<Health> {
    return this.#http.get(`${ROOT}/health`);
  }

  /** What a reader's viewer may fetch while he looks at the images of this task. */
  fetchPlan(taskId: number): Promise<FetchPlan> {
    return this.#http.get(`${ROOT}/tasks/${taskId}/prefetch`);
  }

  /** The earlier studies of the study's person, of all clinics; for the county's people. */
  priors(studyUid: string): Promise<Listed<Prior>> {
    return this.#http.get(`${ROOT}/studies/${studyUid}/priors`);
  }
}

/** The saved draft on paper, as it would be printed when signed. */
export function draftPdf(task: number, lang: string): string {
  return `${ROOT}/tasks/${task}/draft/pdf?lang=${lang}`;
}

/** Where the printable report is; a signed version never changes, so the version is part of the address. */
export function reportPdf(id: number, version?: number): string {
  return `${ROOT}/reports/${id}/pdf${version === undefined ? '' : `?version=${version}`}`;
}
