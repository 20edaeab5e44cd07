import { describe, expect, it } from 'vitest';

import { en } from '../src/i18n/en.ts';
import { setLanguage, t, word } from '../src/i18n/index.ts';
import { zh } from '../src/i18n/zh.ts';

const keys = Object.keys(zh) as (keyof typeof zh)[];
const placeholders = (text: string): string => [...text.matchAll(/\{\w+\}/g)].map(([whole]) => whole).sort().join();
const SPEAKS_THE_OTHER: ReadonlySet<string> = new Set(['app.language', 'app.language.hint']);

describe('catalogues', () => {
  it('have the same messages, all of them written', () => {
    expect(Object.keys(en).sort()).toEqual([...keys].sort());
    expect(keys.filter((key) => zh[key].trim() === '' || en[key].trim() === '')).toEqual([]);
  });

  it('have the same parameters', () => {
    expect(keys.filter((key) => placeholders(en[key]) !== placeholders(zh[key]))).toEqual([]);
  });

  it('keep English free of Chinese characters', () => {
    expect(keys.filter((key) => !SPEAKS_THE_OTHER.has(key) && /[\u3000-\u9fff\uff00-\uffef]/.test(en[key]))).toEqual([]);
  });

  it('use full-width punctuation beside Chinese characters', () => {
    expect(keys.filter((key) => /[\u4e00-\u9fff][,;:?!(]|[,;:?!)][\u4e00-\u9fff]/.test(zh[key]))).toEqual([]);
  });

  it('name every state for clinics too', () => {
    const states = keys.filter((key) => key.startsWith('state.')).map((key) => key.slice('state.'.length));
    expect(states.filter((state) => !(`clinic_state.${state}` in zh))).toEqual([]);
  });
});

describe('t', () => {
  it('speaks the chosen language and fills in parameters', () => {
    setLanguage('zh');
    expect(t('viewer.image_of', { n: 3, count: 28 })).toBe('图像 3 / 28');
    setLanguage('en');
    expect(t('viewer.image_of', { n: 3, count: 28 })).toBe('Image 3 / 28');
    setLanguage('zh');
  });

  it('leaves a parameter that is not given visible', () => {
    expect(t('sla.left')).toContain('{time}');
  });
});

describe('word', () => {
  it('falls back to the value of the server', () => {
    expect(word('modality', 'CT')).toBe('CT');
    expect(word('modality', 'PT')).toBe('PT');
  });
});
