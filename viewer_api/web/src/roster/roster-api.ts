import type { Http } from '../api/http.ts';
import type { Absence, AbsenceOrder, KindOrder, Licence, LicenceOrder, Roster, Shift, ShiftKind } from '../api/roster-types.ts';

const ROOT = '/api/v1';

/** Rosters, absences and qualifications. */
export class RosterApi {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  roster(week: string): Promise<Roster> {
    return this.#http.get(`${ROOT}/roster`, { week });
  }

  putShift(user: string, kind: number, day: string): Promise<Shift> {
    return this.#http.put(`${ROOT}/roster/shifts`, { user, kind, day });
  }

  dropShift(id: number): Promise<void> {
    return this.#http.delete(`${ROOT}/roster/shifts/${id}`);
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

  addAbsence(order: AbsenceOrder): Promise<Absence> {
    return this.#http.post(`${ROOT}/roster/absences`, order);
  }

  endAbsence(id: number): Promise<void> {
    return this.#http.delete(`${ROOT}/roster/absences/${id}`);
  }

  rosterSheetUrl(first: string, last: string): string {
    return `${ROOT}/roster/sheet?first=${first}&last=${last}`;
  }

  /** A roster in CSV, its bytes as they are: the server knows the encodings of spreadsheets. */
  takeRosterSheet(content: Blob): Promise<{ put: number; dropped: number }> {
    return this.#http.sendBlob(`${ROOT}/roster/sheet`, content, 'text/csv');
  }

  licences(): Promise<{ readonly items: readonly Licence[]; readonly editable: boolean }> {
    return this.#http.get(`${ROOT}/qualifications`);
  }

  saveLicence(order: LicenceOrder, id: number | null): Promise<Licence> {
    const path = `${ROOT}/qualifications`;
    return id === null ? this.#http.post(path, order) : this.#http.put(`${path}/${id}`, order);
  }

  endLicence(id: number, reason: string): Promise<Licence> {
    return this.#http.post(`${ROOT}/qualifications/${id}/end`, { reason });
  }
}
