import type { Http } from '../api/http.ts';
import type { Place } from '../api/persons-types.ts';
import type { Page, Patient } from '../api/types.ts';

export type ReferralState = 'open' | 'accepted' | 'arrived' | 'fed_back' | 'cancelled';
export type ReferralStep = 'accept' | 'arrive' | 'feed_back' | 'cancel';

export interface Referral extends Place {
  id: number;
  state: ReferralState;
  study_instance_uid: string;
  modality: string;
  patient: Patient;
  reason: string;
  destination: string;
  opened_at: string;
  end_due_at: string;
  unanswered_at: string | null;
  overdue_at: string | null;
  events: readonly { action: ReferralStep | 'open'; at: string; actor: string; words: string }[];
}

const ROOT = '/api/v1/referrals';

/** What may follow, for those who take patients and for the clinic that sent one. */
export function stepsFrom(state: ReferralState, takes: boolean): readonly ReferralStep[] {
  const steps: Readonly<Record<ReferralState, readonly ReferralStep[]>> = {
    open: ['accept', 'arrive', 'cancel'],
    accepted: ['arrive', 'feed_back', 'cancel'],
    arrived: ['feed_back'],
    fed_back: [],
    cancelled: [],
  };
  return takes ? steps[state] : steps[state].filter((step) => step === 'arrive' || step === 'cancel');
}

/** The calls of referrals. */
export class ReferralsApi {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  list(running: boolean): Promise<Page<Referral>> {
    return this.#http.get(`${ROOT}?running=${running}`);
  }

  send(study_instance_uid: string, reason: string, destination: string): Promise<Referral> {
    return this.#http.post(ROOT, { study_instance_uid, reason, destination });
  }

  step(id: number, step: ReferralStep, words: string): Promise<Referral> {
    return this.#http.post(`${ROOT}/${id}/${step}`, { words });
  }
}
