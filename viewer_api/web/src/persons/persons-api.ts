import type { Http } from '../api/http.ts';
import type { QueryOf } from '../api/routes.ts';
import type { Candidate, Merge, PatientRow, WholePerson } from '../api/persons-types.ts';
import type { Page } from '../api/types.ts';

const ROOT = '/api/v1';

/** Patients, and which of them are one person. */
export class PersonsApi {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  patients(query: QueryOf<'GET', '/api/v1/patients'>, signal?: AbortSignal): Promise<Page<PatientRow>> {
    return this.#http.get(`${ROOT}/patients`, query, signal);
  }

  person(id: number): Promise<WholePerson> {
    return this.#http.get(`${ROOT}/patients/${id}`);
  }

  candidates(query: QueryOf<'GET', '/api/v1/patients/candidates'>, signal?: AbortSignal): Promise<Page<Candidate>> {
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
}
