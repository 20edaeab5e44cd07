export interface Piece {
  text: string;
  kind: 'same' | 'only_before' | 'only_now';
}

const AFTER_A_SENTENCE = /(?<=[。；;\n]|\.(?!\d))/;

/** Sentence by sentence what the report before said and this one does not, and the other way round. */
export function difference(before: string, now: string): Piece[] {
  const a = split(before);
  const b = split(now);
  const lengths = common(a, b);
  const pieces: Piece[] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    if (plain(a[i]!) === plain(b[j]!)) {
      pieces.push({ text: b[j]!, kind: 'same' });
      [i, j] = [i + 1, j + 1];
    } else if (lengths[i + 1]![j]! >= lengths[i]![j + 1]!) {
      pieces.push({ text: a[i++]!, kind: 'only_before' });
    } else {
      pieces.push({ text: b[j++]!, kind: 'only_now' });
    }
  }
  a.slice(i).forEach((text) => pieces.push({ text, kind: 'only_before' }));
  b.slice(j).forEach((text) => pieces.push({ text, kind: 'only_now' }));
  return pieces;
}

function split(text: string): string[] {
  return text.split(AFTER_A_SENTENCE).filter((one) => one.trim() !== '');
}

function plain(text: string): string {
  return text.replace(/\s/g, '');
}

/** Lengths of the longest common subsequences of all tails. */
function common(a: readonly string[], b: readonly string[]): number[][] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const isSame = plain(a[i]!) === plain(b[j]!);
      lengths[i]![j] = isSame ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
    }
  }
  return lengths;
}
