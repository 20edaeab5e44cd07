import type {
  CaseStepBody,
  CaseStepName,
  CountedCase,
  CriticalCase,
  CriticalDetail,
  CriticalIndicator,
  FindingList,
  RaiseOrder,
} from '../api/critical-types.ts';
import type { Http, Query } from '../api/http.ts';
import type { Listed, Page } from '../api/types.ts';

const ROOT = '/api/v1';

/** Critical values, from suspicion to the end. */
export class CriticalApi {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  criticalCases(query: Query, signal?: AbortSignal): Promise<Page<CriticalCase>> {
    return this.#http.get(`${ROOT}/critical-cases`, query, signal);
  }

  criticalCase(id: number): Promise<CriticalDetail> {
    return this.#http.get(`${ROOT}/critical-cases/${id}`);
  }

  /** A clinic suspects; a physician's word confirms it, and the clinic is told. */
  raiseCritical(order: RaiseOrder): Promise<CriticalDetail> {
    return this.#http.post(`${ROOT}/critical-cases`, order);
  }

  criticalStep(id: number, step: CaseStepName, body: CaseStepBody): Promise<CriticalDetail> {
    return this.#http.post(`${ROOT}/critical-cases/${id}/${step}`, body);
  }

  /** The county's lists of critical findings for a modality. */
  criticalIndicators(span: Query): Promise<Listed<CriticalIndicator>> {
    return this.#http.get(`${ROOT}/critical-indicators`, span);
  }

  countedCases(query: Query): Promise<Page<CountedCase>> {
    return this.#http.get(`${ROOT}/critical-indicators/cases`, query);
  }

  criticalLists(modality: string): Promise<Listed<FindingList>> {
    return this.#http.get(`${ROOT}/critical-lists`, { modality });
  }
}
