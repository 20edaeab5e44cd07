import { describe, expect, it } from 'vitest';

import { percent } from '../src/quality/bars.ts';
import { figuresSheet } from '../src/quality/quality-api.ts';
import { placeOf } from '../src/quality/report-faults.ts';

describe('the place of a fault', () => {
  it('is counted as the server counts it, whatever stands before', () => {
    const text = '𠮷见左肺结节';
    const [start, end] = placeOf(text, { start: 2, end: 4 });
    expect(text.slice(start, end)).toBe('左肺');
  });

  it('is the same for plain Chinese', () => {
    expect(placeOf('左肺结节', { start: 0, end: 2 })).toEqual([0, 2]);
  });
});

describe('figures', () => {
  it('show a share of nothing as a dash', () => {
    expect(percent(null)).toBe('–');
    expect(percent(0.125)).toBe('12.5%');
  });

  it('link to a sheet with what is asked for', () => {
    expect(figuresSheet({ by: 'site', from: '2026-01-01' })).toBe('/api/v1/quality/figures.csv?by=site&from=2026-01-01');
  });
});
