/** Frames of one answer of WADO-RS Retrieve Frames (multipart/related, RFC 2387). */
export interface Part {
  transferSyntax: string;
  data: Uint8Array<ArrayBuffer>;
}

const HEAD_END = [13, 10, 13, 10];
const DASH = 45;
const LINE_END = 2;
const FIRST_BYTES = 1 << 18;

/** Takes a body as it arrives, and gives out each part once it is whole. */
export class PartReader {
  readonly #mark: Uint8Array;
  #kept = new Uint8Array(FIRST_BYTES);
  #size = 0;
  /** How far the part that is awaited has been looked through. */
  #seen = 0;
  #isDone = false;

  constructor(contentType: string) {
    const boundary = /boundary="?([^";]+)/.exec(contentType)?.[1];
    if (boundary === undefined) throw new Error('no boundary');
    this.#mark = new TextEncoder().encode(`--${boundary}`);
  }

  /** Whether the mark of the end has come. */
  get isDone(): boolean {
    return this.#isDone;
  }

  push(piece: Uint8Array): Part[] {
    this.#keep(piece);
    const parts: Part[] = [];
    for (let part = this.#next(); part !== null; part = this.#next()) parts.push(part);
    return parts;
  }

  #keep(piece: Uint8Array): void {
    const size = this.#size + piece.length;
    if (size > this.#kept.length) {
      const larger = new Uint8Array(Math.max(size, 2 * this.#kept.length));
      larger.set(this.#kept.subarray(0, this.#size));
      this.#kept = larger;
    }
    this.#kept.set(piece, this.#size);
    this.#size = size;
  }

  #next(): Part | null {
    const body = this.#kept.subarray(0, this.#size);
    const start = find(body, this.#mark, 0);
    const after = start + this.#mark.length;
    if (start < 0 || after >= body.length) return null;
    this.#isDone = body[after] === DASH;
    const data = find(body, HEAD_END, start) + HEAD_END.length;
    if (this.#isDone || data < HEAD_END.length) return null;
    const end = find(body, this.#mark, Math.max(data, this.#seen));
    if (end < 0) {
      this.#seen = body.length - this.#mark.length;
      return null;
    }
    const head = new TextDecoder().decode(body.subarray(start, data));
    const part = {
      transferSyntax: /transfer-syntax="?([\d.]+)/i.exec(head)?.[1] ?? '1.2.840.10008.1.2.1',
      data: body.slice(data, end - LINE_END),
    };
    this.#kept.copyWithin(0, end, this.#size);
    this.#size -= end;
    this.#seen = 0;
    return part;
  }
}

/** Hands each part of an answer over as it comes. Throws when the body is not what its content type says. */
export async function readParts(answer: Response, take: (part: Part) => void): Promise<void> {
  const reader = new PartReader(answer.headers.get('Content-Type') ?? '');
  const pieces = answer.body!.getReader();
  for (let piece = await pieces.read(); !piece.done; piece = await pieces.read()) reader.push(piece.value).forEach(take);
  if (!reader.isDone) throw new Error('a part without an end');
}

function find(body: Uint8Array, wanted: ArrayLike<number>, from: number): number {
  const last = body.length - wanted.length;
  for (let at = body.indexOf(wanted[0]!, from); at >= 0 && at <= last; at = body.indexOf(wanted[0]!, at + 1)) {
    let same = 1;
    while (same < wanted.length && body[at + same] === wanted[same]) same += 1;
    if (same === wanted.length) return at;
  }
  return -1;
}
