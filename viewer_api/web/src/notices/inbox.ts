import { onChange } from '../api/live.ts';
import type { Notice, NoticePage } from '../api/notices-types.ts';
import { debounce } from '../lib/debounce.ts';
import { noticesApi, session } from '../session.ts';
import { Cell } from '../store.ts';

const NEWEST = 30;
const SETTLE_MS = 150;

/** The newest notices of whoever is logged in, kept up to date; null until the first answer. */
export const inbox = new Cell<NoticePage | null>(null);

/** What is urgent and not seen yet, the oldest first. */
export function urgentOnes(page: NoticePage | null): readonly Notice[] {
  return (page?.items ?? []).filter(({ urgency, seen_at }) => urgency === 'urgent' && seen_at === null).reverse();
}

let stop = (): void => undefined;
let whose = '';

/** Follows the session: to be called once. */
export function startInbox(): void {
  session.subscribe((value) => {
    const user = value?.user ?? null;
    const isShut = value === null || value.duty !== '' || value.masked;
    const name = user === null || user.role === 'regulator' || isShut ? '' : user.username;
    if (name === whose) return;
    whose = name;
    stop();
    inbox.set(null);
    const refresh = debounce(() => void loadInbox(), SETTLE_MS, 4 * SETTLE_MS);
    stop = name === '' ? () => undefined : onChange(['notices', 'critical'], refresh);
    if (name !== '') void loadInbox();
  });
}

export async function loadInbox(): Promise<void> {
  const asked = whose;
  try {
    // What is urgent must be seen however much came after it.
    const [newest, unseen] = await Promise.all([noticesApi.notices({ limit: NEWEST }), noticesApi.notices({ unseen: true, limit: 100 })]);
    if (asked !== whose) return;
    const shown = new Set(newest.items.map(({ id }) => id));
    const older = unseen.items.filter(({ id, urgency }) => urgency === 'urgent' && !shown.has(id));
    inbox.set({ ...newest, items: [...newest.items, ...older] });
  } catch {
    // The banner says that the server does not answer; the next event or look tries again.
  }
}

/** Null for all that are not urgent. */
export async function markSeen(ids: readonly number[] | null): Promise<void> {
  await noticesApi.noticesSeen(ids);
  await loadInbox();
}
