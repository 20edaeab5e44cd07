import { AccountApi } from './account/account-api.ts';
import { Api } from './api/client.ts';
import { Http } from './api/http.ts';
import { reportReachable } from './api/live.ts';
import { BoardsApi } from './boards/boards-api.ts';
import { CriticalApi } from './critical/critical-api.ts';
import { DevicesApi } from './devices/devices-api.ts';
import { EcgApi } from './ecg/ecg-api.ts';
import { LongApi } from './ecg/long/long-api.ts';
import { GreenApi } from './green/green-api.ts';
import type { Preferences, Role, Session, User } from './api/types.ts';
import { perTab } from './lib/storage.ts';
import { forgetDrafts } from './reading/unsent.ts';
import { forgetViews } from './worklist/last-view.ts';
import { NoticesApi } from './notices/notices-api.ts';
import { PersonsApi } from './persons/persons-api.ts';
import { ReferralsApi } from './referrals/referrals-api.ts';
import { QualityApi } from './quality/quality-api.ts';
import { QuarantineApi } from './quarantine/quarantine-api.ts';
import { OrdersApi } from './orders/orders-api.ts';
import { ResultsApi } from './results/results-api.ts';
import { RosterApi } from './roster/roster-api.ts';
import { RulesApi } from './rules/rules-api.ts';
import { Cell } from './store.ts';
import { TemplatesApi } from './templates/templates-api.ts';
import { UploadApi } from './upload/upload-api.ts';
import { MeasuringApi } from './viewer/measuring/measuring-api.ts';
import { HangingApi } from './viewer/hanging/hanging-api.ts';

const KEY = 'countyread.session';
const HANDOVER_MS = 200;

type TabMessage = { type: 'ask' } | { type: 'session'; session: Session } | { type: 'ended' };

/** Who is logged in; `null` when nobody is. */
export const session = new Cell<Session | null>(null);

/** Of a link to one study, on the page that shows it. */
let borrowed: string | null = null;

export function borrowToken(token: string | null): void {
  borrowed = token;
}

const http = new Http({
  token: () => borrowed ?? session.value?.token ?? null,
  // A late answer to a request of the session before must not end the present one.
  onReachable: reportReachable,
  onUnauthenticated: (token) => session.value?.token === token && session.set(null),
});

export const api = new Api(http);
export const quality = new QualityApi(http);
export const noticesApi = new NoticesApi(http);
export const orders = new OrdersApi(http);
export const resultsApi = new ResultsApi(http);
export const accounts = new AccountApi(http);
export const green = new GreenApi(http);
export const referrals = new ReferralsApi(http);
export const ecgs = new EcgApi(http);
export const measuringApi = new MeasuringApi(http);
export const boards = new BoardsApi(http);
export const hangings = new HangingApi(http);
export const longEcgs = new LongApi(http);
export const criticalApi = new CriticalApi(http);
export const devicesApi = new DevicesApi(http);
export const personsApi = new PersonsApi(http);
export const quarantineApi = new QuarantineApi(http);
export const rosterApi = new RosterApi(http);
export const rulesApi = new RulesApi(http);
export const templatesApi = new TemplatesApi(http);
export const uploadsApi = new UploadApi(http);

const tabs = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(KEY);

session.subscribe((value) => perTab.set(KEY, value === null ? null : JSON.stringify(value)));
session.subscribe((value) => value === null && forgetViews());

tabs?.addEventListener('message', ({ data }: MessageEvent<TabMessage>) => {
  if (data.type === 'ask' && session.value !== null) tabs.postMessage({ type: 'session', session: session.value });
  if (data.type === 'session' && session.value === null && isAlive(data.session)) session.set(data.session);
  if (data.type === 'ended') session.set(null);
});

export async function logIn(username: string, password: string, code = ''): Promise<void> {
  session.set(await api.logIn(username, password, code));
}

/** Goes on under what the server gave in place of the session of before. */
export function takeSession(next: Session): void {
  session.set(next);
}

type LastThing = () => Promise<boolean>;

const lastThings = new Set<LastThing>();

/** To be done before somebody logs out, the last first; false stops it. Returns the function that takes it back. */
export function beforeLogOut(thing: LastThing): () => void {
  lastThings.add(thing);
  return () => lastThings.delete(thing);
}

/** Ends the session here and in other tabs at once, on the server as soon as it answers; nothing that was written stays on this PC. */
export async function logOut(): Promise<void> {
  for (const thing of [...lastThings].reverse()) if (!(await thing())) return;
  const username = currentUser()?.username;
  const ended = api.logOut().catch(() => undefined);
  session.set(null);
  tabs?.postMessage({ type: 'ended' });
  if (username !== undefined) forgetDrafts(username);
  await ended;
}

/**
 * The token stays in this tab's memory; a new tab asks an open one for it. The pages open with it at once: whether the
 * server still honours it is asked beside them.
 */
export async function restore(): Promise<void> {
  const kept = remembered() ?? (await fromAnotherTab());
  if (kept === null) return;
  session.set(kept);
  void checkWithServer();
}

async function checkWithServer(): Promise<void> {
  try {
    const { user, duty, masked } = await api.whoAmI();
    if (session.value !== null) session.set({ ...session.value, user, duty, masked });
  } catch {
    // Either the server said that the session has ended (then it is gone), or it cannot be reached: the pages say so.
  }
}

/** Keeps a preference with the account, so that it follows the person to another PC. */
export async function savePreference(change: Preferences): Promise<void> {
  const current = session.value;
  if (current === null) return;
  const preferences = { ...current.user.preferences, ...change };
  session.set({ ...current, user: { ...current.user, preferences } });
  await api.savePreferences(preferences).catch(() => undefined);
}

export function currentUser(): User | null {
  return session.value?.user ?? null;
}

export function hasRole(...roles: Role[]): boolean {
  const user = currentUser();
  return user !== null && roles.includes(user.role);
}

function remembered(): Session | null {
  try {
    const kept = JSON.parse(perTab.get(KEY) ?? 'null') as Session | null;
    return kept !== null && isAlive(kept) ? kept : null;
  } catch {
    return null;
  }
}

function isAlive(candidate: Session): boolean {
  return Date.parse(candidate.expires_at) > Date.now();
}

function fromAnotherTab(): Promise<Session | null> {
  if (tabs === null) return Promise.resolve(null);
  return new Promise((resolve) => {
    const timer = setTimeout(() => finish(null), HANDOVER_MS);
    const stop = session.subscribe((value) => finish(value));
    function finish(value: Session | null): void {
      clearTimeout(timer);
      stop();
      resolve(value);
    }
    tabs.postMessage({ type: 'ask' });
  });
}
