import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { setLanguage } from '../src/i18n/index.ts';
import { lastMonths, spanOf } from '../src/lib/months.ts';
import { learnServerTime, serverNow } from '../src/lib/server-time.ts';
import { ago, countdown, day, duration, examMoment, listedMoment, moment } from '../src/lib/time.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

afterEach(() => setLanguage('zh'));

describe('when an exam was made', () => {
  it('is a day alone where no time is known', () => {
    expect(examMoment({ exam_started_at: null, exam_date: '2026-03-01' }, '–')).toBe('2026/03/01');
    expect(examMoment({ exam_started_at: null, exam_date: null }, '–')).toBe('–');
    expect(examMoment({ exam_started_at: '2026-03-01T04:05:00Z', exam_date: null }, '–')).toMatch(/^2026\/03\/01 \d\d:\d5$/);
    expect(listedMoment({ at: '2026-03-01T00:00:00Z', exam_date: '2026-03-01' })).toBe('2026/03/01');
    setLanguage('en');
    expect(listedMoment({ at: '2026-03-01T00:00:00Z', exam_date: '2026-03-01' })).toBe('01/03/2026');
  });
});

describe('duration', () => {
  it.each([
    [59_999, '59 秒'],
    [MINUTE, '1 分钟'],
    [HOUR - 1, '59 分钟'],
    [HOUR, '1 小时'],
    [HOUR + 5 * MINUTE, '1 小时 5 分'],
    [24 * HOUR, '1 天'],
    [49 * HOUR, '2 天 1 小时'],
    [-5 * MINUTE, '5 分钟'],
  ])('%i ms is %s', (ms, words) => expect(duration(ms)).toBe(words));

  it('speaks English', () => {
    setLanguage('en');
    expect(duration(HOUR + 5 * MINUTE)).toBe('1 h 5 min');
  });
});

describe('countdown', () => {
  it('shows seconds below ten minutes', () => {
    expect(countdown(9 * MINUTE + 7000)).toBe('09:07');
    expect(countdown(-61_000)).toBe('01:01');
    expect(countdown(10 * MINUTE)).toBe('10 分钟');
  });
});

describe('moment', () => {
  const now = new Date(2026, 10, 22, 0, 5).getTime();

  it('tells today, yesterday and other days apart by the calendar', () => {
    expect(moment(new Date(2026, 10, 22, 0, 1).toISOString(), now)).toBe('00:01');
    expect(moment(new Date(2026, 10, 21, 23, 59).toISOString(), now)).toBe('昨天 23:59');
    expect(moment(new Date(2026, 10, 20, 8, 0).toISOString(), now)).toMatch(/^11\/20.08:00$/);
    expect(moment(new Date(2025, 10, 20, 8, 0).toISOString(), now)).toContain('2025');
  });

  it('has a sign for nothing', () => {
    expect(moment(null, now)).toBe('–');
    expect(day('')).toBe('–');
  });
});

describe('ago', () => {
  it('counts from the minute on', () => {
    const now = Date.parse('2026-11-22T04:00:00Z');
    expect(ago('2026-11-22T03:59:30Z', now)).toBe('刚刚');
    expect(ago('2026-11-22T03:57:00Z', now)).toBe('3 分钟前');
  });
});

describe('server time', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.setSystemTime(Date.parse('2026-11-22T04:00:00Z'));
  });
  afterEach(() => {
    learnServerTime(new Date().toUTCString());
    vi.useRealTimers();
  });

  it('follows a server that is minutes ahead of this PC', () => {
    learnServerTime('Sun, 22 Nov 2026 04:07:00 GMT');
    expect(serverNow() - Date.now()).toBe(7 * MINUTE + 500);
  });

  it('ignores the second that the header rounds away, and answers without the header', () => {
    learnServerTime('Sun, 22 Nov 2026 04:00:01 GMT');
    expect(serverNow()).toBe(Date.now());
    learnServerTime(null);
    expect(serverNow()).toBe(Date.now());
  });
});

describe('months', () => {
  afterEach(() => vi.useRealTimers());

  it('are counted back over the turn of the year', () => {
    vi.useFakeTimers({ now: new Date(2026, 1, 28) });
    expect(lastMonths(3)).toEqual(['2026-02', '2026-01', '2025-12']);
  });

  it('span from the first moment of the earlier one to the end of the later one, in whatever order', () => {
    const span = { since: new Date(2025, 10, 1).toISOString(), until: new Date(2026, 1, 1).toISOString() };
    expect(spanOf('2025-11', '2026-01')).toEqual(span);
    expect(spanOf('2026-01', '2025-11')).toEqual(span);
  });
});
