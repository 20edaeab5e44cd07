import type {
  Account,
  AccountChange,
  AccountHelp,
  AccountLine,
  AccountList,
  AccountOrder,
  ApiKey,
  AuditFound,
  AuditSearch,
  AuditState,
  Elsewhere,
  Emergency,
  Enrolled,
  Enrolment,
  FirstPassword,
  GlassOutcome,
  KeyOrder,
  Methods,
  OpenSession,
  PatientKnown,
  RecoveryCodes,
  Share,
  ShareOrder,
  ShownKey,
  ShownShare,
  Visit,
} from '../api/account-types.ts';
import type { Http } from '../api/http.ts';
import type { Listed, Session } from '../api/types.ts';

const ROOT = '/api/v1';

/** Accounts, keys, emergencies, links and the audit trail. */
export class AccountApi {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  methods(): Promise<Methods> {
    return this.#http.get(`${ROOT}/session/methods`);
  }

  exchange(ticket: string): Promise<Session> {
    return this.#http.post(`${ROOT}/session/sign-on`, { ticket });
  }

  mask(): Promise<Session> {
    return this.#http.post(`${ROOT}/session/mask`);
  }

  account(): Promise<Account> {
    return this.#http.get(`${ROOT}/account`);
  }

  changePassword(password: string, new_password: string): Promise<Session> {
    return this.#http.post(`${ROOT}/account/password`, { password, new_password });
  }

  beginSecondFactor(password: string): Promise<Enrolment> {
    return this.#http.post(`${ROOT}/account/second-factor`, { password });
  }

  confirmSecondFactor(code: string): Promise<Enrolled> {
    return this.#http.post(`${ROOT}/account/second-factor/confirm`, { code });
  }

  removeSecondFactor(password: string, code: string): Promise<Session> {
    return this.#http.post(`${ROOT}/account/second-factor/remove`, { password, code });
  }

  renewRecoveryCodes(password: string, code: string): Promise<RecoveryCodes> {
    return this.#http.post(`${ROOT}/account/recovery-codes`, { password, code });
  }

  sessions(): Promise<Listed<OpenSession>> {
    return this.#http.get(`${ROOT}/account/sessions`);
  }

  endSession(id: number): Promise<void> {
    return this.#http.delete(`${ROOT}/account/sessions/${id}`);
  }

  endAllSessions(): Promise<void> {
    return this.#http.delete(`${ROOT}/account/sessions`);
  }

  users(): Promise<AccountList> {
    return this.#http.get(`${ROOT}/admin/users`);
  }

  createUser(body: AccountOrder): Promise<FirstPassword> {
    return this.#http.post(`${ROOT}/admin/users`, body);
  }

  changeUser(username: string, body: AccountChange): Promise<AccountLine> {
    return this.#http.patch(`${ROOT}/admin/users/${encodeURIComponent(username)}`, body);
  }

  helpUser(username: string, step: AccountHelp): Promise<AccountLine> {
    return this.#http.post(`${ROOT}/admin/users/${encodeURIComponent(username)}/${step}`);
  }

  resetPassword(username: string): Promise<FirstPassword> {
    return this.#http.post(`${ROOT}/admin/users/${encodeURIComponent(username)}/reset-password`);
  }

  keys(): Promise<Listed<ApiKey>> {
    return this.#http.get(`${ROOT}/admin/api-keys`);
  }

  createKey(body: KeyOrder): Promise<ShownKey> {
    return this.#http.post(`${ROOT}/admin/api-keys`, body);
  }

  rotateKey(id: number): Promise<ShownKey> {
    return this.#http.post(`${ROOT}/admin/api-keys/${id}/rotate`, {});
  }

  revokeKey(id: number): Promise<ApiKey> {
    return this.#http.post(`${ROOT}/admin/api-keys/${id}/revoke`);
  }

  emergencies(): Promise<Listed<Emergency>> {
    return this.#http.get(`${ROOT}/emergencies`);
  }

  searchElsewhere(body: PatientKnown): Promise<Listed<Elsewhere>> {
    return this.#http.post(`${ROOT}/emergencies/search`, body);
  }

  openEmergency(study_instance_uid: string, reason: string): Promise<Emergency> {
    return this.#http.post(`${ROOT}/emergencies`, { study_instance_uid, reason });
  }

  endEmergency(id: number): Promise<Emergency> {
    return this.#http.post(`${ROOT}/emergencies/${id}/end`);
  }

  reviewEmergency(id: number, outcome: GlassOutcome, note: string): Promise<Emergency> {
    return this.#http.post(`${ROOT}/emergencies/${id}/review`, { outcome, note });
  }

  shares(): Promise<Listed<Share>> {
    return this.#http.get(`${ROOT}/shares`);
  }

  share(study: string, body: ShareOrder): Promise<ShownShare> {
    return this.#http.post(`${ROOT}/studies/${encodeURIComponent(study)}/shares`, body);
  }

  revokeShare(id: number): Promise<Share> {
    return this.#http.post(`${ROOT}/shares/${id}/revoke`);
  }

  visit(token: string, passcode: string): Promise<Visit> {
    return this.#http.post(`${ROOT}/shared`, { token, passcode });
  }

  searchAudit(body: AuditSearch): Promise<AuditFound> {
    return this.#http.post(`${ROOT}/audit/search`, body);
  }

  auditState(): Promise<AuditState> {
    return this.#http.get(`${ROOT}/audit/state`);
  }
}

/** The file opens by the session's cookie. */
export function auditFile(query: Readonly<Record<string, string>>): string {
  return `${ROOT}/audit/export?${new URLSearchParams(query).toString()}`;
}
