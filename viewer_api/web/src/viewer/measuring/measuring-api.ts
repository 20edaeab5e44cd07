import type { Http } from '../../api/http.ts';
import type { Schemas } from '../../api/routes.ts';
import type { Measurement } from './kinds.ts';

export type Drawing = Required<Schemas['MeasurementIn']>;
export type Change = Partial<Pick<Drawing, 'points' | 'label' | 'for_clinic'>>;
export type MeasurementList = Schemas['MeasurementList'];

/** The measurements of studies; every change names the version that it is a change of. */
export class MeasuringApi {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  list(study: string): Promise<MeasurementList> {
    return this.#http.get(root(study));
  }

  add(study: string, drawing: Drawing): Promise<Measurement> {
    return this.#http.post(root(study), drawing);
  }

  change(study: string, { id, version }: Measurement, change: Change): Promise<Measurement> {
    return this.#http.put(`${root(study)}/${id}`, { version, ...change });
  }

  remove(study: string, { id, version }: Measurement): Promise<void> {
    return this.#http.delete(`${root(study)}/${id}`, { version });
  }
}

function root(study: string): `/api/v1/studies/${string}/measurements` {
  return `/api/v1/studies/${study}/measurements`;
}
