import type { Http } from '../api/http.ts';
import type { Upload } from './types.ts';

const ROOT = '/api/v1';

/** Uploads, but for their files. */
export class UploadApi {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  beginUpload(institution: string): Promise<Upload> {
    return this.#http.post(`${ROOT}/uploads`, { institution });
  }

  completeUpload(id: string): Promise<Upload> {
    return this.#http.post(`${ROOT}/uploads/${id}/complete`);
  }

  /** How an upload stands; `items` are the files that were not taken or were kept aside. */
  upload(id: string): Promise<Upload> {
    return this.#http.get(`${ROOT}/uploads/${id}`, { aside: true });
  }
}
