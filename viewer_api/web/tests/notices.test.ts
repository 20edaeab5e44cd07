import { describe, expect, it } from 'vitest';

import type { Notice, NoticePage } from '../src/api/notices-types.ts';
import type { Role, User } from '../src/api/types.ts';
import { urgentOnes } from '../src/notices/inbox.ts';
import { noticeTarget, noticeText } from '../src/notices/words.ts';
import { links } from '../src/router.ts';
import { menuOf } from '../src/ui/menu.ts';

const ROLES: readonly Role[] = ['clinic', 'radiologist', 'auditor', 'manager', 'admin', 'regulator'];
const one = (change: Partial<Notice> = {}): Notice => ({
  id: 1,
  kind: 'task.breached',
  urgency: 'urgent',
  params: { modality: 'CT', priority: 'P1', phones: ['1'] },
  text: '服务器的句子',
  task_id: 7,
  study_instance_uid: '1.2',
  critical_case_id: null,
  created_at: '2026-03-09T01:00:00Z',
  seen_at: null,
  ...change,
});
const person = (role: Role): User => ({ role }) as User;

describe('the menu', () => {
  it.each(ROLES)('lists each page of a %s once, the daily one by itself', (role) => {
    const { direct, groups } = menuOf(person(role));
    const listed = [...direct, ...groups.flatMap((group) => group.links)].map(({ page }) => page as string);
    expect(new Set(listed).size).toBe(listed.length);
    expect(listed.every((page) => links.allowed(person(role)).some((allowed) => allowed === page))).toBe(true);
    expect(groups.every((group) => group.links.length > 1)).toBe(true);
  });

  it('gives the manager his worklist at once and the rest in groups', () => {
    const { direct, groups } = menuOf(person('manager'));
    expect(direct[0]?.page).toBe('worklist');
    expect(groups.flatMap((group) => group.links).map(({ page }) => page)).toContain('health');
  });
});

describe('a notice', () => {
  it('speaks with its parameters, and with the words of the server when it is new', () => {
    expect(noticeText(one())).toBe('一例CT（P1）已超时，请立即处理。');
    expect(noticeText(one({ kind: 'from.tomorrow' }))).toBe('服务器的句子');
  });

  it('leads a clinic to the study and a reader to the case', () => {
    expect(noticeTarget(one(), person('clinic'))).toBe(links.clinicStudy('1.2'));
    expect(noticeTarget(one(), person('auditor'))).toBe(links.read(7, true));
    expect(noticeTarget(one({ critical_case_id: 3 }), person('clinic'))).toBe(links.critical(3));
    expect(noticeTarget(one({ task_id: null }), person('auditor'))).toBe('');
    expect(noticeTarget(one({ kind: 'notice.given_up', task_id: null }), person('manager'))).toBe(links.deliveries);
  });

  it('stays in view while it is urgent and not seen, the oldest first', () => {
    const items = [one({ id: 4 }), one({ id: 3, urgency: 'normal' }), one({ id: 2, seen_at: 'x' }), one({ id: 1 })];
    const page: NoticePage = { items, next: null, unseen: 3, urgent: 2 };
    expect(urgentOnes(page).map(({ id }) => id)).toEqual([1, 4]);
    expect(urgentOnes(null)).toEqual([]);
  });
});
