import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import type { FieldSpec, FittingTemplate, OptionSpec, Phrase, TemplateContent, Values } from '../src/api/templates-types.ts';
import type { ReportContent } from '../src/api/types.ts';
import type { Language } from '../src/i18n/index.ts';
import { findOptions } from '../src/templates/finding-options.ts';
import { EMPTY } from '../src/reading/draft-keeper.ts';
import { accepted, endOfChange, matching, nextPlaceholder, typedBefore } from '../src/templates/completion.ts';
import { difference } from '../src/templates/difference.ts';
import { changedByHand, merge, mergeLines } from '../src/templates/merging.ts';
import { findingsText, impressionText, render } from '../src/templates/render.ts';
import { StructuredReport } from '../src/templates/structured-report.ts';
import { Undo } from '../src/templates/undo.ts';

interface Case {
  template: string;
  values: Values;
  language: Language;
  findings: string;
  impression: string;
  positive: boolean;
  classes: Record<string, string>;
}

function json<T>(path: string): T {
  return JSON.parse(readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')) as T;
}

interface Kept {
  trial: TemplateContent;
  catalogues: Record<string, readonly OptionSpec[]>;
  cases: Case[];
}

const { trial, catalogues, cases } = json<Kept>('tests/unit/reading_queue/templates/rendering_cases.json');
const contents = new Map<string, TemplateContent>([['', trial]]);

function content(key: string): TemplateContent {
  if (!contents.has(key)) contents.set(key, whole(json<{ content: TemplateContent }>(`reading_queue/templates/shipped/${key}.json`).content));
  return contents.get(key)!;
}

/** As the server gives it: a field that offers a catalogue has its entries as options. */
function whole(file: TemplateContent): TemplateContent {
  const fields = (file.fields as readonly (FieldSpec & { options_from?: string })[]).map(({ options_from: from, ...field }) => {
    const options = from === undefined ? undefined : catalogues[from];
    return options === undefined ? field : { ...field, options };
  });
  return { ...file, fields };
}

function template(key = ''): FittingTemplate {
  const rest = { level: 'shipped', department: '', may_change: false, changed_at: null, suggested: true, start: {} } as const;
  return { id: key || 'trial', key, version: 1, content: content(key), ...rest };
}

describe('render', () => {
  it('says what the server says', () => {
    expect(cases.length).toBeGreaterThan(100);
    for (const one of cases) {
      const said = render(content(one.template), one.values, one.language);
      const { positive, classes } = said;
      expect({ ...one, findings: findingsText(said), impression: impressionText(said), positive, classes }).toEqual(one);
    }
  });
});

function started(key = 'chest-dr', values: Values = {}): { report: StructuredReport; words: ReportContent } {
  const report = new StructuredReport(template(key), 'zh', values);
  return { report, words: { ...EMPTY, ...report.whole() } };
}

describe('StructuredReport', () => {
  it('changes the one sentence that a field is in', () => {
    const { report, words } = started();
    const changed = { ...words, ...report.set('heart', 'enlarged', words) };
    expect(changed.findings).toBe(words.findings.replace('心影形态、大小正常', '心影增大'));
    expect([changed.impression, changed.positive]).toEqual(['心影增大。', true]);
    const back = { ...changed, ...report.set('heart', 'normal', changed) };
    expect([back.findings, back.impression, back.positive]).toEqual([words.findings, words.impression, false]);
  });

  it('keeps what was written by hand beside the template', () => {
    const { report, words } = started();
    const mine = { ...words, findings: `${words.findings}可见起搏器影。`, impression: `${words.impression}\n请结合临床。` };
    const changed = { ...mine, ...report.set('heart', 'enlarged', mine) };
    expect(changed.findings).toContain('心影增大');
    expect(changed.findings.endsWith('可见起搏器影。')).toBe(true);
    expect(changed.impression).toContain('请结合临床。');
    expect(report.asked).toEqual([]);
  });

  it('asks before it touches a sentence that was changed by hand', () => {
    const { report, words } = started();
    const mine = { ...words, findings: words.findings.replace('心影形态、大小正常', '心影呈靴形') };
    const changed = { ...mine, ...report.set('heart', 'enlarged', mine) };
    expect(changed.findings).toBe(mine.findings);
    expect(report.asked.map(({ id, hand }) => [id, hand])).toEqual([['mediastinum', '纵隔居中，无增宽，心影呈靴形，主动脉结未见异常。']]);
    const decided = { ...changed, ...report.decide(report.asked[0]!, true, changed) };
    expect(decided.findings).toContain('心影增大');
    expect(decided.findings).not.toContain('靴形');
    expect(report.asked).toEqual([]);
  });

  it('keeps the hand-written sentence when the reader says so, and asks again at the next change', () => {
    const { report, words } = started();
    const mine = { ...words, findings: words.findings.replace('无增宽', '略宽') };
    const changed = { ...mine, ...report.set('heart', 'enlarged', mine) };
    expect(report.decide(report.asked[0]!, false, changed)).toEqual({});
    report.set('heart', 'normal', changed);
    expect(report.asked).toHaveLength(1);
  });

  it('leaves a result that the reader has chosen against the template', () => {
    const { report, words } = started();
    const chosen = { ...words, positive: true };
    expect(report.set('zone', 'upper', chosen).positive).toBe(true);
  });

  it('comes back from a draft when the edition is the same', () => {
    const { report } = started('chest-dr', { heart: 'enlarged' });
    expect(StructuredReport.of(report.structure, [template('chest-dr')])?.values).toEqual({ heart: 'enlarged' });
    expect(StructuredReport.of({ ...report.structure, version: 9 }, [template('chest-dr')])).toBeNull();
    expect(StructuredReport.of(null, [template('chest-dr')])).toBeNull();
  });
});

describe('merge', () => {
  it('gives the whole report of the new values from an untouched one, whatever the values', () => {
    const all = cases.filter(({ template: key }) => key !== '');
    for (const [n, one] of all.entries()) {
      const other = all.slice(n + 1).find((next) => next.template === one.template && next.language === one.language);
      if (other === undefined) continue;
      const [a, b] = [render(content(one.template), one.values, one.language), render(content(other.template), other.values, other.language)];
      expect(merge(findingsText(a), a.findings, b.findings, one.language)).toEqual({ text: findingsText(b), edited: [] });
      expect(mergeLines(impressionText(a), a.impression, b.impression, one.language)).toEqual({ text: impressionText(b), edited: [] });
    }
  });

  it('never loses a word that was written by hand', () => {
    for (const one of cases.filter(({ template: key, language }) => key !== '' && language === 'zh')) {
      const a = render(content(one.template), {}, 'zh');
      const b = render(content(one.template), one.values, 'zh');
      const mine = findingsText(a).replaceAll('。', '，手写。') + '补充一句。';
      const merged = merge(mine, a.findings, b.findings, 'zh');
      expect(merged.text.match(/手写/g)?.length).toBe(mine.match(/手写/g)?.length);
      expect(merged.text).toContain('补充一句。');
    }
  });

  it('numbers lines again, but leaves a text that was not numbered', () => {
    const said = (id: string, text: string) => ({ id, text, paragraph: false });
    const before = [said('a', '甲。'), said('b', '乙。')];
    expect(mergeLines('1. 甲。\n2. 乙。\n3. 手写。', before, [said('b', '乙。')], 'zh').text).toBe('1. 乙。\n2. 手写。');
    expect(mergeLines('甲。\n乙。手写', before, [said('a', '丙。'), said('b', '乙。')], 'zh').text).toBe('丙。\n乙。手写');
  });

  it('knows which sentences were changed by hand', () => {
    const { report, words } = started();
    expect(changedByHand(words.findings, report.said.findings)).toEqual([]);
    expect(changedByHand(words.findings.replace('锐利', '变钝'), report.said.findings)).toEqual(['pleura']);
  });
});

function phrase(id: string, code: string, zh: string, more: Partial<Phrase> = {}): Phrase {
  const rest = { level: 'shipped', department: '', modalities: [], body_parts: [], may_change: false } as const;
  return { id, code, zh, en: '', section: '', pinyin: '', initials: '', uses: 0, ...rest, ...more };
}

describe('completion', () => {
  const all = [
    phrase('clear', 'xbzc', '两肺纹理清晰。', { initials: 'lfwlqx', pinyin: 'liangfeiwenliqingxi', en: 'Clear lungs.' }),
    phrase('used', 'fwl', '两肺纹理增多。', { initials: 'lfwlzd', pinyin: 'liangfeiwenlizengduo', uses: 5 }),
    phrase('impression', 'lfx', '两肺炎症。', { initials: 'lfyz', pinyin: 'liangfeiyanzheng', section: 'impression' }),
  ];
  const ids = (letters: string, section: 'findings' | 'impression' = 'findings', language: Language = 'zh') =>
    matching(all, letters, section, language).map(({ id }) => id);

  it('begins after two small letters that stand alone', () => {
    expect(typedBefore('心影lf', 4, 'zh')).toEqual({ start: 2, letters: 'lf' });
    expect(typedBefore('心影lfwl清晰', 4, 'zh')).toEqual({ start: 2, letters: 'lf' });
    for (const [text, caret] of [['l', 1], ['CT', 2], ['Tlf', 3], ['8lf', 3], ['心影', 2], ['lf ', 3], ['T2lf', 4]] as const) {
      expect(typedBefore(text, caret, 'zh')).toBeNull();
    }
    expect(typedBefore('no', 2, 'en')).toBeNull();
  });

  it('finds by code, initials and pinyin, what is used most first', () => {
    expect(ids('lfwl')).toEqual(['used', 'clear']);
    expect(ids('xbzc')).toEqual(['clear']);
    expect(ids('liangfeiwenliq')).toEqual(['clear']);
    expect(ids('lf', 'impression')).toEqual(['impression', 'used', 'clear']);
    expect(ids('zz')).toEqual([]);
    expect(ids('clear', 'findings', 'en')).toEqual(['clear']);
  });

  it('puts the phrase in the place of the letters and selects the first blank', () => {
    expect(accepted('A。lf', 4, { start: 2, letters: 'lf' }, '{部位}炎症，{x}。')).toEqual({ text: 'A。{部位}炎症，{x}。', start: 2, end: 6 });
    expect(accepted('lf后', 2, { start: 0, letters: 'lf' }, '正常。')).toEqual({ text: '正常。后', start: 3, end: 3 });
  });

  it('goes from blank to blank, round and back', () => {
    const text = '{a}与{b}';
    expect(nextPlaceholder(text, 0, 3, false)).toEqual({ start: 4, end: 7 });
    expect(nextPlaceholder(text, 4, 7, false)).toEqual({ start: 0, end: 3 });
    expect(nextPlaceholder(text, 4, 7, true)).toEqual({ start: 0, end: 3 });
    expect(nextPlaceholder('无', 0, 0, false)).toBeNull();
  });
});

describe('endOfChange', () => {
  it('is where the words became other words', () => {
    expect([endOfChange('甲丙', '甲乙丙'), endOfChange('甲乙丙', '甲丙'), endOfChange('aa', 'aaa'), endOfChange('', '甲')]).toEqual([2, 1, 1, 1]);
  });
});

describe('difference', () => {
  it('tells sentence by sentence what has come and what has gone', () => {
    const pieces = difference('两肺清晰。心影增大。', '两肺清晰。\n结节大小8.5mm。心影增大。');
    expect(pieces.map(({ kind }) => kind)).toEqual(['same', 'only_now', 'same']);
    expect(pieces[1]?.text).toBe('结节大小8.5mm。');
    expect(difference('', '甲。').map(({ kind }) => kind)).toEqual(['only_now']);
    expect(difference('甲。', '').map(({ kind }) => kind)).toEqual(['only_before']);
  });
});

describe('Undo', () => {
  it('takes typing back as one step, and a field as another', () => {
    const undo = new Undo<string>();
    undo.note('', 'findings', 0);
    undo.note('a', 'findings', 100);
    undo.note('ab', '', 200);
    expect(undo.back('field')).toBe('ab');
    expect(undo.back('ab')).toBe('');
    expect(undo.back('')).toBeNull();
    expect(undo.forth('')).toBe('ab');
    expect(undo.forth('ab')).toBe('field');
  });
});

describe('options of a long field', () => {
  const options = [
    { value: 'rbbb', code: 'rbbb', initials: 'wqxysz', label: { zh: '完全性右束支传导阻滞', en: 'Right bundle branch block' } },
    { value: 'af', code: 'af', initials: 'xfcd', label: { zh: '心房颤动', en: 'Atrial fibrillation' } },
    { value: 'afl', code: 'afl', initials: 'xfpd', label: { zh: '心房扑动', en: 'Atrial flutter' } },
  ];

  it.each([
    ['af', ['af', 'afl']],
    ['xfp', ['afl']],
    ['心房', ['af', 'afl']],
    ['Bundle', ['rbbb']],
    ['', []],
    ['qq', []],
  ])('are found by code, initials and words: %s', (letters, expected) => {
    expect(findOptions(options, letters, 8).map(({ value }) => value)).toEqual(expected);
  });
});
