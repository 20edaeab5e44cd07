import type { Role, User } from './api/types.ts';
import { Cell } from './store.ts';

export type Route =
  | { page: 'login'; back: string }
  | { page: 'worklist' }
  | { page: 'read'; task: number; lookOnly: boolean }
  | { page: 'clinic' }
  | { page: 'clinic-study'; study: string }
  | { page: 'health' }
  | { page: 'devices' }
  | { page: 'rules'; kind: string }
  | { page: 'patients'; patient: number }
  | { page: 'quarantine'; object: number }
  | { page: 'upload' }
  | { page: 'roster'; week: string }
  | { page: 'critical'; case: number }
  | { page: 'green' }
  | { page: 'referrals' }
  | { page: 'contacts' }
  | { page: 'quality' }
  | { page: 'reviews' }
  | { page: 'templates' }
  | { page: 'notices'; notice: number }
  | { page: 'deliveries' }
  | { page: 'consult'; consultation: number }
  | { page: 'account' }
  | { page: 'users' }
  | { page: 'keys' }
  | { page: 'audit' }
  | { page: 'emergencies' }
  | { page: 'shared'; token: string }
  | { page: 'order' }
  | { page: 'results' }
  | { page: 'board' }
  | { page: 'wall'; token: string }
  | { page: 'indicators' }
  | { page: 'settlement' }
  | { page: 'statistics' }
  | { page: 'institutions' }
  | { page: 'screen' }
  | { page: 'hanging'; study: string }
  | { page: 'home' };

/** Reads a location hash; whatever is not known leads home. */
export function parseRoute(hash: string): Route {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const [first = '', second = '', third = ''] = path.split('/').map(decodeURIComponent);
  const query = new URLSearchParams(search);
  if (first === 'login') return { page: 'login', back: query.get('back') ?? '' };
  if (first === 'read' && /^\d+$/.test(second)) {
    return { page: 'read', task: Number(second), lookOnly: query.has('look') };
  }
  const row = /^\d+$/.test(second) ? Number(second) : 0;
  if (first === 'rules') return { page: first, kind: second };
  if (first === 'hanging') return { page: first, study: second };
  if (first === 'roster') return { page: first, week: /^\d{4}-\d{2}-\d{2}$/.test(second) ? second : '' };
  if (first === 'consult') return { page: first, consultation: row };
  if (first === 'patients') return { page: first, patient: row };
  if (first === 'critical') return { page: first, case: row };
  if (first === 'notices') return { page: first, notice: row };
  if (first === 'deliveries') return { page: first };
  if (first === 'quarantine') return { page: first, object: row };
  if (first === 'clinic' && second === 'study' && third !== '') return { page: 'clinic-study', study: third };
  if (first === 'worklist' || first === 'clinic' || first === 'health' || first === 'upload') return { page: first };
  if (first === 'green' || first === 'referrals' || first === 'contacts') return { page: first };
  if (first === 'devices' || first === 'quality' || first === 'reviews' || first === 'templates') return { page: first };
  if (first === 'shared') return { page: first, token: second };
  if (first === 'account' || first === 'users' || first === 'keys') return { page: first };
  if (first === 'audit' || first === 'emergencies') return { page: first };
  if (first === 'order' || first === 'results' || first === 'screen') return { page: first };
  if (first === 'board' || first === 'indicators' || first === 'settlement') return { page: first };
  if (first === 'statistics' || first === 'institutions') return { page: first };
  if (first === 'wall') return { page: first, token: second };
  return { page: 'home' };
}

const PAGES: Readonly<Record<Role, readonly Route['page'][]>> = {
  radiologist: ['worklist', 'read', 'patients', 'roster', 'critical', 'green', 'referrals', 'quality', 'notices', 'templates'],
  auditor: ['worklist', 'read', 'patients', 'roster', 'critical', 'green', 'referrals', 'quality', 'reviews', 'notices', 'templates'],
  manager: ['worklist', 'read', 'patients', 'roster', 'quarantine', 'health', 'devices', 'upload', 'order', 'critical', 'green', 'referrals', 'quality', 'notices', 'deliveries', 'results', 'rules', 'contacts', 'templates'],
  admin: ['health', 'devices', 'patients', 'roster', 'quarantine', 'critical', 'green', 'referrals', 'quality', 'notices', 'deliveries', 'results', 'rules', 'contacts', 'templates'],
  clinic: ['clinic', 'clinic-study', 'order', 'upload', 'critical', 'green', 'referrals', 'quality', 'notices', 'results'],
  regulator: ['indicators'],
  consultant: ['consult'],
};

/** Pages of accounts and of what is looked at afterwards. */
const MORE: Readonly<Partial<Record<Role, readonly Route['page'][]>>> = {
  radiologist: ['emergencies', 'screen', 'hanging'],
  auditor: ['emergencies', 'screen', 'hanging', 'indicators'],
  clinic: ['emergencies', 'statistics', 'settlement'],
  manager: ['emergencies', 'screen', 'hanging', 'users', 'keys', 'audit', 'board', 'indicators', 'settlement', 'statistics', 'institutions'],
  admin: ['emergencies', 'hanging', 'users', 'keys', 'audit', 'board', 'indicators', 'settlement', 'statistics', 'institutions'],
};

export const links = {
  /** Where a person starts, and the pages of the role. */
  home: (user: User): string => `#/${PAGES[user.role][0] ?? ''}`,
  allowed: (user: User): readonly Route['page'][] => [...PAGES[user.role], ...(MORE[user.role] ?? []), 'account'],
  account: '#/account',
  notices: (row = 0): string => `#/notices${row === 0 ? '' : `/${row}`}`,
  deliveries: '#/deliveries',
  worklist: '#/worklist',
  screen: '#/screen/2',
  clinic: '#/clinic',
  referrals: '#/referrals',
  health: '#/health',
  settlement: '#/settlement',
  devices: '#/devices',
  roster: (week = ''): string => `#/roster${week === '' ? '' : `/${week}`}`,
  rules: (kind = ''): string => `#/rules${kind === '' ? '' : `/${encodeURIComponent(kind)}`}`,
  hanging: (study = ''): string => `#/hanging${study === '' ? '' : `/${encodeURIComponent(study)}`}`,
  patients: (row = 0): string => `#/patients${row === 0 ? '' : `/${row}`}`,
  quarantine: (row = 0): string => `#/quarantine${row === 0 ? '' : `/${row}`}`,
  critical: (row = 0): string => `#/critical${row === 0 ? '' : `/${row}`}`,
  consult: (row = 0): string => `#/consult${row === 0 ? '' : `/${row}`}`,
  login: (back = ''): string => (back === '' ? '#/login' : `#/login?back=${encodeURIComponent(back)}`),
  read: (task: number, lookOnly = false): string => `#/read/${task}${lookOnly ? '?look' : ''}`,
  clinicStudy: (uid: string): string => `#/clinic/study/${encodeURIComponent(uid)}`,
};

export const route = new Cell<Route>({ page: 'home' });

/** The address that `route` is: the browser tells of our own changes too, once they are made. */
let shown: string | null = null;

export function startRouter(): void {
  const read = (): void => {
    if (location.hash !== shown) show();
  };
  addEventListener('hashchange', read);
  read();
}

export function go(hash: string, replace = false): void {
  if (replace) history.replaceState(null, '', hash);
  else location.hash = hash;
  show();
}

function show(): void {
  shown = location.hash;
  route.set(parseRoute(shown));
}
