import { describe, expect, it } from 'vitest';

import type { Share } from '../src/api/boards-types.ts';
import { asPercent, hundredths, misses, openTasks, stepName, trend, yuan } from '../src/boards/figures.ts';
import { setLanguage } from '../src/i18n/index.ts';
import { parseRoute } from '../src/router.ts';
import { isNameless } from '../src/worklist/name-exam.ts';

const share = (key: string, percent: number | null): Share => ({ key, label: key, label_en: key, numerator: 0, denominator: 0, percent });

describe('amounts', () => {
  it('are told in yuan with two decimals', () => {
    expect([0, 5, 6000, -6050, -5].map(yuan)).toEqual(['0.00', '0.05', '60.00', '-60.50', '-0.05']);
  });

  it('are read as people write them, and nothing else is', () => {
    expect(['60', '-12.5', ' 0.05 ', '+3', '−1'].map(hundredths)).toEqual([6000, -1250, 5, 300, -100]);
    expect(['', 'x', '1.234', '1,5', '--1', '12345678'].map(hundredths)).toEqual([null, null, null, null, null, null]);
  });

  it('come back as they were told', () => {
    for (const amount of [1, 99, 100, -1, -12345]) expect(hundredths(yuan(amount))).toBe(amount);
  });
});

describe('the board', () => {
  const classes = [
    { priority: 'P0', open: 2, steps: { breached: 1, '10': 1 } },
    { priority: 'P2', open: 3, steps: { later: 3 } },
  ] as const;

  it('adds up its classes, all of them or of one step', () => {
    expect([openTasks({ classes }), openTasks({ classes }, 'breached'), openTasks({ classes }, 'paused')]).toEqual([5, 1, 0]);
  });

  it('names its steps', () => {
    setLanguage('en');
    expect(['breached', '10', 'later'].map(stepName)).toEqual(['Breached', 'In 10 min', 'Later']);
    setLanguage('zh');
  });
});

describe('indicators', () => {
  it('miss a target on its wrong side alone', () => {
    expect([misses(94, 95, false), misses(95, 95, false), misses(3, 2, true), misses(2, 2, true)]).toEqual([true, false, true, false]);
    expect([misses(null, 95, false), misses(3, null, true)]).toEqual([false, false]);
  });

  it('show what is not known as such', () => {
    expect([asPercent(null), asPercent(98.26)]).toEqual(['–', '98.3%']);
  });

  it('draw a month with nothing to count as a gap, not as nought', () => {
    expect(trend([share('2026-01', 100), share('2026-02', null), share('2026-03', 50)], 100, 40)).toBe('0.0,0.0 100.0,20.0');
    expect(trend([share('2026-01', 50)], 100, 40)).toBe('0.0,20.0');
  });
});

describe('a nameless exam', () => {
  it('is one of which the machine said neither words nor body part', () => {
    expect([isNameless({ description: '', body_part: '' }), isNameless({ description: '', body_part: 'CHEST' })]).toEqual([true, false]);
  });
});

describe('a wall', () => {
  it('takes its token from behind the hash', () => {
    expect(parseRoute('#/wall/crw_abc-_1')).toEqual({ page: 'wall', token: 'crw_abc-_1' });
  });
});
