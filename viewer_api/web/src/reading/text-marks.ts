import type { Fault } from '../api/quality-types.ts';
import { placeOf, type CheckedText } from '../quality/report-faults.ts';

/** A piece of a text that a writing rule objects to, in UTF-16 units. */
export interface TextMark {
  start: number;
  end: number;
  severity: Fault['severity'];
}

/** The marks of one text as it is now, though it was checked a moment ago: what was changed since has none. */
export function marksIn(checked: CheckedText | null, field: Fault['field'], now: string): TextMark[] {
  if (checked === null) return [];
  const before = checked.content[field];
  return checked.faults
    .filter((fault) => fault.field === field && fault.end > fault.start)
    .map((fault) => moved(markOf(before, fault), before, now))
    .filter((mark) => mark !== null)
    .sort((a, b) => a.start - b.start);
}

function markOf(text: string, fault: Fault): TextMark {
  const [start, end] = placeOf(text, fault);
  return { start, end, severity: fault.severity };
}

/** Before the change it stays, behind it it moves along, across it it goes. */
function moved(mark: TextMark, before: string, now: string): TextMark | null {
  if (before === now) return mark;
  let head = 0;
  while (head < Math.min(before.length, now.length) && before[head] === now[head]) head += 1;
  let tail = 0;
  const most = Math.min(before.length, now.length) - head;
  while (tail < most && before.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  if (mark.end <= head) return mark;
  if (mark.start < before.length - tail) return null;
  const by = now.length - before.length;
  return { ...mark, start: mark.start + by, end: mark.end + by };
}

/** The text in pieces, marked and not; marks that lie over each other count once. */
export function piecesOf(text: string, marks: readonly TextMark[]): { text: string; severity: Fault['severity'] | null }[] {
  const pieces: { text: string; severity: Fault['severity'] | null }[] = [];
  let at = 0;
  for (const { start, end, severity } of marks) {
    if (start < at) continue;
    pieces.push({ text: text.slice(at, start), severity: null }, { text: text.slice(start, end), severity });
    at = end;
  }
  pieces.push({ text: text.slice(at), severity: null });
  return pieces.filter((piece) => piece.text !== '');
}
