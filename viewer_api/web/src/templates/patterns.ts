/**
 * Sentence patterns: `{field}` for a value, `[...]` for what is left out when a value in it is missing, a backslash before
 * a sign that means itself. The server has the same reader (`reading_queue/templates/patterns.py`).
 */
export type Part = string | { field: string } | { parts: readonly Part[] };

const TOKEN = /\\[^]|\{[^{}[\]]*\}|[[\]{}]|[^\\[\]{}]+|\\$/g;
const FIELD = /^\{([a-z][a-z0-9_]{0,39})\}$/;
const known = new Map<string, readonly Part[]>();

export class PatternError extends Error {}

export function parsePattern(pattern: string): readonly Part[] {
  const before = known.get(pattern);
  if (before !== undefined) return before;
  const tokens = pattern.match(TOKEN) ?? [];
  const { parts, at } = read(tokens, 0);
  if (at !== tokens.length) throw new PatternError(pattern);
  known.set(pattern, parts);
  return parts;
}

function read(tokens: readonly string[], from: number): { parts: Part[]; at: number } {
  const parts: Part[] = [];
  let at = from;
  while (at < tokens.length && tokens[at] !== ']') {
    const token = tokens[at]!;
    at += 1;
    if (token === '[') {
      const inner = read(tokens, at);
      if (inner.at >= tokens.length) throw new PatternError(token);
      parts.push({ parts: inner.parts });
      at = inner.at + 1;
    } else {
      parts.push(plain(token));
    }
  }
  return { parts, at };
}

function plain(token: string): Part {
  if (token.startsWith('\\')) return token.slice(1);
  if (!token.startsWith('{') && !token.startsWith('}')) return token;
  const field = FIELD.exec(token)?.[1];
  if (field === undefined) throw new PatternError(token);
  return { field };
}

/** The sentence; empty when a value outside all brackets is missing. */
export function fill(parts: readonly Part[], word: (field: string) => string): string {
  let said = '';
  for (const part of parts) {
    if (typeof part === 'string') said += part;
    else if ('parts' in part) said += fill(part.parts, word);
    else {
      const value = word(part.field);
      if (value === '') return '';
      said += value;
    }
  }
  return said;
}
