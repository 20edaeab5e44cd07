import type { Http } from '../api/http.ts';
import type { Ecg, Physician } from './ecg-types.ts';
import type { Marks } from './marks.ts';
import { unpack, type Samples } from './samples.ts';

/** ECGs of a study: what was measured, and the samples. */
export class EcgApi {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  async ofStudy(studyUid: string, signal?: AbortSignal): Promise<readonly Ecg[]> {
    const { items } = await this.#http.get(`/api/v1/studies/${studyUid}/ecg`, {}, signal);
    return items as readonly Ecg[];
  }

  /** `seconds` of the record from `start` on. */
  async samples(ecg: Ecg, start: number, seconds: number, signal?: AbortSignal): Promise<Samples> {
    return unpack(await this.#http.getBytes(ecg.samples_url, { start_s: String(start), seconds }, signal));
  }

  /** Every version of the marks of a recording, the last first. */
  async marks(studyUid: string, sopUid: string, signal?: AbortSignal): Promise<readonly Physician[]> {
    const { items } = await this.#http.get(`/api/v1/studies/${studyUid}/ecg/${sopUid}/marks`, {}, signal);
    return items;
  }

  /** Keeps marks as the version after `basedOn`; none go back to what was measured. */
  keepMarks(task: number, token: string, sopUid: string, basedOn: number, marks: Marks | null): Promise<Physician> {
    const body = { lease_token: token, based_on: basedOn, marks };
    return this.#http.put(`/api/v1/tasks/${task}/ecg/${sopUid}/marks`, body);
  }
}
