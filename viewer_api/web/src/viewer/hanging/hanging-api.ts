import type { Http } from '../../api/http.ts';
import type { Schemas } from '../../api/routes.ts';

/** What goes into a cell; see `reading_queue/hanging/chapter.py`. */
export type HangingCell = Schemas['HangingCell'];
export type HangingStep = Schemas['HangingStep'];
export type Condition = Schemas['Condition'];
export type Protocol = Schemas['Protocol'];
export type OwnHanging = Schemas['OwnOut'];
export type Hanging = Schemas['HangingOut'];

const ROOT = '/api/v1/hanging';

/** Hanging protocols over HTTP. */
export class HangingApi {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  show(): Promise<Hanging> {
    return this.#http.get(ROOT);
  }

  save(modality: string, bodyPart: string, step: HangingStep): Promise<Hanging> {
    return this.#http.put(`${ROOT}/own`, { modality, body_part: bodyPart, step });
  }

  remove(id: number): Promise<Hanging> {
    return this.#http.delete(`${ROOT}/own/${id}`);
  }
}
