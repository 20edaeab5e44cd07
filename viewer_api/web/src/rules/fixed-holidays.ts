import type { Holiday } from './calendar.ts';

interface Feasts {
  spring: string;
  qingming: string;
  dragonBoat: string;
  midAutumn: string;
}

/** Days of the lunar calendar, and Qingming by the sun, as month and day. */
const FEASTS: Readonly<Record<number, Feasts>> = {
  2027: { spring: '02-06', qingming: '04-05', dragonBoat: '06-09', midAutumn: '09-15' },
  2028: { spring: '01-26', qingming: '04-04', dragonBoat: '05-28', midAutumn: '10-03' },
  2029: { spring: '02-13', qingming: '04-04', dragonBoat: '06-16', midAutumn: '09-22' },
  2030: { spring: '02-03', qingming: '04-05', dragonBoat: '06-05', midAutumn: '09-12' },
};

const DAY_MS = 86_400_000;

/**
 * The days off that the regulation on holidays (as amended in 2024) fixes by itself. Longer breaks and make-up workdays are
 * told by the State Council's notice a few weeks before the year. Empty for years that are not known here.
 */
export function fixedHolidays(year: number): Holiday[] {
  const feasts = FEASTS[year];
  if (feasts === undefined) return [];
  const at = (day: string, more = 0): string => new Date(Date.parse(`${year}-${day}T00:00Z`) + more * DAY_MS).toISOString().slice(0, 10);
  const one = (name: string, day: string, before = 0, after = 0): Holiday => ({ from: at(day, -before), to: at(day, after), name });
  return [
    one('元旦', '01-01'),
    one('春节', feasts.spring, 1, 2),
    one('清明节', feasts.qingming),
    one('劳动节', '05-01', 0, 1),
    one('端午节', feasts.dragonBoat),
    one('中秋节', feasts.midAutumn),
    one('国庆节', '10-01', 0, 2),
  ];
}

/** Those of the year that no entry of the calendar covers. */
export function missingHolidays(present: readonly Holiday[], year: number): Holiday[] {
  return fixedHolidays(year).filter(({ from, to }) => !present.some((one) => one.from <= from && one.to >= to));
}
