import type { Http } from '../api/http.ts';
import type { Ecg } from './ecg-types.ts';
import { unpack, type Samples } from './samples.ts';

/** ECGs of a study: what was measured, and the samples. */
export class EcgApi {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  async ofStudy(studyUid: string, signal?: AbortSignal): Promise<Ecg[]> {
    const { items } = await this.#http.get<{ items: Ecg[] }>(`/api/v1/studies/${studyUid}/ecg`, {}, signal);
    return items;
  }

  /** `seconds` of the record from `start` on. */
  async samples(ecg: Ecg, start: number, seconds: number, signal?: AbortSignal): Promise<Samples> {
    return unpack(await this.#http.getBytes(ecg.samples_url, { start_s: String(start), seconds }, signal));
  }
}
