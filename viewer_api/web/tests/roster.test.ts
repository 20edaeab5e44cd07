import { expect, test } from 'vitest';

import { daysBetween, inZone, isAway, plusDays, startOf, weekOf } from '../src/roster/week.ts';

const CHINA = 'Asia/Shanghai';

test('days are counted across months and years', () => {
  expect(plusDays('2026-02-28', 1)).toBe('2026-03-01');
  expect(plusDays('2026-01-01', -1)).toBe('2025-12-31');
  expect(daysBetween('2026-03-09', '2026-04-08')).toBe(30);
  expect(weekOf('2026-03-30').slice(-2)).toEqual(['2026-04-04', '2026-04-05']);
});

test('times are those of the county, whatever this PC shows', () => {
  expect(inZone('2026-03-09T16:30:00Z', CHINA)).toEqual({ day: '2026-03-10', time: '00:30' });
  expect(startOf('2026-03-09', CHINA)).toBe('2026-03-08T16:00:00.000Z');
});

test('a day begins at its own midnight when clocks change', () => {
  expect(startOf('2026-03-29', 'Europe/Berlin')).toBe('2026-03-28T23:00:00.000Z');
  expect(startOf('2026-03-30', 'Europe/Berlin')).toBe('2026-03-29T22:00:00.000Z');
});

test('somebody is away on the days that his absence touches', () => {
  const absence = { id: 1, user: 'li', kind: null, starts_at: '2026-03-08T16:00:00Z', ends_at: '2026-03-09T16:00:00Z', note: '' };
  const away = (user: string, day: string): boolean => isAway([absence], user, day, CHINA);
  expect([away('li', '2026-03-08'), away('li', '2026-03-09'), away('li', '2026-03-10')]).toEqual([false, true, false]);
  expect(away('wang', '2026-03-09')).toBe(false);
});
