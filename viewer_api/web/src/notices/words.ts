import type { Notice } from '../api/notices-types.ts';
import type { User } from '../api/types.ts';
import { t, type MessageKey, type Params } from '../i18n/index.ts';
import { zh } from '../i18n/zh.ts';
import { links } from '../router.ts';

/** The sentence of a notice; the server's own for a kind that this page is too old to know. */
export function noticeText(notice: Pick<Notice, 'kind' | 'params' | 'text'>): string {
  const key = `notice.${notice.kind}`;
  if (!(key in zh)) return notice.text;
  const known: Params = { modality: '', priority: '', hospital: '' };
  const given = Object.entries(notice.params).filter(([, value]) => typeof value === 'string' || typeof value === 'number');
  return t(key as MessageKey, { ...known, ...(Object.fromEntries(given) as Params) }).replace(/\s+/g, ' ');
}

/** The sentence of a kind alone, for lists of deliveries. */
export function kindText(kind: string): string {
  return noticeText({ kind, params: {}, text: kind });
}

/** Where a notice leads this person; empty when nowhere. */
export function noticeTarget(notice: Notice, user: User): string {
  const pages = links.allowed(user);
  if (notice.critical_case_id !== null && pages.includes('critical')) return links.critical(notice.critical_case_id);
  if (pages.includes('clinic-study') && notice.study_instance_uid !== '') return links.clinicStudy(notice.study_instance_uid);
  if (pages.includes('read') && notice.task_id !== null) return links.read(notice.task_id, true);
  if (/^(hook|result)\./.test(notice.kind) && pages.includes('results')) return '#/results';
  if (notice.kind === 'notice.given_up' && pages.includes('deliveries')) return links.deliveries;
  if (notice.kind.startsWith('referral.') && pages.includes('referrals')) return links.referrals;
  if (notice.kind.startsWith('roster.') && pages.includes('roster')) return links.roster();
  return '';
}
