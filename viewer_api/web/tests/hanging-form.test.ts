import { describe, expect, it, vi } from 'vitest';

import { ApiError } from '../src/api/problem.ts';
import type { Prior } from '../src/api/persons-types.ts';
import type { Series, StudyDetail } from '../src/api/types.ts';
import { api } from '../src/session.ts';
import { duplicate, EVERY_EXAM, freshKey, moved, relaid, whole, withCell } from '../src/viewer/hanging/drafting.ts';
import { Draft, unsaved } from '../src/viewer/hanging/form/draft.ts';
import { faultOf, faultsAt } from '../src/viewer/hanging/form/faults.ts';
import { listed } from '../src/viewer/hanging/form/fields.ts';
import type { Hanging, Protocol } from '../src/viewer/hanging/hanging-api.ts';
import { lookAt } from '../src/viewer/hanging/form/trying.ts';
import { ANY } from '../src/viewer/hanging/protocols.ts';

const rule = (key: string): Protocol => ({ key, zh: key, en: '', when: EVERY_EXAM, steps: [{ layout: '1x1', cells: [] }] });
const told: Hanging = {
  version: 1,
  protocols: [rule('chest'), rule('single')],
  left_out: [],
  own: { version: 2, protocols: [rule('a'), rule('chest'), rule('b')], left_out: [] },
};
const listOf = ({ rules }: Draft): string[] => rules.map(({ protocol, owner }) => `${protocol.key} ${owner}`);

describe('words in a field', () => {
  it('may be written with any comma, and are told once', () => {
    expect(listed(' CT，MR, CT;; ')).toEqual(['CT', 'MR']);
    expect(listed('  ')).toEqual([]);
  });
});

describe('steps', () => {
  it('keep what fits into another layout', () => {
    const four = { layout: '2x2', cells: ['A', 'B', 'C'].map((view) => ({ ...ANY, view })) } as const;
    expect(relaid(four, '1x2').cells.map(({ view }) => view)).toEqual(['A', 'B']);
    expect(withCell({ layout: '1x2', cells: [] }, 1, { ...ANY, view: 'PA' }).cells.map(({ view }) => view)).toEqual(['', 'PA']);
  });

  it('are whole also where people have left things out', () => {
    const { when, steps, en } = whole({ key: 'k', zh: '一', when: { modalities: ['CT'] }, steps: [{ layout: '1x1' }, { layout: '1x2', cells: [{ view: 'PA' }] }] });
    expect([en, when.words, steps[0]?.cells, steps[1]?.cells[0]]).toEqual(['', [], [], { ...ANY, view: 'PA' }]);
  });
});

describe('moving', () => {
  it('puts an item before another, and stays in the list', () => {
    expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b']);
    expect(moved(['a', 'b', 'c'], 0, 9)).toEqual(['b', 'c', 'a']);
    expect(moved(['a'], 5, 0)).toEqual(['a']);
  });
});

describe('trying a study', () => {
  it('looks at what hanging it looks at: every earlier exam that a cell can ask for, pictures behind any number of other series', async () => {
    const series = (uid: string, modality: string): Series =>
      ({ series_instance_uid: uid, modality, kind: 'image', instances: 1, rejected: 0, description: '', body_part: '', laterality: '' }) as Series;
    const list = [...Array.from({ length: 14 }, (_, n) => series(`ct-${n}`, 'CT')), series('dx', 'DX')];
    const study = { study_instance_uid: 'now', modality: 'CT', description: '', body_part: 'CHEST', series_list: list } as unknown as StudyDetail;
    const before = Array.from({ length: 11 }, (_, n) => `then-${n}`);
    const study_of = (uid: string): StudyDetail => (uid === 'now' ? study : { ...study, study_instance_uid: uid, series_list: [series(`old-${uid}`, 'CT')] });
    const found = vi.spyOn(api, 'study').mockImplementation((uid) => (uid === 'then-1' ? Promise.reject(new Error('away')) : Promise.resolve(study_of(uid))));
    const items = before.map((uid, n) => ({ study_instance_uid: uid, modality: 'CT', body_part: 'CHEST', description: '', at: `20${30 - n}` }) as Prior);
    const priors = vi.spyOn(api, 'priors').mockResolvedValue({ items } as never);
    const metadata = vi.spyOn(api, 'seriesMetadata').mockImplementation((_, uid) => Promise.resolve([{ '00280010': { vr: 'US', Value: [8] }, '00185101': { vr: 'CS', Value: [uid === 'dx' ? 'PA' : 'AX'] } }] as never));
    const tried = await lookAt('now');
    expect(tried.priors.map((slots) => slots.map((slot) => slot.study.study_instance_uid))).toEqual(before.slice(0, 9).map((uid) => (uid === 'then-1' ? [] : [uid])));
    expect([tried.slots.at(-1)?.view, tried.stacks.has('ct-13')]).toEqual(['PA', true]);
    [found, priors, metadata].forEach((spy) => spy.mockRestore());
  });
});

describe('rules of a reader', () => {
  const draft = Draft.of(told, false);

  it('stand before the county\'s, or in their place', () => {
    expect(listOf(draft)).toEqual(['a own', 'b own', 'chest instead', 'single county']);
    expect([draft.isChanged, draft.isDefault, draft.placeOf('b')]).toEqual([false, false, [1, 2]]);
  });

  it('change their order among themselves alone', () => {
    const turned = draft.moved('b', 0);
    expect(listOf(turned)).toEqual(['b own', 'a own', 'chest instead', 'single county']);
    expect([turned.isChanged, turned.moved('a', 0).edited.map(({ key }) => key)]).toEqual([true, ['a', 'b', 'chest']]);
  });

  it('are copied, put in the place of the county\'s, and taken back', () => {
    const [copied, key] = draft.copied(told.protocols[1]!, ' copy');
    expect(listOf(copied)).toEqual([`${key} own`, 'a own', 'b own', 'chest instead', 'single county']);
    expect(copied.rule(key)?.protocol.zh).toBe('single copy');
    expect(listOf(draft.instead(told.protocols[1]!)).at(-1)).toBe('single instead');
    expect(listOf(draft.removed('chest')).at(-2)).toBe('chest county');
    const [added, fresh] = draft.added('new');
    expect([listOf(added)[0], added.isReadOnly(added.rules[0]!), added.isReadOnly(added.rules.at(-1)!)]).toEqual([`${fresh} own`, false, true]);
  });

  it('have names of a length that is allowed, and keys of their own', () => {
    expect(duplicate({ ...rule('x'), zh: 'n'.repeat(80) }, [], ' copy').zh).toHaveLength(80);
    expect(freshKey([])).toMatch(/^[a-z0-9_.-]{1,40}$/);
  });

  it('are what they were when changes are given up', () => {
    expect(draft.removed('a').discarded().edited).toEqual(told.own.protocols);
  });
});

describe('rules that are not read any more', () => {
  const lost = { at: 1, key: 'old', zh: '旧', en: '', faults: [{ field: 'steps.0.layout', message: 'x', code: 'literal_error' }] };
  const draft = Draft.of({ ...told, left_out: [lost], own: { ...told.own, left_out: [lost] } }, false);

  it('stay until the reader deletes them, which is a change', () => {
    const without = draft.forgetting(1);
    expect([draft.isChanged, draft.leftOut('own').length, draft.leftOut('county').length]).toEqual([false, 1, 1]);
    expect([without.isChanged, without.forget, without.leftOut('own'), without.leftOut('county').length]).toEqual([true, [1], [], 1]);
    expect([without.discarded().forget, without.rebased(told).forget, without.removed('a').forget]).toEqual([[], [], [1]]);
  });

  it('can be taken back to the county\'s where there are no others', () => {
    expect(Draft.of({ ...told, own: { version: 1, protocols: [], left_out: [lost] } }, false).isDefault).toBe(false);
  });
});

describe('rules of the county', () => {
  const draft = Draft.of(told, true);

  it('are all in one order, and may all be changed', () => {
    expect(listOf(draft.moved('single', 0))).toEqual(['single county', 'chest county']);
    expect(draft.isReadOnly(draft.rules[0]!)).toBe(false);
  });

  it('go back to what is shipped', () => {
    const shipped = draft.shipped({ protocols: [{ key: 'one', zh: '一', steps: [{ layout: '1x1' }] }] });
    expect([listOf(shipped), shipped.isChanged]).toEqual([['one county'], true]);
  });
});

describe('what the server finds wrong', () => {
  const error = new ApiError({
    code: 'invalid',
    status: 422,
    errors: [
      { field: 'protocols.2.steps.0.cells.1.window.width', message: 'x', code: 'greater_than_equal' },
      { field: 'protocols.0.when.modalities.1', message: 'in the words of the server', code: 'odd' },
    ],
  });
  const draft = Draft.of(told, false).faulty(error)!;

  it('stands at its field of its rule, wherever that is moved', () => {
    const moved = draft.moved('b', 0);
    expect(faultOf(faultsAt(moved.faults, 'b/steps.0.cells.1.'), 'window.width')).toBe('数值太小。');
    expect(faultOf(faultsAt(draft.faults, 'a/'), 'when.modalities')).toBe('in the words of the server');
    expect(faultOf(faultsAt(draft.faults, 'a/'), 'when.mod')).toBe('');
  });

  it('is gone once the rule is changed', () => {
    expect([...draft.changed(rule('a')).faults.keys()]).toEqual(['b/steps.0.cells.1.window.width']);
  });

  it('is something else where no field is named', () => {
    expect(Draft.of(told, false).faulty(new ApiError({ code: 'conflict', status: 409 }))).toBeNull();
  });
});

describe('what is not saved yet', () => {
  it('is there again, unless the rules have changed meanwhile', () => {
    const changed = Draft.of(told, false).removed('a');
    unsaved.keep(changed);
    expect(unsaved.restored(told, false)).toBe(changed);
    expect(unsaved.restored(told, true)).toBeNull();
    expect(unsaved.restored({ ...told, own: { version: 3, protocols: [], left_out: [] } }, false)).toBeNull();
    unsaved.keep(changed.discarded());
    expect(unsaved.restored(told, false)).toBeNull();
  });
});
