import { describe, expect, it } from 'vitest';

import { matching } from '../src/critical/matching.ts';
import { links, parseRoute } from '../src/router.ts';

const FINDINGS = [
  { name: '急性肺栓塞', name_en: 'Acute pulmonary embolism', pinyin: 'jixingfeishuansai', initials: 'jxfss' },
  { name: '急性脑出血', name_en: 'Acute cerebral haemorrhage', pinyin: 'jixingnaochuxue', initials: 'jxncx' },
  { name: '脑疝', name_en: 'Brain herniation', pinyin: 'naoshan', initials: 'ns' },
];

const names = (typed: string): string[] => matching(FINDINGS, typed).map(({ name }) => name);

describe('critical findings', () => {
  it('are found by first letters, pinyin, Chinese or English', () => {
    expect(names('jxn')).toEqual(['急性脑出血']);
    expect(names('naoshan')).toEqual(['脑疝']);
    expect(names('脑')).toEqual(['脑疝', '急性脑出血']);
    expect(names('PULMONARY')).toEqual(['急性肺栓塞']);
  });

  it('are all there before anything is typed, and none for what no list has', () => {
    expect(names(' ')).toHaveLength(3);
    expect(names('qg')).toEqual([]);
  });

  it('have an address each', () => {
    expect(parseRoute(links.critical(17))).toEqual({ page: 'critical', case: 17 });
    expect(parseRoute(links.critical())).toEqual({ page: 'critical', case: 0 });
  });
});
