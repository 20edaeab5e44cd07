import { describe, expect, it } from 'vitest';

import type { Prior } from '../src/api/persons-types.ts';
import type { Series, StudyDetail } from '../src/api/types.ts';
import type { Instance } from '../src/viewer/dicom-json.ts';
import { frameStack } from '../src/viewer/frames.ts';
import { EVERY_EXAM, withSaved } from '../src/viewer/hanging/drafting.ts';
import { bodyPartOf, fits, reasonsFor } from '../src/viewer/hanging/fitting.ts';
import type { Condition, HangingCell, Protocol, Side } from '../src/viewer/hanging/hanging-api.ts';
import { matchingPriors } from '../src/viewer/hanging/priors.ts';
import { allot, ANY, asksImages, hang, priorsShown, rulesOf, stepOf, stepsFor } from '../src/viewer/hanging/protocols.ts';
import { slotsOf } from '../src/viewer/hanging/slots.ts';
import { besidePrior } from '../src/viewer/stage/beside-prior.ts';
import type { Stage } from '../src/viewer/stage/stage.ts';

const series = (uid: string, modality: string, more: Partial<Series> = {}): Series =>
  ({ series_instance_uid: uid, modality, kind: 'image', instances: 1, rejected: 0, description: '', body_part: '', laterality: '', ...more }) as Series;
const study = (uid: string, modality: string, list: Series[], more: Partial<StudyDetail> = {}): StudyDetail =>
  ({ study_instance_uid: uid, modality, description: '', body_part: '', series_list: list, ...more }) as StudyDetail;
const cell = (more: Partial<HangingCell>): HangingCell => ({ ...ANY, ...more });
const shown = ({ cells }: Stage): (string | null)[] =>
  cells.map((one) => (one === null ? null : `${one.isPrior ? 'prior ' : ''}${one.series.series_instance_uid}${one.plane ?? ''}`));
const ALL: Condition = EVERY_EXAM;
const rule = (key: string, more: Partial<Protocol> = {}): Protocol => ({ key, zh: key, en: '', when: ALL, steps: [{ layout: '1x1', cells: [] }], ...more });

const chest = study('now', 'DX', [series('side', 'DX', { description: 'Chest LAT' }), series('front', 'DX', { description: 'Chest PA' })], { body_part: 'CHEST' });
const before = study('then', 'CR', [series('old-front', 'CR', { description: 'PA' }), series('old-side', 'CR', { description: 'Lateral' })]);
const FRONT = cell({ words: ['PA', '正位'] });
const SIDE = cell({ words: ['LAT', '侧位'] });

describe('what can be hung', () => {
  it('is each picture of a projection, and each series of a stack', () => {
    const mixed = study('1', 'US', [series('us', 'US', { instances: 3 }), series('ct', 'CT', { instances: 300 }), series('sr', 'SR', { kind: 'document' })]);
    expect(slotsOf(mixed).map(({ series: { series_instance_uid: uid }, start }) => [uid, start])).toEqual([['us', 0], ['us', 1], ['us', 2], ['ct', 0]]);
  });
});

describe('hanging', () => {
  it('gives each cell what it asks for, whatever the order of the series', () => {
    expect(shown(hang({ layout: '1x2', cells: [FRONT, SIDE] }, slotsOf(chest), []))).toEqual(['front', 'side']);
  });

  it('puts the prior where a cell asks for it, and leaves nothing out', () => {
    const step = { layout: '2x2', cells: [FRONT, SIDE, { ...FRONT, source: 'prior' }, { ...SIDE, source: 'prior' }] } as const;
    expect(shown(hang(step, slotsOf(chest), [slotsOf(before)]))).toEqual(['front', 'side', 'prior old-front', 'prior old-side']);
    expect(shown(hang(step, slotsOf(chest), []))).toEqual(['front', 'side', null, null]);
    expect(shown(hang({ layout: '1x2', cells: [cell({ words: ['AP'] })] }, slotsOf(chest), []))).toEqual(['side', 'front']);
  });

  it('takes views and sides before words', () => {
    const breasts = ['R CC', 'L CC', 'R MLO', 'L MLO'].map((name) => series(name, 'MG', { description: name }));
    const slots = slotsOf(study('m', 'MG', [...breasts].reverse())).map((slot) => {
      const [laterality = '', view = ''] = slot.series.description.split(' ');
      return { ...slot, laterality, view };
    });
    const cells = (['R CC', 'L CC', 'R MLO', 'L MLO'] as const).map((name) => cell({ laterality: name[0] as Side, view: name.slice(2) }));
    expect(shown(hang({ layout: '2x2', cells }, slots, []))).toEqual(['R CC', 'L CC', 'R MLO', 'L MLO']);
  });

  it('does not give a cell what is not what it asks for while another cell wants that', () => {
    const breasts = study('m', 'MG', [series('a', 'MG', { laterality: 'R' }), series('b', 'MG', { laterality: 'L' })]);
    const slots = slotsOf(breasts).map((slot) => ({ ...slot, view: 'MLO' }));
    const cells = (['R', 'L'] as const).flatMap((laterality) => ['CC', 'MLO'].map((view) => cell({ laterality, view })));
    expect(shown(hang({ layout: '2x2', cells }, slots, []))).toEqual([null, 'a', null, 'b']);
    expect(allot({ layout: '2x2', cells }, slots, []).map(({ isFound }) => isFound)).toEqual([false, true, false, true]);
  });

  it('takes words, orientation and modality together', () => {
    const list = ['SAG T1', 'AX T2', 'SAG T2', 'COR PD'].map((description) => series(description, 'MR', { description }));
    const knee = study('knee', 'MR', [series('scout', 'CT', { description: 'SAG T2' }), ...list]);
    const cells = [cell({ words: ['T2'], orientation: 'sagittal', modality: 'MR' }), cell({ orientation: 'coronal' }), cell({ words: ['T1'] })];
    expect(shown(hang({ layout: '2x2', cells }, slotsOf(knee), []))).toEqual(['SAG T2', 'COR PD', 'SAG T1', 'scout']);
  });

  it('knows phases by when they were taken, and several cells may show one', () => {
    const taken = { plain: '100000', venous: '100200', arterial: '100100' };
    const liver = study('liver', 'CT', Object.keys(taken).map((name, at) => series(name, 'CT', { number: at + 1, description: 'Liver' })));
    const slots = slotsOf(liver).map((slot) => ({ ...slot, taken: taken[slot.series.series_instance_uid as keyof typeof taken] }));
    const cells = [3, 1, 2, 2].map((phase) => cell({ words: ['LIVER'], phase }));
    expect(shown(hang({ layout: '2x2', cells }, slots, []))).toEqual(['venous', 'plain', 'arterial', 'arterial']);
    const unknown = slots.map((slot) => ({ ...slot, taken: '' }));
    expect(shown(hang({ layout: '1x1', cells: [cell({ phase: 2 })] }, unknown, []))).toEqual(['venous']);
  });

  it('shows earlier studies by their number, and hands on groups and windows', () => {
    const older = slotsOf(study('older', 'CR', [series('older', 'CR')]));
    const window = { width: 80, center: 40 };
    const cells = [cell({ group: 'A', window }), cell({ source: 'prior', group: 'A' }), cell({ source: 'prior', prior: 2 }), cell({ source: 'prior', prior: 3 })];
    const stage = hang({ layout: '2x2', cells }, slotsOf(chest), [slotsOf(before), older]);
    expect(shown(stage)).toEqual(['side', 'prior old-front', 'prior older', null]);
    expect(stage.cells.map((one) => [one?.group, one?.voi])).toEqual([['A', window], ['A', null], ['', null], [undefined, undefined]]);
    expect(priorsShown({ layout: '2x2', cells })).toEqual([1, 2, 3]);
  });

  it('cuts planes out of the series with the most images', () => {
    const ct = study('ct', 'CT', [series('scout', 'CT'), series('stack', 'CT', { instances: 200 })]);
    const cells = (['axial', 'coronal', 'sagittal'] as const).map((plane) => cell({ plane }));
    expect(shown(hang({ layout: '2x2', cells }, slotsOf(ct), []))).toEqual(['stackaxial', 'stackcoronal', 'stacksagittal', 'scout']);
  });

  it('comes back from what a reader has saved', () => {
    const stage = hang({ layout: '1x2', cells: [SIDE, FRONT] }, slotsOf(chest), []);
    expect(shown(hang(stepOf(stage, slotsOf(chest)), slotsOf(chest), []))).toEqual(['side', 'front']);
  });
});

describe('choosing a protocol', () => {
  const exam = { study: chest, slots: slotsOf(chest), hasPrior: false };

  it('asks for modality, words, number of pictures and priors', () => {
    expect(fits({ ...ALL, modalities: ['DX'], words: ['胸', 'chest'], least: 2 }, exam)).toBe(true);
    expect(fits({ ...ALL, modalities: ['CT'] }, exam)).toBe(false);
    expect(fits({ ...ALL, words: ['HEAD'] }, exam)).toBe(false);
    expect(fits({ ...ALL, least: 3 }, exam)).toBe(false);
    expect(fits({ ...ALL, most: 1 }, exam)).toBe(false);
    expect(fits({ ...ALL, prior: true }, exam)).toBe(false);
    expect(fits({ ...ALL, views: ['PA'] }, exam)).toBe(false);
  });

  it('says of all that is asked what was wanted and what there is', () => {
    const reasons = reasonsFor({ ...ALL, modalities: ['DX'], body_parts: ['KNEE'], least: 1, most: 1, prior: false }, exam);
    expect(reasons).toEqual([
      { asked: 'modality', wanted: 'DX', found: 'DX', holds: true },
      { asked: 'body_part', wanted: 'KNEE', found: 'CHEST', holds: false },
      { asked: 'count', wanted: '1–1', found: '2', holds: false },
      { asked: 'prior', wanted: 'false', found: 'false', holds: true },
    ]);
    expect(reasonsFor(ALL, exam)).toEqual([]);
  });

  it('asks the reader\'s own before the county, and takes them in place of those with their key', () => {
    const hanging = {
      protocols: [rule('hand', { when: { ...ALL, body_parts: ['HAND'] } }), rule('all', { steps: [{ layout: '1x1', cells: [] }, { layout: '2x2', cells: [] }] })],
      own: { protocols: [rule('hand', { zh: 'mine', when: { ...ALL, body_parts: ['CHEST'] } }), rule('own-1')] },
    };
    const rules = rulesOf(hanging);
    expect(rules.map(({ protocol, owner }) => `${protocol.zh} ${owner}`)).toEqual(['own-1 own', 'mine instead', 'all county']);
    expect(stepsFor(rules, exam).fitting.map(({ key }) => key)).toEqual(['own-1-0', 'hand-0', 'all-0', 'all-1']);
    expect(stepsFor(rulesOf({ ...hanging, own: { protocols: [] } }), exam).others.map(({ key }) => key)).toEqual(['hand-0']);
  });
});

describe('saving a layout', () => {
  const step = { layout: '1x2', cells: [] } as const;

  it('makes a rule for exams like this one, before all others, and once', () => {
    const first = withSaved([rule('own-1')], chest, step, 'DX CHEST');
    expect(first.map(({ zh, when }) => [zh, when.modalities, when.body_parts])).toEqual([['DX CHEST', ['DX'], [bodyPartOf(chest)]], ['own-1', [], []]]);
    const second = withSaved(first, chest, { layout: '3x3', cells: [] }, 'DX CHEST');
    expect(second.map(({ key, steps }) => [key, steps[0]?.layout])).toEqual([[first[0]!.key, '3x3'], ['own-1', '1x1']]);
  });

  it('puts a rule for exams that name no part behind those that ask for one', () => {
    const known = [rule('head', { when: { ...ALL, words: ['HEAD'] } }), rule('all')];
    expect(withSaved(known, study('x', 'CT', []), step, 'CT').map(({ zh }) => zh)).toEqual(['head', 'CT', 'all']);
  });

  it('remembers which earlier study stood where, and no group of one', () => {
    const earlier = [study('last', 'DX', []), before];
    const stage = hang({ layout: '1x2', cells: [cell({ group: 'A' }), cell({ source: 'prior', prior: 2, group: 'A' })] }, slotsOf(chest), [[], slotsOf(before)]);
    const said = stepOf(stage, [...slotsOf(chest), ...slotsOf(before)], earlier);
    expect(said.cells.map(({ source, prior, group }) => [source, prior, group])).toEqual([['current', 1, 'A'], ['prior', 2, 'A']]);
    const alone = stepOf({ ...stage, cells: [stage.cells[0]!, null] }, slotsOf(chest));
    expect(alone.cells.map(({ group }) => group)).toEqual(['', '']);
  });
});

describe('what images say of a series', () => {
  const image = (number: number, orientation: number[], time: string): Instance =>
    ({
      '00080018': { vr: 'UI', Value: [`1.${number}`] },
      '00200013': { vr: 'IS', Value: [number] },
      '00280010': { vr: 'US', Value: [64] },
      '00280030': { vr: 'DS', Value: [1, 1] },
      '00200032': { vr: 'DS', Value: [0, 0, number] },
      '00200037': { vr: 'DS', Value: orientation },
      '00080022': { vr: 'DA', Value: ['20260301'] },
      '00080032': { vr: 'TM', Value: [time] },
    }) as Instance;
  const slotOf = (description: string, images: Instance[]) => {
    const one = study('s', 'MR', [series('a', 'MR', { description })]);
    return slotsOf(one, images.length === 0 ? new Map() : new Map([['a', frameStack('s', 'a', images)]]))[0];
  };

  it('is the plane that they lie nearest to, and when the first was taken', () => {
    const oblique = [0, 0.98, 0.17, 0, 0.17, -0.98];
    expect(slotOf('T2', [image(1, oblique, '101500'), image(2, oblique, '101400')])).toMatchObject({ orientation: 'sagittal', taken: '20260301101400' });
    expect(slotOf('COR T1', [image(1, [1, 0, 0, 0, 1, 0], '1')])?.orientation).toBe('axial');
    expect(slotOf('3-plane', [image(1, [1, 0, 0, 0, 1, 0], '1'), image(2, [1, 0, 0, 0, 0, -1], '2')])?.orientation).toBe('');
  });

  it('is taken from the description until they are known', () => {
    expect(['T2 SAG', 'ax DWI', '冠状位 T1', 'tra t2', 'Trauma', 'Coronary CTA'].map((text) => slotOf(text, [])?.orientation)).toEqual([
      'sagittal', 'axial', 'coronal', 'axial', '', '',
    ]);
  });

  it('is asked for by few rules', () => {
    expect(asksImages({ layout: '1x2', cells: [cell({ words: ['T2'] }), cell({ phase: 1 })] })).toBe(true);
    expect(asksImages({ layout: '1x2', cells: [cell({ words: ['T2'] })] })).toBe(false);
  });
});

describe('the prior', () => {
  const prior = (uid: string, modality: string, body_part: string, at: string): Prior =>
    ({ study_instance_uid: uid, modality, body_part, description: '', at }) as Prior;

  it('are those of the same part of the body, the latest first, radiographs of any kind among each other', () => {
    const known = [prior('a', 'CR', 'CHEST', '2024-01-01'), prior('b', 'DX', 'CHEST', '2025-01-01'), prior('c', 'DX', 'HAND', '2026-01-01'), prior('d', 'CT', 'CHEST', '2026-01-01')];
    const uids = (priors: readonly Prior[]): string[] => matchingPriors(chest, priors).map(({ study_instance_uid: uid }) => uid);
    expect(uids(known)).toEqual(['b', 'a']);
    expect(uids([known[2]!, known[3]!])).toEqual([]);
    expect(uids([prior('e', 'DX', '', '2020-01-01')])).toEqual(['e']);
  });

  it('stands below two cells, each with what is most like it, or beside one', () => {
    const two = hang({ layout: '1x2', cells: [FRONT, SIDE] }, slotsOf(chest), []);
    const old = study('then', 'DX', [series('o1', 'DX', { description: 'Chest LAT' }), series('o2', 'DX', { description: 'Chest PA' })]);
    expect(shown(besidePrior(two, slotsOf(chest), slotsOf(old)))).toEqual(['front', 'side', 'prior o2', 'prior o1']);
    const one = hang({ layout: '1x1', cells: [SIDE] }, slotsOf(chest), []);
    expect(shown(besidePrior(one, slotsOf(chest), slotsOf(old)))).toEqual(['side', 'prior o1']);
  });
});
