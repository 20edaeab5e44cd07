import { afterEach, describe, expect, it } from 'vitest';

import { baseOf, beatOf, beatSheet, levelled, scaleOf, secondsAt, xOf } from '../src/ecg/beat-sheet.ts';
import { calibrated, pixelsPerMm, screenKey } from '../src/ecg/calibration.ts';
import { changes, valuesFrom } from '../src/ecg/compare.ts';
import type { Ecg, MedianBeat } from '../src/ecg/ecg-types.ts';
import { nextOf } from '../src/ecg/layout.ts';
import { MarkHistory, measuredMarks, moved, sameMarks, valuesOf, withoutWave, withWave, type Marks } from '../src/ecg/marks.ts';
import { ruleOf } from '../src/ecg/rule-words.ts';
import { withStatement } from '../src/ecg/statements.ts';
import { setLanguage } from '../src/i18n/index.ts';

const MARKS: Marks = { p_on: 60, p_off: 110, qrs_on: 140, qrs_off: 185, t_off: 340 };
const SAMPLES = 450;

function beat(height: number, onset = 140): MedianBeat {
  const row = Array.from({ length: SAMPLES }, (_, at) => (at === onset + 20 ? height : 50));
  return { hz: 500, at: onset + 20, beats: 9, microvolts: { V1: row, I: row }, fiducials: { ...MARKS, qrs_on: onset } };
}

describe('marks', () => {
  it('stay in order and within the beat, wherever they are pulled', () => {
    expect(moved(MARKS, 'qrs_on', 150, SAMPLES).qrs_on).toBe(150);
    expect(moved(MARKS, 'qrs_on', 999, SAMPLES).qrs_on).toBe(184);
    expect(moved(MARKS, 'qrs_on', -5, SAMPLES).qrs_on).toBe(110);
    expect(moved(MARKS, 'p_on', -5, SAMPLES).p_on).toBe(0);
    expect(moved(MARKS, 'p_off', 200, SAMPLES).p_off).toBe(140);
    expect(moved(MARKS, 't_off', 9999, SAMPLES).t_off).toBe(SAMPLES - 1);
    expect(moved(MARKS, 't_off', 0, SAMPLES).t_off).toBe(186);
    expect(moved(withoutWave(MARKS, 'p'), 'qrs_on', -5, SAMPLES).qrs_on).toBe(0);
  });

  it('give the intervals at once, QTc by four formulae', () => {
    const values = valuesOf(MARKS, 500, 75);
    expect(values).toMatchObject({ hr: 75, p_ms: 100, pr_ms: 160, qrs_ms: 90, qt_ms: 400 });
    expect(values['qtc_bazett_ms']).toBeCloseTo(400 / Math.sqrt(0.8), 6);
    expect(values['qtc_fridericia_ms']).toBeCloseTo(400 / Math.cbrt(0.8), 6);
    expect(values['qtc_framingham_ms']).toBeCloseTo(400 + 154 * 0.2, 6);
    expect(values['qtc_hodges_ms']).toBeCloseTo(400 + 1.75 * 15, 6);
  });

  it('of a wave that is not there give nothing', () => {
    const values = valuesOf(withoutWave(withoutWave(MARKS, 'p'), 't'), 500, 75);
    expect([values['p_ms'], values['pr_ms'], values['qt_ms'], values['qtc_hodges_ms']]).toEqual([null, null, null, null]);
    expect(valuesOf(MARKS, 500, null)['qtc_bazett_ms']).toBeNull();
    expect(withWave(withoutWave(MARKS, 'p'), 'p', 500, SAMPLES)).toMatchObject({ p_on: 60, p_off: 110 });
    expect(withWave(withoutWave(MARKS, 't'), 't', 500, 300).t_off).toBe(299);
  });

  it('begin with what was measured, half a P being none', () => {
    expect(measuredMarks(beat(900))).toEqual(MARKS);
    expect(measuredMarks({ ...beat(900), fiducials: { ...MARKS, p_off: null } })).toMatchObject({ p_on: null, p_off: null });
    expect(measuredMarks({ ...beat(900), fiducials: null })).toBeNull();
  });

  it('are taken back step by step', () => {
    const history = new MarkHistory();
    const second = moved(MARKS, 'p_on', 70, SAMPLES);
    history.note(MARKS);
    history.note(second);
    expect(sameMarks(history.back(moved(second, 't_off', 300, SAMPLES)), second)).toBe(true);
    expect(sameMarks(history.back(second), MARKS)).toBe(true);
    expect([history.isEmpty, history.back(MARKS)]).toEqual([true, MARKS]);
  });
});

describe('median beats', () => {
  it('lie over each other by their QRS onset and by the level before it', () => {
    const [now, old] = [beatOf(beat(900), MARKS), beatOf(beat(700, 150), { ...MARKS, qrs_on: 150 })];
    const sheet = beatSheet([now, old]);
    expect(sheet.cells.map(({ lead }) => lead)).toEqual(['I', 'V1']);
    expect(sheet.beforeS).toBeCloseTo(0.3);
    expect(levelled(now, 'I')[now.onset + 20]).toBe(850);
    expect(levelled(old, 'I')[old.onset + 20]).toBe(650);
    expect(levelled(now, 'V6')).toEqual([]);
  });

  it('tell the moment under the pointer', () => {
    const sheet = beatSheet([beatOf(beat(900), MARKS)]);
    const scale = scaleOf(sheet, 800, 400);
    expect(secondsAt(sheet, scale, xOf(sheet, scale, 0.25))).toBeCloseTo(0.25);
    expect(xOf(sheet, scale, sheet.afterS)).toBeCloseTo(scale.cellWidth);
  });

  it('lie over each other in one place when that is wanted', () => {
    const sheet = beatSheet([beatOf(beat(900), MARKS)], 'over');
    expect(sheet.cells.map(({ column, row }) => [column, row])).toEqual([[0, 0], [0, 0]]);
    expect([sheet.columns, sheet.rows]).toEqual([1, 1]);
    const scale = scaleOf(sheet, 800, 400, 4);
    expect(scale.perUv).toBeCloseTo(4 * scaleOf(sheet, 800, 400).perUv);
    expect(baseOf(sheet, scale)).toBeLessThanOrEqual(320);
  });

  it('of one lead take all of the room', () => {
    const sheet = beatSheet([beatOf(beat(900), MARKS)], { lead: 'V1' });
    expect([sheet.cells.length, sheet.rows, sheet.columns]).toEqual([1, 1, 1]);
  });
});

describe('comparison', () => {
  const ecg = (overall: Record<string, number | null>): Ecg => ({ measured: { overall }, device: { hr: 61 }, physician: null }) as unknown as Ecg;

  it('shows differences of the numbers that are shown, axes by the shorter way', () => {
    const rows = changes({ hr: 71.6, qt_ms: 400, qrs_axis_deg: 170, pr_ms: null }, { hr: 80.4, qt_ms: 380, qrs_axis_deg: -170, pr_ms: 160 });
    const of = (name: string): unknown => rows.find((row) => row.name === name);
    expect(of('hr')).toEqual({ name: 'hr', before: 72, now: 80, difference: 8 });
    expect(of('qt_ms')).toMatchObject({ difference: -20 });
    expect(of('qrs_axis_deg')).toMatchObject({ difference: 20 });
    expect(of('pr_ms')).toMatchObject({ before: null, now: 160, difference: null });
  });

  it('never takes one side from the device and the other from here', () => {
    const one = ecg({ hr: 70 });
    expect(valuesFrom(one, 'measured')).toEqual({ hr: 70 });
    expect(valuesFrom(one, 'device')).toEqual({ hr: 61 });
    expect(valuesFrom(one, 'physician')).toBeNull();
  });
});

describe('calibration', () => {
  const screen = { width: 1920, height: 1080, ratio: 1 };

  it('holds for the screen that was measured, at any zoom', () => {
    const known = calibrated({}, screen, 400, 100);
    expect(pixelsPerMm(known!, screen)).toBe(4);
    const zoomed = { width: 1280, height: 720, ratio: 1.5 };
    expect(screenKey(zoomed)).toBe(screenKey(screen));
    expect(pixelsPerMm(known!, zoomed)).toBeCloseTo(4 / 1.5);
    expect(pixelsPerMm(known!, { width: 1366, height: 768, ratio: 1 })).toBeNull();
  });

  it('refuses what no screen is', () => {
    for (const mm of [NaN, 0, -5, 4, 4000]) expect(calibrated({}, screen, 400, mm)).toBeNull();
  });
});

describe('rules', () => {
  afterEach(() => setLanguage('zh'));

  it('are said in the language of the screen, with their numbers', () => {
    const one = { code: 'af', name: '心房颤动', name_en: 'Atrial fibrillation', rule: '无一致P波', numbers: '心室率 88 次/分，P波一致性 0.21' };
    expect(ruleOf(one)).toBe('无一致P波 · 心室率 88 次/分，P波一致性 0.21');
    setLanguage('en');
    expect(ruleOf(one)).toContain('ventricular rate 88/min, P consistency 0.21');
    expect(ruleOf({ ...one, code: 'vpc', numbers: '3 个，共 12 个搏动' })).toBe('other shape and wide QRS · 3 of 12 beats');
    expect(ruleOf({ ...one, code: 'of a newer server' })).toContain('无一致P波');
  });
});

describe('gains and statements', () => {
  it('go step by step and stay at the ends', () => {
    expect([nextOf([2.5, 5, 10, 20], 10, 1), nextOf([2.5, 5, 10, 20], 20, 1), nextOf([2.5, 5, 10, 20], 2.5, -1)]).toEqual([20, 20, 2.5]);
  });

  it('stand once in a conclusion, each on its line', () => {
    expect(withStatement('', '窦性心律')).toBe('窦性心律');
    expect(withStatement('窦性心律。\n', '电轴左偏')).toBe('窦性心律。\n电轴左偏');
    expect(withStatement('窦性心律。', '窦性心律')).toBe('窦性心律。');
  });
});
