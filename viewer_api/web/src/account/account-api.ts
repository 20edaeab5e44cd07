import type {
  Account,
  AccountLine,
  AccountList,
  ApiKey,
  AuditLine,
  AuditState,
  Elsewhere,
  Emergency,
  Enrolled,
  Enrolment,
  FirstPassword,
  OpenSession,
  Share,
  ShownKey,
  Visit,
} from '../api/account-types.ts';
import type { Http } from '../api/http.ts';
import type { Session } from '../api/types.ts';

const ROOT = '/api/v1';

interface Listed<T> {
  items: readonly T[];
}

/** Accounts, keys, emergencies, links and the audit trail. */
export class AccountApi {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  methods(): Promise<{ single_sign_on: boolean }> {
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

  renewRecoveryCodes(password: string, code: string): Promise<{ recovery_codes: readonly string[] }> {
    return this.#http.post(`${ROOT}/account/recovery-codes`, { password, code });
  }

  sessions(): Promise<Listed<OpenSession>> {
    return this.#http.get(`${ROOT}/account/sessions`);
  }

  endSession(id: number): Promise<void> {
    return this.#http.send('DELETE', `${ROOT}/account/sessions/${id}`);
  }

  endAllSessions(): Promise<void> {
    return this.#http.send('DELETE', `${ROOT}/account/sessions`);
  }

  users(): Promise<AccountList> {
    return this.#http.get(`${ROOT}/admin/users`);
  }

  createUser(body: object): Promise<FirstPassword> {
    return this.#http.post(`${ROOT}/admin/users`, body);
  }

  changeUser(username: string, body: object): Promise<AccountLine> {
    return this.#http.send('PATCH', `${ROOT}/admin/users/${encodeURIComponent(username)}`, body);
  }

  /** One of `unlock`, `end-sessions`, `reset-second-factor`. */
  helpUser(username: string, step: string): Promise<AccountLine> {
    return this.#http.post(`${ROOT}/admin/users/${encodeURIComponent(username)}/${step}`);
  }

  resetPassword(username: string): Promise<FirstPassword> {
    return this.#http.post(`${ROOT}/admin/users/${encodeURIComponent(username)}/reset-password`);
  }

  keys(): Promise<Listed<ApiKey>> {
    return this.#http.get(`${ROOT}/admin/api-keys`);
  }

  createKey(body: object): Promise<ShownKey> {
    return this.#http.post(`${ROOT}/admin/api-keys`, body);
  }

  rotateKey(id: number): Promise<ShownKey> {
    return this.#http.post(`${ROOT}/admin/api-keys/${id}/rotate`);
  }

  revokeKey(id: number): Promise<ApiKey> {
    return this.#http.post(`${ROOT}/admin/api-keys/${id}/revoke`);
  }

  emergencies(): Promise<Listed<Emergency>> {
    return this.#http.get(`${ROOT}/emergencies`);
  }

  searchElsewhere(body: object): Promise<Listed<Elsewhere>> {
    return this.#http.post(`${ROOT}/emergencies/search`, body);
  }

  openEmergency(study_instance_uid: string, reason: string): Promise<Emergency> {
    return this.#http.post(`${ROOT}/emergencies`, { study_instance_uid, reason });
  }

  endEmergency(id: number): Promise<Emergency> {
    return this.#http.post(`${ROOT}/emergencies/${id}/end`);
  }

  reviewEmergency(id: number, outcome: string, note: string): Promise<Emergency> {
    return this.#http.post(`${ROOT}/emergencies/${id}/review`, { outcome, note });
  }

  shares(): Promise<Listed<Share>> {
    return this.#http.get(`${ROOT}/shares`);
  }

  share(study: string, body: object): Promise<{ share: Share; path: string }> {
    return this.#http.post(`${ROOT}/studies/${encodeURIComponent(study)}/shares`, body);
  }

  revokeShare(id: number): Promise<Share> {
    return this.#http.post(`${ROOT}/shares/${id}/revoke`);
  }

  visit(token: string, passcode: string): Promise<Visit> {
    return this.#http.post(`${ROOT}/shared`, { token, passcode });
  }

  searchAudit(body: object): Promise<{ items: readonly AuditLine[]; next: number | null }> {
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
