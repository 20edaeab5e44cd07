import type { Http } from '../../api/http.ts';
import { unpack, type Samples } from '../samples.ts';
import type { BeatKind, BeatPage, LongEcg, Tendency } from './long-types.ts';
import { TILE_S } from './disclosure.ts';
import { unpackTile, type Tile } from './tiles.ts';

/** A long ECG, a small part at a time. */
export class LongApi {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  of(url: string, signal?: AbortSignal): Promise<LongEcg> {
    return this.#http.getFrom(url, {}, signal);
  }

  async tile(ecg: LongEcg, lead: string, number: number, perColumn: number): Promise<Tile> {
    const { path, version } = parted(ecg.overview.url);
    const query = { version, lead, start_s: String(number * TILE_S), seconds: TILE_S, per_column: perColumn };
    return unpackTile(await this.#http.getBytes(path, query));
  }

  async strip(ecg: LongEcg, leads: readonly string[], fromS: number, seconds: number): Promise<Samples> {
    const query = { start_s: String(fromS), seconds: String(seconds), lead: [...leads] };
    return unpack(await this.#http.getBytes(ecg.samples_url, query));
  }

  beats(ecg: LongEcg, kinds: readonly BeatKind[], fromS: number, endS: number, after: number, limit: number): Promise<BeatPage> {
    const { path, version } = parted(ecg.beats_url);
    const span = { start_s: String(Math.max(0, fromS)), end_s: String(Math.max(0, endS)) };
    return this.#http.getFrom(path, { version, kind: [...kinds], ...span, after: String(after), limit });
  }

  tendency(ecg: LongEcg, parts: number): Promise<Tendency> {
    const { path, version } = parted(ecg.tendency_url);
    return this.#http.getFrom(path, { version, parts });
  }
}

function parted(url: string): { path: string; version: string } {
  const [path = url, version = ''] = url.split('?version=');
  return { path, version };
}
