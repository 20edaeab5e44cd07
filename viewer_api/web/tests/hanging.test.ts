import { describe, expect, it } from 'vitest';

import type { Prior } from '../src/api/persons-types.ts';
import type { Series, StudyDetail } from '../src/api/types.ts';
import type { Condition, Hanging, HangingCell } from '../src/viewer/hanging/hanging-api.ts';
import { matchingPrior } from '../src/viewer/hanging/priors.ts';
import { ANY, bodyPartOf, fits, hang, stepOf, stepsFor } from '../src/viewer/hanging/protocols.ts';
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
const ALL: Condition = { modalities: [], words: [], views: [], laterality: '', least: 0, most: null, prior: null };

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
    expect(shown(hang(step, slotsOf(chest), slotsOf(before)))).toEqual(['front', 'side', 'prior old-front', 'prior old-side']);
    expect(shown(hang(step, slotsOf(chest), []))).toEqual(['front', 'side', null, null]);
    expect(shown(hang({ layout: '1x2', cells: [cell({ words: ['AP'] })] }, slotsOf(chest), []))).toEqual(['side', 'front']);
  });

  it('takes views and sides before words', () => {
    const breasts = ['R CC', 'L CC', 'R MLO', 'L MLO'].map((name) => series(name, 'MG', { description: name }));
    const slots = slotsOf(study('m', 'MG', [...breasts].reverse())).map((slot) => {
      const [laterality = '', view = ''] = slot.series.description.split(' ');
      return { ...slot, laterality, view };
    });
    const cells = (['R CC', 'L CC', 'R MLO', 'L MLO'] as const).map((name) => cell({ laterality: name[0] as 'R' | 'L', view: name.slice(2) }));
    expect(shown(hang({ layout: '2x2', cells }, slots, []))).toEqual(['R CC', 'L CC', 'R MLO', 'L MLO']);
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

  it('puts what the reader has saved before the county', () => {
    const step = { layout: '1x1', cells: [] } as const;
    const hanging: Hanging = {
      version: 0,
      protocols: [{ key: 'all', zh: '全', en: 'All', when: ALL, steps: [step, step] }],
      own: [
        { id: 7, modality: 'DX', body_part: bodyPartOf(chest), step, changed_at: '' },
        { id: 8, modality: 'DX', body_part: 'HAND', step, changed_at: '' },
      ],
    };
    expect(stepsFor(hanging, exam).map(({ key }) => key)).toEqual(['own-7', 'all-0', 'all-1']);
  });
});

describe('the prior', () => {
  const prior = (uid: string, modality: string, body_part: string, at: string): Prior =>
    ({ study_instance_uid: uid, modality, body_part, description: '', at }) as Prior;

  it('is the latest of the same part of the body, radiographs of any kind among each other', () => {
    const known = [prior('a', 'CR', 'CHEST', '2024-01-01'), prior('b', 'DX', 'CHEST', '2025-01-01'), prior('c', 'DX', 'HAND', '2026-01-01'), prior('d', 'CT', 'CHEST', '2026-01-01')];
    expect(matchingPrior(chest, known)?.study_instance_uid).toBe('b');
    expect(matchingPrior(chest, [known[2]!, known[3]!])).toBeNull();
    expect(matchingPrior(chest, [prior('e', 'DX', '', '2020-01-01')])?.study_instance_uid).toBe('e');
  });

  it('stands below two cells, each with what is most like it, or beside one', () => {
    const two = hang({ layout: '1x2', cells: [FRONT, SIDE] }, slotsOf(chest), []);
    const old = study('then', 'DX', [series('o1', 'DX', { description: 'Chest LAT' }), series('o2', 'DX', { description: 'Chest PA' })]);
    expect(shown(besidePrior(two, slotsOf(chest), slotsOf(old)))).toEqual(['front', 'side', 'prior o2', 'prior o1']);
    const one = hang({ layout: '1x1', cells: [SIDE] }, slotsOf(chest), []);
    expect(shown(besidePrior(one, slotsOf(chest), slotsOf(old)))).toEqual(['side', 'prior o1']);
  });
});
