import { describe, expect, it } from 'vitest';

import { ordersEn } from '../src/i18n/orders-en.ts';
import { ordersZh } from '../src/i18n/orders-zh.ts';
import { resultsEn } from '../src/i18n/results-en.ts';
import { resultsZh } from '../src/i18n/results-zh.ts';
import { checkOf, draftOf, emptyDraft, localMoment, missingFields, withExam, wordsOf } from '../src/orders/order-words.ts';
import type { Order } from '../src/orders/orders-api.ts';
import { links, parseRoute } from '../src/router.ts';

const NOW = new Date('2026-03-09T01:30:00Z');
const CT = { code: 'CT-CHEST', modality: 'CT', body_part: 'CHEST', zh: '胸部CT平扫', en: 'CT chest' };

describe('an order as it is typed', () => {
  const empty = emptyDraft('t01', NOW);

  it('lacks a patient and an examination at first', () => {
    expect(missingFields(empty)).toEqual(['id', 'name', 'exam']);
    expect(missingFields({ ...empty, when: 'soon' })).toContain('when');
  });

  it('is called on the equipment what the examination is called in Chinese', () => {
    const draft = withExam({ ...empty, patient: { ...empty.patient, id: '17', name: '张三' } }, CT);
    expect(missingFields(draft)).toEqual([]);
    const words = wordsOf(draft);
    expect(words).toMatchObject({ procedure_code: 'CT-CHEST', procedure_description: '胸部CT平扫', body_part: 'CHEST' });
    expect(new Date(words.scheduled_at).getTime()).toBe(NOW.getTime());
    expect(words).not.toHaveProperty('when');
    expect(checkOf(draft)).toEqual({ institution: 't01', patient: draft.patient, modality: 'CT', body_part: 'CHEST' });
  });

  it('comes back as it was placed', () => {
    const draft = withExam({ ...empty, patient: { ...empty.patient, id: '17', name: '张三' }, diagnosis: '咳嗽' }, CT);
    const order = { ...wordsOf(draft), id: 1, version: 1, state: 'scheduled' } as unknown as Order;
    expect(draftOf(order)).toEqual(draft);
  });

  it('tells moments to the minute in the zone of the browser', () => {
    expect(new Date(localMoment(NOW)).getTime()).toBe(NOW.getTime());
    expect(localMoment(NOW)).toHaveLength(16);
  });
});

describe('the pages', () => {
  it('are reached by those whose work it is', () => {
    expect([parseRoute('#/order'), parseRoute('#/results')]).toEqual([{ page: 'order' }, { page: 'results' }]);
    const of = (role: string): readonly string[] => links.allowed({ role } as Parameters<typeof links.allowed>[0]);
    expect(of('clinic')).toEqual(expect.arrayContaining(['order', 'results']));
    expect(of('manager')).toEqual(expect.arrayContaining(['order', 'results']));
    expect(of('regulator')).not.toContain('results');
  });

  it('have every word in both languages', () => {
    expect(Object.keys(ordersEn).sort()).toEqual(Object.keys(ordersZh).sort());
    expect(Object.keys(resultsEn).sort()).toEqual(Object.keys(resultsZh).sort());
  });
});
