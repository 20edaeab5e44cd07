import type { Http } from '../api/http.ts';
import type { QueryOf } from '../api/routes.ts';
import type { BulkOrder, BulkOutcome, DecisionOrder, Quarantined, QuarantineDetail, ResendRequest } from '../api/quarantine-types.ts';
import type { Page } from '../api/types.ts';

const ROOT = '/api/v1';

/** What was kept aside for a person to decide on. */
export class QuarantineApi {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  quarantine(query?: QueryOf<'GET', '/api/v1/quarantine'>, signal?: AbortSignal): Promise<Page<Quarantined>> {
    return this.#http.get(`${ROOT}/quarantine`, query, signal);
  }

  quarantined(id: number): Promise<QuarantineDetail> {
    return this.#http.get(`${ROOT}/quarantine/${id}`);
  }

  resolveQuarantined(id: number, order: DecisionOrder): Promise<QuarantineDetail> {
    return this.#http.post(`${ROOT}/quarantine/${id}/resolve`, order);
  }

  /** One decision for all that waits of a study or a device; to be called again while something is left. */
  resolveAll(order: BulkOrder): Promise<BulkOutcome> {
    return this.#http.post(`${ROOT}/quarantine/resolve`, order);
  }

  reopenQuarantined(id: number, note: string): Promise<QuarantineDetail> {
    return this.#http.post(`${ROOT}/quarantine/${id}/reopen`, { note });
  }

  /** What clinics are asked to send anew; a clinic gets its own. */
  resendRequests(): Promise<Page<ResendRequest>> {
    return this.#http.get(`${ROOT}/resend-requests`);
  }
}

/** Where the bytes of an object in quarantine are. */
export function quarantineObject(id: number): string {
  return `${ROOT}/quarantine/${id}/object`;
}
