import type { CriticalCase } from '../api/critical-types.ts';
import { onChange, reportReachable } from '../api/live.ts';
import { criticalApi } from '../session.ts';
import { Cell } from '../store.ts';

const MOST = 100;

/** Every open critical value that this person may see, the most pressing first; kept fresh while somebody watches. */
export const openCases = new Cell<readonly CriticalCase[]>([]);

let asked = 0;

/** Starts to keep {@link openCases} fresh; returns the function that ends it. */
export function watchCases(): () => void {
  const stop = onChange(['critical'], refreshCases);
  refreshCases();
  return () => {
    asked += 1;
    stop();
    openCases.set([]);
  };
}

/** Looks again now, as after a step of one's own. */
export function refreshCases(): void {
  const mine = ++asked;
  criticalApi
    .criticalCases({ open: true, limit: MOST })
    .then(({ items }) => {
      reportReachable(true);
      if (mine === asked) openCases.set(items);
    })
    .catch(() => undefined);
}
