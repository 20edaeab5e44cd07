import { Cell } from '../store.ts';

export type NoticeKind = 'info' | 'ok' | 'warn' | 'danger';

export interface Notice {
  id: number;
  text: string;
  kind: NoticeKind;
}

const SHOWN_MS: Readonly<Record<NoticeKind, number>> = { info: 4000, ok: 3500, warn: 8000, danger: 10_000 };

export const notices = new Cell<readonly Notice[]>([]);

let lastId = 0;

/** Shows a sentence at the edge of the screen for a few seconds. */
export function notify(text: string, kind: NoticeKind = 'info'): void {
  const id = ++lastId;
  notices.set([...notices.value.filter((notice) => notice.text !== text), { id, text, kind }]);
  setTimeout(() => dismiss(id), SHOWN_MS[kind]);
}

export function dismiss(id: number): void {
  notices.set(notices.value.filter((notice) => notice.id !== id));
}
