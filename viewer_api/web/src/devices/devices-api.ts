import type { Http } from '../api/http.ts';
import type { Device, DevicePage, DeviceRules, Page, UnknownCaller } from '../api/types.ts';

const ROOT = '/api/v1';

/** Equipment, and who called without being known. */
export class DevicesApi {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  devices(): Promise<DevicePage> {
    return this.#http.get(`${ROOT}/admin/devices`);
  }

  addDevice(aeTitle: string, rules: Partial<DeviceRules> & Pick<DeviceRules, 'institution'>): Promise<Device> {
    return this.#http.post(`${ROOT}/admin/devices`, { ae_title: aeTitle, ...rules });
  }

  changeDevice(id: number, rules: Partial<DeviceRules>): Promise<Device> {
    return this.#http.patch(`${ROOT}/admin/devices/${id}`, rules);
  }

  unknownCallers(): Promise<Page<UnknownCaller>> {
    return this.#http.get(`${ROOT}/unknown-callers`);
  }

  /** Without rules: as the server guesses. */
  acceptCaller(id: number, rules: Partial<DeviceRules> = {}): Promise<Device> {
    return this.#http.post(`${ROOT}/unknown-callers/${id}/accept`, rules);
  }
}
