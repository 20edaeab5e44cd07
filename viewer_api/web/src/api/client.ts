import type { Instance } from '../viewer/dicom-json.ts';
import type { KeptPreference } from '../lib/preferences.ts';
import type { MarkShape, PlaceMark, Region } from '../viewer/marks.ts';
import type { Upload } from '../upload/types.ts';
import type { Asked, AskedDetail, Hospital } from './consult-types.ts';
import type { CountedCase, CriticalCase, CriticalDetail, CriticalIndicator, FindingList, Told } from './critical-types.ts';
import type { Http, Query } from './http.ts';
import type {
  FittingTemplate,
  Phrase,
  PhraseWords,
  PlaceOrder,
  Template,
  TemplateContent,
} from './templates-types.ts';
import type { Candidate, Merge, PatientRow, Prior, WholePerson } from './persons-types.ts';
import type { Discrepancy } from './quality-types.ts';
import type { Chapter, ChapterLine, Content, Edition, NewEdition, RulesPreview } from './rules-types.ts';
import type { BulkOutcome, DecisionOrder, Quarantined, QuarantineDetail, ResendRequest } from './quarantine-types.ts';
import type { Absence, KindOrder, Licence, LicenceOrder, Roster, Shift, ShiftKind } from './roster-types.ts';
import type {
  Device,
  DevicePage,
  DeviceRules,
  Draft,
  FetchPlan,
  Health,
  Lease,
  Page,
  Preferences,
  Priority,
  Receipt,
  Report,
  ReportContent,
  ReportKind,
  ResultPage,
  Session,
  Study,
  StudyDetail,
  Task,
  TaskDetail,
  UnknownCaller,
  User,
} from './types.ts';

const ROOT = '/api/v1';

export interface ReturnOrder {
  code: string;
  reason: string;
  series_instance_uid?: string;
  guidance?: string;
  sop_instance_uid?: string;
  frame?: number;
  region?: Region;
  shape?: MarkShape;
}

/** What a signature says besides the report. */
export interface SignOrder {
  override_reason?: string;
  discrepancy?: Discrepancy;
}

/** Every call of the HTTP interface that the web application makes. */
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
    return this.#http.send('DELETE', `${ROOT}/session`);
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

  tasks(query: Query, signal?: AbortSignal): Promise<Page<Task>> {
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
    return this.#act(id, 'claim', {});
  }

  /** A new token for the holder who lost the old one. */
  resume(id: number): Promise<Lease> {
    return this.#act(id, 'resume', {});
  }

  heartbeat(id: number, lease_token: string): Promise<{ lease_expires_at: string }> {
    return this.#act(id, 'heartbeat', { lease_token });
  }

  release(id: number, lease_token: string): Promise<unknown> {
    return this.#act(id, 'release', { lease_token });
  }

  saveDraft(id: number, lease_token: string, report: ReportContent): Promise<Pick<Draft, 'saved_at'>> {
    return this.#http.put(`${ROOT}/tasks/${id}/draft`, { lease_token, report });
  }

  submit(id: number, lease_token: string, report: ReportContent): Promise<Task> {
    return this.#act(id, 'submit', { lease_token, report });
  }

  sign(
    id: number,
    lease_token: string,
    report: ReportContent,
    order: SignOrder = {},
  ): Promise<{ report_id: number; version: number }> {
    return this.#act(id, 'sign', { lease_token, report, ...order });
  }

  reject(id: number, lease_token: string, reason: string): Promise<Task> {
    return this.#act(id, 'reject', { lease_token, reason });
  }

  returnForRetake(id: number, lease_token: string, order: ReturnOrder): Promise<Task> {
    return this.#act(id, 'return', { lease_token, ...order });
  }

  ask(id: number, lease_token: string, question: string, mark: PlaceMark | null = null): Promise<Task> {
    return this.#act(id, 'ask', { lease_token, question, ...mark });
  }

  answer(id: number, text: string): Promise<Task> {
    return this.#act(id, 'answer', { text });
  }

  waiveRetake(id: number, reason: string): Promise<Task> {
    return this.#act(id, 'retaken', { reason });
  }

  cancel(id: number, reason: string): Promise<Task> {
    return this.#act(id, 'cancel', { reason });
  }

  decline(id: number, reason: string): Promise<Task> {
    return this.#act(id, 'decline', { reason });
  }

  withdraw(id: number, reason: string): Promise<unknown> {
    return this.#act(id, 'withdraw', { reason });
  }

  amend(id: number, report: ReportContent, reason: string, kind: ReportKind, order: SignOrder = {}): Promise<unknown> {
    return this.#act(id, 'amend', { report, reason, kind, ...order });
  }

  preliminary(id: number, lease_token: string, report: ReportContent): Promise<unknown> {
    return this.#act(id, 'preliminary', { lease_token, report });
  }

  consult(id: number, lease_token: string, hospital: string, question: string): Promise<Task> {
    return this.#act(id, 'consult', { lease_token, hospital, question });
  }

  recall(id: number, reason: string): Promise<Task> {
    return this.#act(id, 'recall', { reason });
  }

  reconcile(id: number, reason: string): Promise<Task> {
    return this.#act(id, 'reconcile', { reason });
  }

  reread(id: number, reason: string): Promise<Task> {
    return this.#act(id, 'reread', { reason });
  }

  upperHospitals(): Promise<{ items: Hospital[] }> {
    return this.#http.get(`${ROOT}/upper-hospitals`);
  }

  /** What the caller's hospital is asked. */
  asked(open: boolean): Promise<{ items: Asked[] }> {
    return this.#http.get(`${ROOT}/consultations`, { open: String(open) });
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
    return this.#act(id, 'priority', { priority, reason });
  }

  studies(query: Query, signal?: AbortSignal): Promise<Page<Study>> {
    return this.#http.get(`${ROOT}/studies`, query, signal);
  }

  study(uid: string, signal?: AbortSignal): Promise<StudyDetail> {
    return this.#http.get(`${ROOT}/studies/${uid}`, {}, signal);
  }

  /** DICOM JSON of every instance of a series, without pixel data (WADO-RS Retrieve Metadata). */
  seriesMetadata(studyUid: string, seriesUid: string): Promise<Instance[]> {
    return this.#http.get(`/dicomweb/studies/${studyUid}/series/${seriesUid}/metadata`);
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

  rules(): Promise<{ items: ChapterLine[] }> {
    return this.#http.get(`${ROOT}/rules`);
  }

  chapter(kind: string): Promise<Chapter> {
    return this.#http.get(`${ROOT}/rules/${kind}`);
  }

  previewRules(kind: string, content: Content): Promise<RulesPreview> {
    return this.#http.post(`${ROOT}/rules/${kind}/preview`, { content });
  }

  publishRules(kind: string, edition: NewEdition): Promise<Edition> {
    return this.#http.post(`${ROOT}/rules/${kind}`, edition);
  }

  quarantine(query: Query = {}, signal?: AbortSignal): Promise<Page<Quarantined>> {
    return this.#http.get(`${ROOT}/quarantine`, query, signal);
  }

  quarantined(id: number): Promise<QuarantineDetail> {
    return this.#http.get(`${ROOT}/quarantine/${id}`);
  }

  resolveQuarantined(id: number, order: DecisionOrder): Promise<QuarantineDetail> {
    return this.#http.post(`${ROOT}/quarantine/${id}/resolve`, order);
  }

  /** One decision for all that waits of a study or a device; to be called again while something is left. */
  resolveAll(order: DecisionOrder & { study_instance_uid?: string; ae_title?: string }): Promise<BulkOutcome> {
    return this.#http.post(`${ROOT}/quarantine/resolve`, order);
  }

  reopenQuarantined(id: number, note: string): Promise<QuarantineDetail> {
    return this.#http.post(`${ROOT}/quarantine/${id}/reopen`, { note });
  }

  /** What clinics are asked to send anew; a clinic gets its own. */
  resendRequests(): Promise<Page<ResendRequest>> {
    return this.#http.get(`${ROOT}/resend-requests`);
  }

  patients(query: Query, signal?: AbortSignal): Promise<Page<PatientRow>> {
    return this.#http.get(`${ROOT}/patients`, query, signal);
  }

  person(id: number): Promise<WholePerson> {
    return this.#http.get(`${ROOT}/patients/${id}`);
  }

  candidates(query: Query, signal?: AbortSignal): Promise<Page<Candidate>> {
    return this.#http.get(`${ROOT}/patients/candidates`, query, signal);
  }

  proposeMerge(proposal: { first: number; second: number; note: string }): Promise<Candidate> {
    return this.#http.post(`${ROOT}/patients/candidates`, proposal);
  }

  tellApart(pair: number, note: string): Promise<Candidate> {
    return this.#http.post(`${ROOT}/patients/candidates/${pair}/different`, { note });
  }

  mergePatients(survivor: number, merged: number, reason: string): Promise<Merge> {
    return this.#http.post(`${ROOT}/patients/${survivor}/merge`, { merged, reason });
  }

  undoMerge(merge: number, reason: string, different: boolean): Promise<Merge> {
    return this.#http.post(`${ROOT}/patients/merges/${merge}/undo`, { reason, different });
  }

  /** What a reader's viewer may fetch while he looks at the images of this task. */
  fetchPlan(taskId: number): Promise<FetchPlan> {
    return this.#http.get(`${ROOT}/tasks/${taskId}/prefetch`);
  }

  /** The earlier studies of the study's person, of all clinics; for the county's people. */
  priors(studyUid: string): Promise<{ items: Prior[] }> {
    return this.#http.get(`${ROOT}/studies/${studyUid}/priors`);
  }

  criticalCases(query: Query, signal?: AbortSignal): Promise<Page<CriticalCase>> {
    return this.#http.get(`${ROOT}/critical-cases`, query, signal);
  }

  criticalCase(id: number): Promise<CriticalDetail> {
    return this.#http.get(`${ROOT}/critical-cases/${id}`);
  }

  /** A clinic suspects; a physician's word confirms it, and the clinic is told. */
  raiseCritical(order: { study_instance_uid: string; code: string; finding: string; told?: Told }): Promise<CriticalDetail> {
    return this.#http.post(`${ROOT}/critical-cases`, order);
  }

  criticalStep(id: number, step: string, body: object): Promise<CriticalDetail> {
    return this.#http.post(`${ROOT}/critical-cases/${id}/${step}`, body);
  }

  /** The county's lists of critical findings for a modality. */
  criticalIndicators(span: Query): Promise<{ items: readonly CriticalIndicator[] }> {
    return this.#http.get(`${ROOT}/critical-indicators`, span);
  }

  countedCases(query: Query): Promise<Page<CountedCase>> {
    return this.#http.get(`${ROOT}/critical-indicators/cases`, query);
  }

  criticalLists(modality: string): Promise<{ items: FindingList[] }> {
    return this.#http.get(`${ROOT}/critical-lists`, { modality });
  }

  /** What may be used for the exam of a task, what fits best first. */
  templatesFor(task: number): Promise<Page<FittingTemplate>> {
    return this.#http.get(`${ROOT}/templates`, { for_task: task });
  }

  templates(): Promise<Page<FittingTemplate>> {
    return this.#http.get(`${ROOT}/templates`);
  }

  createTemplate(order: PlaceOrder & { key?: string; content: TemplateContent }): Promise<Template> {
    return this.#http.post(`${ROOT}/templates`, order);
  }

  changeTemplate(id: string, content: TemplateContent, version: number): Promise<Template> {
    return this.#http.put(`${ROOT}/templates/${id}`, { content, version });
  }

  copyTemplate(id: string, place: PlaceOrder): Promise<Template> {
    return this.#http.post(`${ROOT}/templates/${id}/copy`, place);
  }

  withdrawTemplate(id: string): Promise<void> {
    return this.#http.send('DELETE', `${ROOT}/templates/${id}`);
  }

  phrases(query: Query): Promise<Page<Phrase>> {
    return this.#http.get(`${ROOT}/phrases`, query);
  }

  createPhrase(order: PlaceOrder & PhraseWords): Promise<Phrase> {
    return this.#http.post(`${ROOT}/phrases`, order);
  }

  changePhrase(id: string, words: PhraseWords): Promise<Phrase> {
    return this.#http.put(`${ROOT}/phrases/${id}`, words);
  }

  deletePhrase(id: string): Promise<void> {
    return this.#http.send('DELETE', `${ROOT}/phrases/${id}`);
  }

  phraseUsed(id: string): Promise<void> {
    return this.#http.post(`${ROOT}/phrases/${id}/used`);
  }

  roster(week: string): Promise<Roster> {
    return this.#http.get(`${ROOT}/roster`, { week });
  }

  putShift(user: string, kind: number, day: string): Promise<Shift> {
    return this.#http.put(`${ROOT}/roster/shifts`, { user, kind, day });
  }

  dropShift(id: number): Promise<void> {
    return this.#http.send('DELETE', `${ROOT}/roster/shifts/${id}`);
  }

  swapShift(id: number, to: string, reason: string): Promise<Shift> {
    return this.#http.post(`${ROOT}/roster/shifts/${id}/swap`, { to, reason });
  }

  copyWeek(source: string, target: string): Promise<{ put: number }> {
    return this.#http.post(`${ROOT}/roster/copy`, { source, target });
  }

  saveShiftKind(order: KindOrder, id: number | null): Promise<ShiftKind> {
    const path = `${ROOT}/roster/kinds`;
    return id === null ? this.#http.post(path, order) : this.#http.put(`${path}/${id}`, order);
  }

  retireShiftKind(id: number): Promise<ShiftKind> {
    return this.#http.post(`${ROOT}/roster/kinds/${id}/retire`);
  }

  addAbsence(order: Omit<Absence, 'id'>): Promise<Absence> {
    return this.#http.post(`${ROOT}/roster/absences`, order);
  }

  endAbsence(id: number): Promise<void> {
    return this.#http.send('DELETE', `${ROOT}/roster/absences/${id}`);
  }

  rosterSheetUrl(first: string, last: string): string {
    return `${ROOT}/roster/sheet?first=${first}&last=${last}`;
  }

  /** A roster in CSV, its bytes as they are: the server knows the encodings of spreadsheets. */
  takeRosterSheet(content: Blob): Promise<{ put: number; dropped: number }> {
    return this.#http.sendBlob('POST', `${ROOT}/roster/sheet`, content, 'text/csv');
  }

  licences(): Promise<{ items: Licence[]; editable: boolean }> {
    return this.#http.get(`${ROOT}/qualifications`);
  }

  saveLicence(order: LicenceOrder, id: number | null): Promise<Licence> {
    const path = `${ROOT}/qualifications`;
    return id === null ? this.#http.post(path, order) : this.#http.put(`${path}/${id}`, order);
  }

  endLicence(id: number, reason: string): Promise<Licence> {
    return this.#http.post(`${ROOT}/qualifications/${id}/end`, { reason });
  }

  devices(): Promise<DevicePage> {
    return this.#http.get(`${ROOT}/admin/devices`);
  }

  addDevice(aeTitle: string, rules: Partial<DeviceRules>): Promise<Device> {
    return this.#http.post(`${ROOT}/admin/devices`, { ae_title: aeTitle, ...rules });
  }

  changeDevice(id: number, rules: Partial<DeviceRules>): Promise<Device> {
    return this.#http.send('PATCH', `${ROOT}/admin/devices/${id}`, rules);
  }

  unknownCallers(): Promise<Page<UnknownCaller>> {
    return this.#http.get(`${ROOT}/unknown-callers`);
  }

  /** Without rules: as the server guesses. */
  acceptCaller(id: number, rules: Partial<DeviceRules> = {}): Promise<Device> {
    return this.#http.post(`${ROOT}/unknown-callers/${id}/accept`, rules);
  }

  beginUpload(institution: string): Promise<Upload> {
    return this.#http.post(`${ROOT}/uploads`, { institution });
  }

  completeUpload(id: string): Promise<Upload> {
    return this.#http.post(`${ROOT}/uploads/${id}/complete`);
  }

  /** How an upload stands; `items` are the files that were not taken or were kept aside. */
  upload(id: string): Promise<Upload> {
    return this.#http.get(`${ROOT}/uploads/${id}`, { aside: true });
  }

  #act<T>(id: number, action: string, body: object): Promise<T> {
    return this.#http.post(`${ROOT}/tasks/${id}/${action}`, body);
  }
}

/** Where the printable report is; a signed version never changes, so the version is part of the address. */
/** The saved draft on paper, as it would be printed when signed. */
export function draftPdf(task: number, lang: string): string {
  return `${ROOT}/tasks/${task}/draft/pdf?lang=${lang}`;
}

export function reportPdf(id: number, version?: number): string {
  return `${ROOT}/reports/${id}/pdf${version === undefined ? '' : `?version=${version}`}`;
}

/** Where the bytes of an object in quarantine are. */
export function quarantineObject(id: number): string {
  return `${ROOT}/quarantine/${id}/object`;
}
