import type { Http } from '../api/http.ts';
import type { Place } from '../api/persons-types.ts';
import type { Page, Patient, Priority, Sla, TaskState } from '../api/types.ts';

export const KINDS = ['chest_pain', 'stroke', 'trauma'] as const;
export type GreenKind = (typeof KINDS)[number];

export const MILESTONES = ['onset', 'call', 'depart', 'scene', 'hospital', 'treatment'] as const;
export type Milestone = (typeof MILESTONES)[number];

export interface GreenTask {
  id: number;
  study_instance_uid: string;
  state: TaskState;
  priority: Priority;
  modality: string;
  description: string;
  body_part: string;
  exam_started_at: string | null;
  ready_at: string;
  preliminary_at: string | null;
  signed_at: string | null;
  due_at: string;
  limit_at: string;
  regulatory_due_at: string | null;
  paused: boolean;
  sla: Sla;
}

export interface GreenCase extends Place {
  id: number;
  kind: GreenKind;
  patient: Patient;
  opened_at: string;
  opened_by: string;
  reason: string;
  closed_at: string | null;
  closed_by: string;
  close_reason: string;
  milestones: readonly { name: Milestone; at: string; recorded_by: string }[];
  missing: readonly Milestone[];
  studies: readonly GreenTask[];
}

const ROOT = '/api/v1/green-channel';

/** The calls of the green channel. */
export class GreenApi {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  cases(open: boolean): Promise<Page<GreenCase>> {
    return this.#http.get(`${ROOT}?open=${open}`);
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
