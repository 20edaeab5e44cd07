import type { Http } from '../../api/http.ts';
import type { Kind, Measurement, Point } from './kinds.ts';

export interface Drawing {
  sop_instance_uid: string;
  frame: number;
  kind: Kind;
  points: readonly Point[];
  label: string;
  for_clinic: boolean;
}

export interface Change {
  points?: readonly Point[];
  label?: string;
  for_clinic?: boolean;
}

export interface MeasurementList {
  items: readonly Measurement[];
  may_measure: boolean;
}

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
    return this.#http.send('DELETE', `${root(study)}/${id}?version=${version}`);
  }
}

function root(study: string): string {
  return `/api/v1/studies/${study}/measurements`;
}
