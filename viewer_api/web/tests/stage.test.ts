import { describe, expect, it, vi } from 'vitest';

import type { Series, StudyDetail } from '../src/api/types.ts';
import { Cine } from '../src/viewer/cine.ts';
import { frameStack, nextInClip } from '../src/viewer/frames.ts';
import { shownNotFull, tellQuality } from '../src/viewer/quality.ts';
import { activeContent, content, EMPTY_STAGE, stepActive, toggleEnlarged, withActive, withContent, withLayout } from '../src/viewer/stage/stage.ts';
import { intentOf } from '../src/viewer/viewer-keys.ts';

const study = { study_instance_uid: '1', series_list: [] } as unknown as StudyDetail;
const shows = (uid: string) => content(study, { series_instance_uid: uid, kind: 'image' } as Series);
const uids = (stage: typeof EMPTY_STAGE): (string | null)[] => stage.cells.map((cell) => cell?.series.series_instance_uid ?? null);

describe('the stage', () => {
  const one = withContent(EMPTY_STAGE, 0, shows('a'));

  it('fills new cells with what is not shown yet, and keeps what is', () => {
    const four = withLayout(one, '2x2', ['a', 'b', 'c'].map(shows));
    expect(uids(four)).toEqual(['a', 'b', 'c', null]);
    expect(uids(withLayout(four, '1x2'))).toEqual(['a', 'b']);
  });

  it('keeps the active cell when the layout shrinks', () => {
    const four = withActive(withLayout(one, '2x2', ['a', 'b', 'c'].map(shows)), 2);
    const single = withLayout(four, '1x1');
    expect(activeContent(single)?.series.series_instance_uid).toBe('c');
  });

  it('steps around the cells and enlarges one of several', () => {
    const two = withLayout(one, '1x2', [shows('b')]);
    expect(stepActive(two, 1).active).toBe(1);
    expect(stepActive(two, -1).active).toBe(1);
    expect(stepActive(stepActive(two, 1), 1).active).toBe(0);
    expect(toggleEnlarged(two).enlarged).toBe(true);
    expect(toggleEnlarged(one).enlarged).toBe(false);
    expect(withActive(two, 5)).toBe(two);
  });
});

describe('keys', () => {
  const press = (key: string, code = '', shiftKey = false) => intentOf({ key, code, shiftKey } as KeyboardEvent, true);

  it('know layouts by the place of the digit, whatever it types', () => {
    expect(press('$', 'Digit4', true)).toEqual({ kind: 'layout', layout: '2x2' });
    expect(press('(', 'Digit9', true)).toEqual({ kind: 'layout', layout: '3x2' });
    expect(press('2', 'Digit2')).toMatchObject({ kind: 'preset' });
  });

  it('have a second meaning with Shift, and the first where they have none', () => {
    expect(press('M', 'KeyM', true)).toEqual({ kind: 'action', action: 'mpr' });
    expect(press('W', 'KeyW', true)).toEqual({ kind: 'tool', tool: 'window' });
    expect(press('R', 'KeyR', true)).toEqual({ kind: 'action', action: 'rehang' });
    expect(press('L', 'KeyL', true)).toEqual({ kind: 'action', action: 'rules' });
  });

  it('step through cells and frames', () => {
    expect(press('N', 'KeyN', true)).toEqual({ kind: 'cell', by: -1 });
    expect(press('ArrowDown')).toEqual({ kind: 'step', by: 1 });
  });
});

describe('cine', () => {
  const clip = (extra: Record<string, number[]>) => ({
    '00080018': { vr: 'UI', Value: ['m'] },
    '00280010': { vr: 'US', Value: [64] },
    '00280008': { vr: 'IS', Value: [3] },
    ...Object.fromEntries(Object.entries(extra).map(([tag, Value]) => [tag, { vr: 'DS', Value }])),
  });

  it('takes the times between frames from their vector', () => {
    expect(frameStack('1', '2', [clip({ '00181065': [0, 50, 100] })]).frameMs).toEqual([50, 100, 100]);
    expect(frameStack('1', '2', [clip({ '00181063': [40], '00082144': [10] })]).frameMs).toEqual([100, 100, 100]);
  });

  it('plays a clip of several around by itself', () => {
    const { frames } = frameStack('1', '2', [clip({}), { ...clip({}), '00080018': { vr: 'UI', Value: ['n'] } }]);
    expect([0, 2, 3, 5].map((index) => nextInClip(frames, index))).toEqual([1, 0, 4, 3]);
  });

  it('keeps the pace over late ticks and waits for what has not come', () => {
    vi.useFakeTimers();
    let [frame, ready] = [0, true];
    const cine = new Cine(() => {
      if (ready) frame += 1;
      return ready;
    }, () => Date.now());
    cine.start(() => 100, () => frame);
    vi.advanceTimersByTime(1000);
    expect(frame).toBe(10);
    ready = false;
    vi.advanceTimersByTime(500);
    expect(frame).toBe(10);
    ready = true;
    vi.advanceTimersByTime(200);
    expect(frame).toBeGreaterThan(10);
    cine.stop();
    vi.useRealTimers();
  });
});

describe('honest pixels', () => {
  it('knows which viewports do not show all', () => {
    const [one, other] = [{}, {}];
    tellQuality(one, { series: 'a', quality: 'loading' });
    tellQuality(other, { series: 'b', quality: 'partial' });
    tellQuality(one, null);
    expect(shownNotFull.value).toEqual([{ series: 'b', quality: 'partial' }]);
    tellQuality(other, null);
    expect(shownNotFull.value).toEqual([]);
  });
});
