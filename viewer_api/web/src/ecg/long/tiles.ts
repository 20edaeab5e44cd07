/** Lowest and highest of each column of one lead, in steps; `nothing` where nothing was recorded. */
export interface Tile {
  startS: number;
  columnS: number;
  stepUv: number;
  nothing: number;
  columns: Int8Array;
}

interface Header {
  start_s: number;
  column_s: number;
  columns: number;
  step_uv: number;
  nothing: number;
}

const MAGIC = 'ECGO';
const HEAD = 8;

/** Reads what the server packs: `ECGO`, length of the header, JSON, then two signed bytes a column. */
export function unpackTile(body: ArrayBuffer): Tile {
  const magic = String.fromCharCode(...new Uint8Array(body, 0, 4));
  if (magic !== MAGIC) throw new Error('not the overview of an ECG');
  const size = new DataView(body).getUint32(4, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(body, HEAD, size))) as Header;
  return {
    startS: header.start_s,
    columnS: header.column_s,
    stepUv: header.step_uv,
    nothing: header.nothing,
    columns: new Int8Array(body, HEAD + size, header.columns * 2),
  };
}

const KEPT = 60;

/** Tiles that were fetched, by their name; the oldest are let go. */
export class TileCache {
  readonly #kept = new Map<string, Tile | Promise<Tile>>();

  /** The tile if it is there; else it is asked for, and `then` is called once it has come. */
  get(name: string, fetch: () => Promise<Tile>, then: () => void): Tile | null {
    const known = this.#kept.get(name);
    if (known !== undefined) return known instanceof Promise ? null : known;
    const coming = fetch();
    this.#kept.set(name, coming);
    coming.then(
      (tile) => {
        this.#kept.set(name, tile);
        then();
      },
      () => this.#kept.delete(name),
    );
    for (const old of [...this.#kept.keys()].slice(0, Math.max(0, this.#kept.size - KEPT))) this.#kept.delete(old);
    return null;
  }
}
