import type { Http } from '../../api/http.ts';
import type { Schemas } from '../../api/routes.ts';

/** What goes into a cell; see `reading_queue/hanging/vocabulary.py`. */
export type HangingCell = Schemas['HangingCell'];
export type HangingStep = Schemas['HangingStep'];
export type Condition = Schemas['Condition'];
export type Protocol = Schemas['Protocol'];
/** As they were last saved. */
export type OwnRules = Schemas['OwnOut'];
/** A stored rule that hangs nothing: this release does not read it any more. */
export type LeftOutRule = Schemas['LeftOutRule'];
export type Hanging = Schemas['HangingOut'];
export type Side = HangingCell['laterality'];
/** Cells of one group scroll together. */
export type Group = HangingCell['group'];

const ROOT = '/api/v1/hanging';

/** Rules for hanging over HTTP. */
export class HangingApi {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  show(): Promise<Hanging> {
    return this.#http.get(ROOT);
  }

  /** All of one's own in place of version `version`. */
  save(own: Schemas['OwnIn']): Promise<Hanging> {
    return this.#http.put(`${ROOT}/own`, own);
  }

  /** Back to the county's. */
  drop(): Promise<Hanging> {
    return this.#http.delete(`${ROOT}/own`);
  }
}
