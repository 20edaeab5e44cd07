import { currentUser, savePreference } from '../../session.ts';
import { Cell } from '../../store.ts';
import type { Habits } from './following.ts';

const USUAL: Habits = { sync: true, link: false, lines: true, overlays: true, shutter: true };

/** How the reader's cells follow each other, and what they show with the images; kept with his account. */
export const habits = new Cell<Habits>(USUAL);

let owner = '';

/** Takes up what the account remembers, once for each who logs in. */
export function recallHabits(): void {
  const user = currentUser();
  if (user === null || user.username === owner) return;
  owner = user.username;
  habits.set({ ...USUAL, ...known(user.preferences?.['stage']) });
}

export function toggleHabit(name: keyof Habits): void {
  habits.set({ ...habits.value, [name]: !habits.value[name] });
  void savePreference({ stage: habits.value });
}

function known(kept: unknown): Partial<Habits> {
  const entries = Object.entries((kept ?? {}) as Record<string, unknown>);
  return Object.fromEntries(entries.filter(([name, value]) => name in USUAL && typeof value === 'boolean'));
}
