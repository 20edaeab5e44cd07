import type { Http } from '../api/http.ts';
import type { Schemas } from '../api/routes.ts';
import type { Page } from '../api/types.ts';

export type Referral = Schemas['ReferralOut'];
export type ReferralState = Schemas['ReferralState'];
export type ReferralStep = Exclude<Schemas['ReferralAction'], 'open'>;

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
    return this.#http.get(ROOT, { running: running ? 'true' : 'false' });
  }

  send(study_instance_uid: string, reason: string, destination: string): Promise<Referral> {
    return this.#http.post(ROOT, { study_instance_uid, reason, destination });
  }

  step(id: number, step: ReferralStep, words: string): Promise<Referral> {
    return this.#http.post(`${ROOT}/${id}/${step}`, { words });
  }
}
