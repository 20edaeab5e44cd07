import { beforeEach, describe, expect, it, vi } from 'vitest';

import type { Task } from '../src/api/types.ts';
import type { Fault } from '../src/api/quality-types.ts';
import { setLanguage } from '../src/i18n/index.ts';
import { CASE_KEYS, commandOf } from '../src/reading/case-keys.ts';
import { Early, seriesOfNext } from '../src/reading/early.ts';
import { signingWarning } from '../src/reading/questions.ts';
import { marksIn, piecesOf } from '../src/reading/text-marks.ts';
import { forgetDrafts, unsentDrafts } from '../src/reading/unsent.ts';
import { wordDifference } from '../src/templates/difference.ts';
import { forgetViews, keepView, lastView } from '../src/worklist/last-view.ts';

const plain = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, isComposing: false };

describe('keys of the reading page', () => {
  it('are each asked for by one key alone', () => {
    const pressed = CASE_KEYS.map(({ code, with: held }) => `${held} ${code}`);
    expect(new Set(pressed).size).toBe(CASE_KEYS.length);
    expect(commandOf({ ...plain, code: 'Enter', ctrlKey: true })).toBe('finish_next');
    expect(commandOf({ ...plain, code: 'NumpadEnter', ctrlKey: true, shiftKey: true })).toBe('finish');
    expect(commandOf({ ...plain, code: 'KeyN', altKey: true })).toBe('next');
  });

  it('leave letters, AltGr and input methods alone', () => {
    expect(commandOf({ ...plain, code: 'KeyN' })).toBeNull();
    expect(commandOf({ ...plain, code: 'KeyQ', altKey: true, ctrlKey: true })).toBeNull();
    expect(commandOf({ ...plain, code: 'Enter', ctrlKey: true, isComposing: true })).toBeNull();
    expect(commandOf({ ...plain, code: 'Enter' })).toBeNull();
  });
});

describe('what is asked for early', () => {
  it('is given out once, while it is fresh', async () => {
    let now = 0;
    const early = new Early<string>(() => now);
    early.put('a', Promise.resolve('one'));
    expect(early.takeSettled('a')).toBeNull();
    await Promise.resolve();
    expect(early.takeSettled('a')).toBe('one');
    expect(early.take('a')).toBeUndefined();
    early.put('b', Promise.resolve('two'));
    now = 3_600_000;
    expect(early.has('b')).toBe(false);
  });

  it('does not count when it failed', async () => {
    const early = new Early<string>();
    early.put('a', Promise.reject(new Error('no')));
    await vi.waitFor(() => expect(early.has('a')).toBe(false));
  });

  it('is of the next case alone', () => {
    const item = (of: 'case' | 'next', series: string) => ({
      url: `/dicomweb/studies/1.2/series/${series}/instances/9/frames/1`,
      size: 1,
      of,
      study_instance_uid: '1.2',
    });
    const plan = { accept: '', items: [item('case', '1.1'), item('next', '2.1'), item('next', '2.1'), item('next', '2.2')] };
    expect(seriesOfNext(plan)).toEqual([['1.2', '2.1'], ['1.2', '2.2']]);
  });
});

describe('wordDifference', () => {
  const told = (before: string, now: string): string =>
    wordDifference(before, now)
      .map(({ kind, text }) => (kind === 'same' ? text : kind === 'only_before' ? `[-${text}-]` : `[+${text}+]`))
      .join('');

  it('shows the words of a sentence that changed', () => {
    expect(told('右肺上叶见结节，直径8.5mm。心影正常。', '右肺下叶见结节，直径12mm。心影正常。')).toBe(
      '右肺[-上-][+下+]叶见结节，直径[-8.5-][+12+]mm。心影正常。',
    );
    expect(told('No focal lesion.', 'No large focal lesion.')).toBe('No [+large +]focal lesion.');
  });

  it('shows sentences whole that have little in common, and nothing where nothing changed', () => {
    expect(told('两肺清晰。', '左侧胸腔积液伴肺不张。')).toBe('[-两肺清晰。-][+左侧胸腔积液伴肺不张。+]');
    expect(told('甲。', '甲。')).toBe('甲。');
    expect(told('', '甲。')).toBe('[+甲。+]');
  });
});

describe('marks in a text', () => {
  const fault = (start: number, end: number): Fault => ({ code: 'side_differs', severity: 'blocks', field: 'findings', start, end, zh: '', en: '' });
  const checked = { faults: [fault(3, 5)], content: { findings: '右肺。左肺。', impression: '', positive: null, critical: '', structure: null } };

  it('stay with their words while others are typed', () => {
    const at = (now: string) => marksIn(checked, 'findings', now).map(({ start, end }) => now.slice(start, end));
    expect(at('右肺。左肺。')).toEqual(['左肺']);
    expect(at('两侧：右肺。左肺。')).toEqual(['左肺']);
    expect(at('右肺。左肺。多')).toEqual(['左肺']);
    expect(at('右肺。左侧肺。')).toEqual([]);
    expect(marksIn(checked, 'impression', '')).toEqual([]);
  });

  it('cut the text without losing a character', () => {
    const pieces = piecesOf('右肺。左肺。', [...marksIn(checked, 'findings', '右肺。左肺。'), { start: 4, end: 6, severity: 'warns' }]);
    expect(pieces.map(({ text }) => text)).toEqual(['右肺。', '左肺', '。']);
  });
});

describe('the question before a signature', () => {
  it('names images that are less than was taken, and a critical value', () => {
    setLanguage('en');
    expect(signingWarning({ critical: '' }, 0)).toBe('');
    expect(signingWarning({ critical: '' }, 2)).toContain('2');
    const both = signingWarning({ critical: 'pneumothorax' }, 1);
    expect(both).toContain('full quality');
    expect(both).toContain('pneumothorax');
    setLanguage('zh');
  });
});

describe('what this PC keeps', () => {
  const stored = (): Storage => {
    const kept: Record<string, string> = {};
    const methods = { getItem: (key: string) => kept[key] ?? null, setItem: (key: string, value: string) => void (kept[key] = value), removeItem: (key: string) => void delete kept[key] };
    return new Proxy(kept, { get: (_, key) => (methods as Record<string | symbol, unknown>)[key] ?? kept[key as string] }) as unknown as Storage;
  };

  beforeEach(() => {
    vi.stubGlobal('localStorage', stored());
    vi.stubGlobal('sessionStorage', stored());
    return () => vi.unstubAllGlobals();
  });

  it('finds the drafts of one person that were never sent, and forgets them with the log-out', () => {
    localStorage.setItem('countyread.draft.li.7', JSON.stringify({ content: {}, at: '2026-01-01T00:00:00Z' }));
    localStorage.setItem('countyread.draft.li.9', JSON.stringify({ content: {}, at: '2026-01-02T00:00:00Z' }));
    localStorage.setItem('countyread.draft.wang.8', JSON.stringify({ content: {}, at: '2026-01-02T00:00:00Z' }));
    localStorage.setItem('countyread.draft.li.3', 'broken');
    expect(unsentDrafts('li').map(({ task }) => task)).toEqual([9, 7]);
    forgetDrafts('li');
    expect(unsentDrafts('li')).toEqual([]);
    expect(unsentDrafts('wang').length).toBe(1);
  });

  it('shows a list of before to the person who saw it', () => {
    keepView('li', 'mine', [{ id: 1 } as Task]);
    keepView('li', 'due', [{ id: 2 } as Task]);
    expect(lastView('li', 'mine')?.map(({ id }) => id)).toEqual([1]);
    expect(lastView('wang', 'mine')).toBeNull();
    forgetViews();
    expect(lastView('li', 'due')).toBeNull();
  });
});
