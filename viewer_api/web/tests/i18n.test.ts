import { describe, expect, it } from 'vitest';

import { en } from '../src/i18n/en.ts';
import { zh } from '../src/i18n/zh.ts';

const keys = Object.keys(zh) as (keyof typeof zh)[];
const placeholders = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([whole]) => whole).sort();
const SPEAKS_THE_OTHER = new Set(['app.language', 'app.language.hint']);

describe('catalogues', () => {
  it('have the same messages', () => {
    expect(Object.keys(en).sort()).toEqual([...keys].sort());
  });

  it.each(keys)('%s is written in both, with the same parameters', (key) => {
    expect(zh[key].trim()).not.toBe('');
    expect(en[key].trim()).not.toBe('');
    expect(placeholders(en[key])).toEqual(placeholders(zh[key]));
  });

  it('keep English free of Chinese characters', () => {
    const chinese = keys.filter((key) => !SPEAKS_THE_OTHER.has(key) && /[\u3000-\u9fff\uff00-\uffef]/.test(en[key]));
    expect(chinese).toEqual([]);
  });

  it('use full-width punctuation beside Chinese characters', () => {
    const wrong = keys.filter((key) => /[\u4e00-\u9fff][,;:?!(]|[,;:?!)][\u4e00-\u9fff]/.test(zh[key]));
    expect(wrong).toEqual([]);
  });
});
