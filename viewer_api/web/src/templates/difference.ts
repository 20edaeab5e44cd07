export interface Piece {
  text: string;
  kind: 'same' | 'only_before' | 'only_now';
}

const AFTER_A_SENTENCE = /(?<=[。；;\n]|\.(?!\d))/;

/** Sentence by sentence what the report before said and this one does not, and the other way round. */
export function difference(before: string, now: string): Piece[] {
  return aligned(split(before), split(now), plain);
}

/**
 * Word by word: sentences that were changed show only the words that were, unless hardly anything of them is left.
 */
export function wordDifference(before: string, now: string): Piece[] {
  const pieces: Piece[] = [];
  let [gone, come] = ['', ''];
  const flush = (): void => {
    pieces.push(...changed(gone, come));
    [gone, come] = ['', ''];
  };
  for (const piece of difference(before, now)) {
    if (piece.kind === 'only_before') gone += piece.text;
    else if (piece.kind === 'only_now') come += piece.text;
    else {
      flush();
      pieces.push(piece);
    }
  }
  flush();
  return pieces;
}

const MOST_WORDS = 1500;
const LEAST_ALIKE = 0.35;

function changed(gone: string, come: string): Piece[] {
  const whole: Piece[] = [
    { text: gone, kind: 'only_before' as const },
    { text: come, kind: 'only_now' as const },
  ].filter(({ text }) => text !== '');
  if (whole.length < 2) return whole;
  const [a, b] = [words(gone), words(come)];
  if (a.length > MOST_WORDS || b.length > MOST_WORDS) return whole;
  const pieces = joined(aligned(a, b, (word) => word));
  const same = pieces.reduce((sum, { kind, text }) => sum + (kind === 'same' ? text.length : 0), 0);
  return same < LEAST_ALIKE * Math.max(gone.length, come.length) ? whole : pieces;
}

/** Chinese has no blanks: single characters, but numbers and Latin words whole. */
function words(text: string): string[] {
  return text.match(/[A-Za-z]+|\d+(?:\.\d+)?|\s+|[^]/gu) ?? [];
}

function joined(pieces: readonly Piece[]): Piece[] {
  const found: Piece[] = [];
  for (const { text, kind } of pieces) {
    const last = found.at(-1);
    if (last?.kind === kind) last.text += text;
    else found.push({ text, kind });
  }
  return found;
}

/** What both have in common, in its order (the longest common subsequence), and between it what only one has. */
function aligned(a: readonly string[], b: readonly string[], same: (text: string) => string): Piece[] {
  const [x, y] = [a.map(same), b.map(same)];
  const lengths = common(x, y);
  const pieces: Piece[] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    if (x[i] === y[j]) {
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
      lengths[i]![j] = a[i] === b[j] ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
    }
  }
  return lengths;
}
