import { lasting, lastingKeys } from '../lib/storage.ts';
import type { LocalCopy } from './draft-keeper.ts';

/** Where the draft of a case is kept on this PC; without a task, how all of a person begin. */
export function draftKey(username: string, taskId: number | ''): string {
  return `countyread.draft.${username}.${taskId}`;
}

/** A draft of this person that this PC has and the server has not. */
export interface Unsent {
  task: number;
  at: string;
}

/** The latest first. */
export function unsentDrafts(username: string): Unsent[] {
  const found = lastingKeys(draftKey(username, ''))
    .map((key) => ({ task: Number(key.slice(draftKey(username, '').length)), at: timeOf(key) }))
    .filter(({ task, at }) => task > 0 && at !== '');
  return found.sort((a, b) => b.at.localeCompare(a.at));
}

/** Nothing that this person wrote stays on this PC. */
export function forgetDrafts(username: string): void {
  lastingKeys(draftKey(username, '')).forEach((key) => lasting.set(key, null));
}

function timeOf(key: string): string {
  try {
    return (JSON.parse(lasting.get(key) ?? 'null') as LocalCopy | null)?.at ?? '';
  } catch {
    return '';
  }
}
