import type { Http } from '../api/http.ts';
import type { Schemas } from '../api/routes.ts';
import type { Listed } from '../api/types.ts';

const ROOT = '/api/v1';

export type Outstanding = Schemas['OutstandingOut'];
export type Hook = Schemas['HookOut'];
export type HookOrder = Schemas['HookIn'];
export type NewHook = Schemas['NewKeyOut'];
export type Attempt = Schemas['AttemptOut'];
export type KeyMark = Schemas['KeyImagesMarkOut'];

/** Results on their way out, and the marks that go with them. */
export class ResultsApi {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  outstanding(): Promise<Listed<Outstanding>> {
    return this.#http.get(`${ROOT}/results/outstanding`);
  }

  hooks(): Promise<Listed<Hook>> {
    return this.#http.get(`${ROOT}/result-hooks`);
  }

  makeHook(body: HookOrder): Promise<NewHook> {
    return this.#http.post(`${ROOT}/result-hooks`, body);
  }

  pauseHook({ id, version }: Hook, paused: boolean): Promise<Hook> {
    return this.#http.patch(`${ROOT}/result-hooks/${id}`, { version, paused });
  }

  removeHook({ id }: Hook): Promise<void> {
    return this.#http.delete(`${ROOT}/result-hooks/${id}`);
  }

  testHook({ id }: Hook): Promise<Hook> {
    return this.#http.post(`${ROOT}/result-hooks/${id}/test`);
  }

  replay({ id }: Hook, after: number): Promise<Schemas['ReplayOut']> {
    return this.#http.post(`${ROOT}/result-hooks/${id}/replay`, { after });
  }

  changeKeys({ id }: Hook): Promise<NewHook> {
    return this.#http.post(`${ROOT}/result-hooks/${id}/keys`);
  }

  retireKey({ id }: Hook): Promise<Hook> {
    return this.#http.delete(`${ROOT}/result-hooks/${id}/keys/old`);
  }

  attempts(hook: number): Promise<Listed<Attempt>> {
    return this.#http.get(`${ROOT}/result-hooks/${hook}/attempts`);
  }

  marks(task: number): Promise<Listed<KeyMark>> {
    return this.#http.get(`${ROOT}/tasks/${task}/key-images`);
  }

  mark(task: number, sop_instance_uid: string, frame: number, note: string): Promise<Listed<KeyMark>> {
    return this.#http.put(`${ROOT}/tasks/${task}/key-images`, { sop_instance_uid, frame, note });
  }

  unmark(task: number, id: number): Promise<Listed<KeyMark>> {
    return this.#http.delete(`${ROOT}/tasks/${task}/key-images/${id}`);
  }
}
