import { afterEach, describe, expect, it } from 'vitest';

import type { Study } from '../src/api/types.ts';
import { doubt, expectation, remarks } from '../src/clinic/expected.ts';
import { language } from '../src/i18n/index.ts';

const RECEIVING = { state: 'receiving', waiting_for: null, missing: 0, expected: null, may_be_incomplete: false } as Study;

afterEach(() => language.set('zh'));

describe('what a study waits for', () => {
  it('is said to the technician in his language', () => {
    const missing = { ...RECEIVING, waiting_for: 'missing', missing: 3, expected: 40 } as Study;
    expect(expectation(missing, 0)).toBe('等待 3 幅图像（共 40 幅）');
    language.set('en');
    expect(expectation(missing, 0)).toBe('Images still to come: 3 of 40');
    expect(expectation({ ...missing, expected: null }, 0)).toBe('Images still to come: 3');
  });

  it.each(['images', 'store', 'idle', 'association', null] as const)('has words of its own for %s', (waiting_for) => {
    const words = expectation({ ...RECEIVING, waiting_for }, 0);
    expect(words).not.toMatch(/[.{}]/);
    expect(words === expectation(RECEIVING, 0)).toBe(waiting_for === null || waiting_for === 'association');
  });

  it('names what is missing although the association goes on', () => {
    expect(expectation({ ...RECEIVING, waiting_for: 'association', missing: 2, expected: 9 }, 0)).toContain('2');
  });
});

describe('a study that was read early', () => {
  it('says what may be lacking, and nothing when nothing does', () => {
    expect(doubt(RECEIVING)).toBe('');
    expect(doubt({ ...RECEIVING, may_be_incomplete: true })).toBe('图像可能不全');
    expect(doubt({ ...RECEIVING, may_be_incomplete: true, missing: 2, expected: 9 })).toBe('共 9 幅图像，缺 2 幅');
  });
});

describe("a row of the clinic's list", () => {
  const queued = { ...RECEIVING, state: 'queued', waiting_for: null, due_at: null, limit_at: null, may_be_incomplete: true, missing: 2, expected: 5 } as Study;

  it('names the images that have not come, also after the study was queued or read', () => {
    expect(remarks(queued, 0)).toEqual(['共 5 幅图像，缺 2 幅']);
    expect(remarks({ ...queued, state: 'signed' } as Study, 0)).toHaveLength(1);
    expect(remarks({ ...queued, may_be_incomplete: false, missing: 0 }, 0)).toEqual([]);
    expect(remarks({ ...queued, state: 'receiving' } as Study, 0)).toHaveLength(1);
  });
});
