import type { User } from '../api/types.ts';
import { t, type MessageKey } from '../i18n/index.ts';
import { links, type Route } from '../router.ts';

type Group = 'daily' | 'work' | 'centre' | 'system';

/** Where each page stands in the header; its words are `app.<page>`. To list a page, add one line in the order of display. */
const PLACES = {
  worklist: 'daily',
  board: 'daily',
  clinic: 'daily',
  consult: 'daily',
  order: 'daily',
  upload: 'work',
  critical: 'daily',
  green: 'daily',
  referrals: 'work',
  patients: 'work',
  reviews: 'work',
  templates: 'work',
  hanging: 'work',
  statistics: 'work',
  settlement: 'centre',
  indicators: 'centre',
  quality: 'centre',
  roster: 'centre',
  rules: 'centre',
  contacts: 'centre',
  institutions: 'centre',
  results: 'centre',
  deliveries: 'system',
  quarantine: 'system',
  devices: 'system',
  emergencies: 'work',
  users: 'system',
  keys: 'system',
  audit: 'system',
  health: 'system',
} as const satisfies Partial<Record<Route['page'], Group>>;

type Listed = keyof typeof PLACES;

export interface MenuLink {
  page: Listed;
  name: MessageKey;
}

/** Links under one name; a group of a single link is shown as that link. */
export interface MenuGroup {
  name: MessageKey;
  links: readonly MenuLink[];
}

const GROUPS = ['work', 'centre', 'system'] as const satisfies readonly Group[];

/** The role's daily page stands by itself, and so does a page that is alone in its group. */
export function menuOf(user: User): { direct: readonly MenuLink[]; groups: readonly MenuGroup[] } {
  const allowed = new Set<string>(links.allowed(user));
  const listed = (Object.keys(PLACES) as Listed[]).filter((page) => allowed.has(page));
  const of = (group: Group): MenuLink[] =>
    listed.filter((page) => PLACES[page] === group).map((page) => ({ page, name: `app.${page}` }));
  const filled = GROUPS.map((group) => ({ name: `menu.${group}` as const, links: of(group) }));
  return {
    direct: [...of('daily'), ...filled.filter((group) => group.links.length === 1).flatMap((group) => group.links)],
    groups: filled.filter((group) => group.links.length > 1),
  };
}

/** What stands over a group, for those who hear it. */
export function groupLabel(group: MenuGroup): string {
  return t('menu.pages_of', { group: t(group.name) });
}
