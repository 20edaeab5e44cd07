/** A conclusion with one more statement on a line of its own; what stands there already is not written twice. */
export function withStatement(conclusion: string, words: string): string {
  const lines = conclusion.split('\n').map((line) => line.trim().replace(/[。.;；]$/, ''));
  if (lines.includes(words)) return conclusion;
  return conclusion.trim() === '' ? words : `${conclusion.trimEnd()}\n${words}`;
}
