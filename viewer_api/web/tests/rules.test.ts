import { describe, expect, it } from 'vitest';

import { daysOf, holidaysOf, hoursInWords, readHours, withDays, withHolidays } from '../src/rules/calendar.ts';
import { figuresOf, numberAt, rowKeys, withContract, withFigures, withNumber } from '../src/rules/service-times.ts';

const TIMES = {
  groups: { ECG: ['ECG'], CT_MR: ['CT', 'MR'] },
  variants: [
    { name: 'HOLTER', group: 'ECG' },
    { name: 'HEAD', group: 'CT_MR' },
  ],
  targets: { P1: { ECG: { target: 10, maximum: 15 }, 'ECG/HOLTER': { target: 1440, maximum: 2880, working: false } } },
  waits: { accept_minutes: 10, unmanned_minutes: { P2: 240 } },
  contracts: {},
};

describe('service times', () => {
  it('has a row for every group and for every kind inside it', () => {
    expect(rowKeys(TIMES)).toEqual(['ECG', 'ECG/HOLTER', 'CT_MR', 'CT_MR/HEAD']);
  });

  it('changes one figure and leaves what it was made from', () => {
    const next = withFigures(TIMES, 'P1', 'ECG/HOLTER', { target: 60, maximum: 2880 });
    expect(next['targets']).toMatchObject({ P1: { 'ECG/HOLTER': { target: 60, maximum: 2880, working: false } } });
    expect(figuresOf(TIMES, 'P1', 'ECG/HOLTER')).toEqual({ target: 1440, maximum: 2880 });
    expect(figuresOf(withFigures(next, 'P1', 'ECG/HOLTER', null), 'P1', 'ECG/HOLTER')).toBeNull();
  });

  it("keeps a clinic's figures beside the county's", () => {
    const next = withFigures(withContract(TIMES, 't01'), 'P1', 'ECG', { target: 5, maximum: 6 }, 't01');
    expect(figuresOf(next, 'P1', 'ECG', 't01')).toEqual({ target: 5, maximum: 6 });
    expect(figuresOf(next, 'P1', 'ECG')).toEqual({ target: 10, maximum: 15 });
    expect(withContract(next, 't01')).toBe(next);
  });

  it('reaches a number by its path', () => {
    const next = withNumber(TIMES, 'waits.unmanned_minutes.P2', 60);
    expect(numberAt(next, 'waits.unmanned_minutes.P2')).toBe(60);
    expect(numberAt(next, 'waits.accept_minutes')).toBe(10);
    expect(numberAt(next, 'waits.nothing')).toBeNull();
  });
});

describe('the calendar', () => {
  it('keeps holidays and workdays in order, each day once', () => {
    const later = { from: '2027-05-01', to: '2027-05-05', name: '劳动节' };
    const sooner = { from: '2027-01-01', to: '2027-01-01', name: '元旦' };
    expect(holidaysOf(withHolidays({}, [later, sooner]))).toEqual([sooner, later]);
    expect(daysOf(withDays({}, 'workdays', ['2027-02-20', '2027-02-07', '2027-02-20']), 'workdays')).toEqual([
      '2027-02-07',
      '2027-02-20',
    ]);
  });

  it('reads hours as people write them, and nothing else', () => {
    expect(readHours('08:00-12:00, 13:30 – 17:30')).toEqual([
      ['08:00', '12:00'],
      ['13:30', '17:30'],
    ]);
    expect(hoursInWords({ hours: [['08:00', '12:00'], ['20:00', '00:00']] })).toBe('08:00-12:00, 20:00-00:00');
    for (const wrong of ['', '8-12', '08:00', '25:00-26:00', '08:00-12:00-13:00']) expect(readHours(wrong)).toBeNull();
  });
});
