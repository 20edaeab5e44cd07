import { describe, expect, it } from 'vitest';

import type { StudyDetail, StudyState, User } from '../src/api/types.ts';
import { expectation } from '../src/clinic/expected.ts';
import { progress } from '../src/clinic/progress.ts';
import { bytes, facts } from '../src/health/check-words.ts';
import { ageWords, personName, sexAge } from '../src/lib/patient.ts';
import { missingIn } from '../src/reading/validate.ts';
import { links, parseRoute } from '../src/router.ts';

describe('routes', () => {
  it.each([
    ['#/worklist', { page: 'worklist' }],
    ['#/read/17', { page: 'read', task: 17, lookOnly: false }],
    ['#/read/17?look', { page: 'read', task: 17, lookOnly: true }],
    ['#/read/x', { page: 'home' }],
    ['#/clinic/study/1.2.3', { page: 'clinic-study', study: '1.2.3' }],
    ['#/login?back=%23%2Fread%2F3', { page: 'login', back: '#/read/3' }],
    ['#/patients', { page: 'patients', patient: 0 }],
    ['#/patients/12', { page: 'patients', patient: 12 }],
    ['#/quarantine/x', { page: 'quarantine', object: 0 }],
    ['', { page: 'home' }],
    ['#/nonsense', { page: 'home' }],
  ])('%s', (hash, route) => expect(parseRoute(hash)).toEqual(route));

  it('come back to what they were made from', () => {
    expect(parseRoute(links.login('#/read/3?look'))).toEqual({ page: 'login', back: '#/read/3?look' });
    expect(parseRoute(links.patients(7))).toEqual({ page: 'patients', patient: 7 });
    expect(parseRoute(links.quarantine(7))).toEqual({ page: 'quarantine', object: 7 });
    expect(parseRoute(links.clinicStudy('1.2'))).toEqual({ page: 'clinic-study', study: '1.2' });
  });

  it('keep readers out of health and clinics out of the worklist', () => {
    const of = (role: User['role']): readonly string[] => links.allowed({ role } as User);
    expect(of('radiologist')).not.toContain('health');
    expect(of('clinic')).not.toContain('worklist');
    expect(of('clinic')).not.toContain('patients');
    expect(of('radiologist')).not.toContain('quarantine');
    expect(of('regulator')).toEqual(['indicators', 'account']);
  });
});

describe('patients', () => {
  it.each([
    ['Zhang^San=张^三=', '张三'],
    ['张三', '张三'],
    ['DOE^JOHN', 'DOE JOHN'],
    ['^', '姓名不详'],
    ['', '姓名不详'],
  ])('%s', (name, shown) => expect(personName(name)).toBe(shown));

  it('have ages in words', () => {
    expect([ageWords('045Y'), ageWords('8M'), ageWords('12D'), ageWords(''), ageWords('old')]).toEqual([
      '45 岁',
      '8 个月',
      '12 天',
      '',
      '',
    ]);
    expect(sexAge({ id: '', name: '', sex: 'F', birth_date: '', age: '' })).toBe('女');
  });
});

describe('what a report needs', () => {
  const full = { findings: 'a', impression: 'b', positive: false, critical: '' };

  it('is findings, impression and a result', () => {
    expect(missingIn(full, false)).toEqual({});
    expect(Object.keys(missingIn({ ...full, findings: '  ', positive: null }, false))).toEqual(['findings', 'positive']);
  });

  it('is the words of a critical value once it is announced', () => {
    expect(Object.keys(missingIn(full, true))).toEqual(['critical']);
    expect(missingIn({ ...full, critical: 'stroke' }, true)).toEqual({});
  });
});

describe('the way of a study', () => {
  const study = (state: StudyState, change: Partial<StudyDetail> = {}): StudyDetail =>
    ({ state, first_received_at: 'a', ready_at: 'b', due_at: null, limit_at: null, tasks: [], task_id: null, ...change }) as StudyDetail;
  const states = (state: StudyState): string =>
    progress(study(state), null)
      .map((step) => step.state[0])
      .join('');

  it.each([
    ['receiving', 'nooooo'],
    ['queued', 'dnoooo'],
    ['info_wait', 'ddnooo'],
    ['auditing', 'dddnoo'],
    ['signed', 'dddddn'],
    ['delivered', 'dddddd'],
  ] as const)('%s is %s', (state, marks) => expect(states(state)).toBe(marks));

  it('promises the target, then the limit, then admits that it is late', () => {
    const now = new Date(2026, 10, 22, 12, 0).getTime();
    const at = (minutes: number): string => new Date(now + minutes * 60_000).toISOString();
    expect(expectation(study('queued', { due_at: at(30), limit_at: at(60) }), now)).toContain('12:30');
    expect(expectation(study('queued', { due_at: at(-1), limit_at: at(60) }), now)).toContain('13:00');
    expect(expectation(study('queued', { due_at: at(-9), limit_at: at(-1) }), now)).toContain('已过预计时间');
    expect(expectation(study('signed', { due_at: at(30), limit_at: at(60) }), now)).toBe('');
  });
});

describe('bytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1500, '1.5 KB'],
    [523_456, '523 KB'],
    [8_123_456, '8.1 MB'],
  ])('%i is %s', (size, words) => expect(bytes(size)).toBe(words));
});

describe('what a process says', () => {
  it('is told in words, sizes and times, without what is empty', () => {
    const report = { spool_files: 3, free_bytes: 82_524_848_128, oldest_seconds: 65, last_store_error: '', gaps: [], other: null };
    expect(facts(report)).toEqual([
      ['待编目文件', '3'],
      ['剩余磁盘', '83 GB'],
      ['最久等待', '1 分钟'],
    ]);
  });
});
