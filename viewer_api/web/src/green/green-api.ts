import type { Http } from '../api/http.ts';
import type { Schemas } from '../api/routes.ts';
import type { Page } from '../api/types.ts';

export type GreenKind = Schemas['Kind'];
export const KINDS: readonly GreenKind[] = ['chest_pain', 'stroke', 'trauma'];

export type Milestone = Schemas['Milestone'];
export const MILESTONES: readonly Milestone[] = ['onset', 'call', 'depart', 'scene', 'hospital', 'treatment'];

export type GreenTask = Schemas['CaseTaskOut'];
export type GreenCase = Schemas['GreenChannelCaseOut'];

const ROOT = '/api/v1/green-channel';

/** The calls of the green channel. */
export class GreenApi {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  cases(open: boolean): Promise<Page<GreenCase>> {
    return this.#http.get(ROOT, { open: open ? 'true' : 'false' });
  }

  start(study_instance_uid: string, kind: GreenKind, reason: string): Promise<GreenCase> {
    return this.#http.post(ROOT, { study_instance_uid, kind, reason });
  }

  tell(id: number, name: Milestone, at: string): Promise<GreenCase> {
    return this.#http.post(`${ROOT}/${id}/milestones`, { name, at });
  }

  end(id: number, reason: string): Promise<GreenCase> {
    return this.#http.post(`${ROOT}/${id}/close`, { reason });
  }
}
