/** Frames of one answer of WADO-RS Retrieve Frames (multipart/related, RFC 2387). */
export interface Part {
  transferSyntax: string;
  data: Uint8Array<ArrayBuffer>;
}

const HEAD_END = [13, 10, 13, 10];

/** The parts of a whole body, in order. Throws when the body is not what its content type says. */
export function partsOf(contentType: string, body: Uint8Array<ArrayBuffer>): Part[] {
  const boundary = /boundary="?([^";]+)/.exec(contentType)?.[1];
  if (boundary === undefined) throw new Error('no boundary');
  const mark = new TextEncoder().encode(`--${boundary}`);
  const parts: Part[] = [];
  let at = find(body, mark, 0);
  while (at >= 0 && body[at + mark.length] !== 45) {
    const data = find(body, HEAD_END, at) + HEAD_END.length;
    const head = new TextDecoder().decode(body.subarray(at, data));
    at = find(body, mark, data);
    if (data < HEAD_END.length || at < 0) throw new Error('a part without an end');
    parts.push({
      transferSyntax: /transfer-syntax="?([\d.]+)/i.exec(head)?.[1] ?? '1.2.840.10008.1.2.1',
      data: body.slice(data, at - 2),
    });
  }
  return parts;
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
