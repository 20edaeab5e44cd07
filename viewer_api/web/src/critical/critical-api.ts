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
import type { Http } from '../api/http.ts';
import type { QueryOf } from '../api/routes.ts';
import type { Listed, Page } from '../api/types.ts';

const ROOT = '/api/v1';

/** Critical values, from suspicion to the end. */
export class CriticalApi {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  criticalCases(query: QueryOf<'GET', '/api/v1/critical-cases'>, signal?: AbortSignal): Promise<Page<CriticalCase>> {
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
  criticalIndicators(span: QueryOf<'GET', '/api/v1/critical-indicators'>): Promise<Listed<CriticalIndicator>> {
    return this.#http.get(`${ROOT}/critical-indicators`, span);
  }

  countedCases(query: QueryOf<'GET', '/api/v1/critical-indicators/cases'>): Promise<Page<CountedCase>> {
    return this.#http.get(`${ROOT}/critical-indicators/cases`, query);
  }

  criticalLists(modality: string): Promise<Listed<FindingList>> {
    return this.#http.get(`${ROOT}/critical-lists`, { modality });
  }
}
