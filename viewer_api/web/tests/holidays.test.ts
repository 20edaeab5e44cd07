import { describe, expect, it } from 'vitest';

import { fixedHolidays, missingHolidays } from '../src/rules/fixed-holidays.ts';

describe('fixed holidays', () => {
  it('are thirteen days a year, in their order', () => {
    for (const year of [2027, 2028, 2029, 2030]) {
      const days = fixedHolidays(year);
      const length = days.reduce((sum, { from, to }) => sum + (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1, 0);
      expect([year, length]).toEqual([year, 13]);
      expect(days.every(({ from }) => from.startsWith(String(year)))).toBe(true);
    }
    expect(fixedHolidays(2027)[1]).toEqual({ from: '2027-02-05', to: '2027-02-08', name: '春节' });
  });

  it('are proposed only where nothing covers them', () => {
    const longer = { from: '2027-10-01', to: '2027-10-07', name: '国庆节' };
    expect(missingHolidays([longer], 2027).map(({ name }) => name)).not.toContain('国庆节');
    expect(missingHolidays(fixedHolidays(2027), 2027)).toEqual([]);
    expect(missingHolidays([], 2031)).toEqual([]);
  });
});
