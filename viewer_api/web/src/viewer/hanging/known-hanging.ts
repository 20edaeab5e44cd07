import { ApiError } from '../../api/problem.ts';
import { currentUser, hangings } from '../../session.ts';
import { Cell } from '../../store.ts';
import type { Hanging, Protocol } from './hanging-api.ts';

/** The rules as the server told them last; `null` until then. */
export const hanging = new Cell<Hanging | null>(null);

const FRESH_MS = 60_000;

let owner = '';
let askedAt = 0;

/** Windows of one person in one browser learn from each other that rules have changed. */
const windows = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('countyread.hanging');
windows?.addEventListener('message', ({ data }: MessageEvent<string>) => data === owner && void askAgain().catch(() => undefined));

/** The rules, asked for where another person's or none are known. Those of a minute ago do, and are looked at again for the next time. */
export async function knownHanging(): Promise<Hanging | null> {
  const user = currentUser()?.username ?? '';
  if (user !== owner) hanging.set(null);
  owner = user;
  if (hanging.value === null) await askAgain().catch(() => undefined);
  else if (Date.now() - askedAt > FRESH_MS) void askAgain().catch(() => undefined);
  return hanging.value;
}

/** The rules as they are now. */
export async function askAgain(): Promise<Hanging> {
  const user = currentUser()?.username ?? '';
  const told = await hangings.show();
  if (user === (currentUser()?.username ?? '')) take(told, user);
  return told;
}

function take(told: Hanging, user: string): void {
  const known = hanging.value;
  askedAt = Date.now();
  const isNew = owner !== user || known?.version !== told.version || known.own.version !== told.own.version;
  owner = user;
  if (isNew) hanging.set(told);
}

/** Keeps all own rules in place of version `version`; those that are left out too, unless they are to be forgotten. */
export async function keepOwn(version: number, protocols: readonly Protocol[], forget: readonly number[] = []): Promise<Hanging> {
  return kept(hangings.save({ version, protocols, forget }));
}

/** Back to the county's rules. */
export async function dropOwn(): Promise<Hanging> {
  return kept(hangings.drop());
}

/** Changes the own rules as they are now, also where another window has changed them meanwhile. */
export async function changeOwn(change: (own: readonly Protocol[]) => readonly Protocol[]): Promise<Hanging> {
  const { own } = hanging.value ?? (await askAgain());
  try {
    return await keepOwn(own.version, change(own.protocols));
  } catch (error) {
    if (!(error instanceof ApiError) || !error.isConflict) throw error;
    const now = await askAgain();
    return keepOwn(now.own.version, change(now.own.protocols));
  }
}

/** The county's rules have changed. */
export async function countyChanged(): Promise<void> {
  await askAgain();
  windows?.postMessage(owner);
}

async function kept(saving: Promise<Hanging>): Promise<Hanging> {
  const told = await saving;
  take(told, currentUser()?.username ?? '');
  windows?.postMessage(owner);
  return told;
}
