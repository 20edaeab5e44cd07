import type { Http } from '../api/http.ts';
import type { Patient } from '../api/types.ts';

const ROOT = '/api/v1';

export interface Outstanding {
  seq: number;
  institution: string;
  institution_name: string;
  institution_name_en: string;
  study_instance_uid: string;
  report_id: number;
  version: number;
  modality: string;
  description: string;
  patient: Patient;
  created_at: string;
  hours: number;
}

export interface Hook {
  id: number;
  version: number;
  institution: string;
  institution_name: string;
  institution_name_en: string;
  name: string;
  url: string;
  wanted: readonly string[];
  paused: boolean;
  paused_because: string;
  key_id: string;
  old_key_id: string;
  delivered_seq: number;
  delivered_at: string | null;
  waiting: number;
  failing_since: string | null;
  next_try_at: string | null;
  attempts: number;
  last_error: string;
}

export interface Attempt {
  id: number;
  seq: number;
  at: string;
  milliseconds: number;
  status: number | null;
  error: string;
}

export interface KeyMark {
  id: number;
  sop_instance_uid: string;
  frame: number;
  note: string;
  picture: string;
}

/** Results on their way out, and the marks that go with them. */
export class ResultsApi {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  outstanding(): Promise<{ items: readonly Outstanding[] }> {
    return this.#http.get(`${ROOT}/results/outstanding`);
  }

  hooks(): Promise<{ items: readonly Hook[] }> {
    return this.#http.get(`${ROOT}/result-hooks`);
  }

  makeHook(body: object): Promise<Hook & { secret: string }> {
    return this.#http.post(`${ROOT}/result-hooks`, body);
  }

  pauseHook({ id, version }: Hook, paused: boolean): Promise<Hook> {
    return this.#http.send('PATCH', `${ROOT}/result-hooks/${id}`, { version, paused });
  }

  removeHook({ id }: Hook): Promise<void> {
    return this.#http.send('DELETE', `${ROOT}/result-hooks/${id}`);
  }

  testHook({ id }: Hook): Promise<Hook> {
    return this.#http.post(`${ROOT}/result-hooks/${id}/test`);
  }

  replay({ id }: Hook, after: number): Promise<{ results: number }> {
    return this.#http.post(`${ROOT}/result-hooks/${id}/replay`, { after });
  }

  changeKeys({ id }: Hook): Promise<Hook & { secret: string }> {
    return this.#http.post(`${ROOT}/result-hooks/${id}/keys`);
  }

  retireKey({ id }: Hook): Promise<Hook> {
    return this.#http.send('DELETE', `${ROOT}/result-hooks/${id}/keys/old`);
  }

  attempts(hook: number): Promise<{ items: readonly Attempt[] }> {
    return this.#http.get(`${ROOT}/result-hooks/${hook}/attempts`);
  }

  marks(task: number): Promise<{ items: readonly KeyMark[] }> {
    return this.#http.get(`${ROOT}/tasks/${task}/key-images`);
  }

  mark(task: number, sop_instance_uid: string, frame: number, note: string): Promise<{ items: readonly KeyMark[] }> {
    return this.#http.put(`${ROOT}/tasks/${task}/key-images`, { sop_instance_uid, frame, note });
  }

  unmark(task: number, id: number): Promise<{ items: readonly KeyMark[] }> {
    return this.#http.send('DELETE', `${ROOT}/tasks/${task}/key-images/${id}`);
  }
}
