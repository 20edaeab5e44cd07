import type { Task } from '../api/types.ts';
import { perTab } from '../lib/storage.ts';

const KEY = 'countyread.last-view';

interface LastView {
  username: string;
  lists: Record<string, readonly Task[]>;
}

/** Keeps a list as it was seen last, for this tab and session alone: without a line it can still be looked at. */
export function keepView(username: string, list: string, tasks: readonly Task[]): void {
  const lists = { ...recall(username).lists, [list]: tasks };
  perTab.set(KEY, JSON.stringify({ username, lists } satisfies LastView));
}

export function lastView(username: string, list: string): readonly Task[] | null {
  return recall(username).lists[list] ?? null;
}

/** A task that stood in one of the lists. */
export function seenTask(username: string, id: number): Task | null {
  return (
    Object.values(recall(username).lists)
      .flat()
      .find((task) => task.id === id) ?? null
  );
}

/** Nobody is logged in here any more: nothing of patients stays. */
export function forgetViews(): void {
  perTab.set(KEY, null);
}

function recall(username: string): LastView {
  const nothing = { username, lists: {} };
  try {
    const kept = JSON.parse(perTab.get(KEY) ?? 'null') as LastView | null;
    return kept?.username === username ? kept : nothing;
  } catch {
    return nothing;
  }
}
