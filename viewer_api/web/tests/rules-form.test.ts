import { describe, expect, it } from 'vitest';

import { zh } from '../src/i18n/zh.ts';
import { FORMS, readCell, rowsOf, withRows, withValue, type FormField } from '../src/rules/form-spec.ts';

const fieldsOf = (kind: string): FormField[] => {
  const { groups, tables } = FORMS[kind]!;
  return [...groups.flatMap(({ fields }) => fields), ...tables.flatMap(({ columns }) => columns)];
};

describe('forms of the rules', () => {
  it.each(Object.keys(FORMS))('name every field of %s', (kind) => {
    const labels = [...fieldsOf(kind).map(({ label }) => label), ...FORMS[kind]!.tables.flatMap(({ keyed }) => keyed ?? [])];
    expect(labels.filter((label) => !(`rules.field.${label}` in zh))).toEqual([]);
  });

  it('change one value and leave the others', () => {
    const content = { figures: { a: 1, b: 2 }, other: true };
    expect(withValue(content, 'figures.b', 3)).toEqual({ figures: { a: 1, b: 3 }, other: true });
    expect(withValue(content, 'figures.b', undefined)).toEqual({ figures: { a: 1 }, other: true });
  });

  it('read what was typed', () => {
    expect(readCell({ path: 'x', label: 'x', kind: 'words' }, ' CT，MR, DX ')).toEqual(['CT', 'MR', 'DX']);
    expect(readCell({ path: 'x', label: 'x', kind: 'number' }, '1.5')).toBe(1.5);
    expect(readCell({ path: 'x', label: 'x', kind: 'maybe', optional: true }, '')).toBeUndefined();
  });

  it('keep tables that are lists and tables that have keys', () => {
    const list = FORMS['assignment']!.tables[0]!;
    const rows = rowsOf({ effort: [{ group: 'CT' }] }, list);
    expect(withRows({ effort: [] }, list, [...rows, ['1', { group: 'MR' }]])).toEqual({ effort: [{ group: 'CT' }, { group: 'MR' }] });
    const keyed = FORMS['critical_values']!.tables[2]!;
    expect(withRows({}, keyed, [['t01', { phone: '123' }]])).toEqual({ clinic_heads: { t01: { phone: '123' } } });
  });
});
