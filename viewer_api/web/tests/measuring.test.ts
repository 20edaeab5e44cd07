import { describe, expect, it } from 'vitest';

import type { Instance } from '../src/viewer/dicom-json.ts';
import { geometricFigures } from '../src/viewer/measuring/figures.ts';
import { hitOf, moved } from '../src/viewer/measuring/hits.ts';
import type { Figure, Kind, Measurement, Point } from '../src/viewer/measuring/kinds.ts';
import type { Drawing } from '../src/viewer/measuring/measuring-api.ts';
import { Pen } from '../src/viewer/measuring/pen.ts';
import { placementFrom, toImage, toScreen } from '../src/viewer/measuring/placement.ts';
import { scaleOf, type Scale } from '../src/viewer/measuring/scale.ts';
import { isUnsaved, StudyMeasurements, type Keeper } from '../src/viewer/measuring/study-measurements.ts';
import { valueFigures } from '../src/viewer/measuring/values.ts';
import { amount, lines, sentence } from '../src/viewer/measuring/wording.ts';
import { setLanguage } from '../src/i18n/index.ts';

const MM: Scale = { method: 'patient', x: 0.5, y: 0.5, xUnit: 'mm', yUnit: 'mm', yOrigin: 0, yAtOrigin: 0 };

function instance(elements: Record<string, unknown[]>): Instance {
  return Object.fromEntries(Object.entries(elements).map(([tag, Value]) => [tag, { vr: 'UN', Value }]));
}

function region(box: readonly number[], units: readonly number[], deltas: readonly number[], more: Record<string, unknown[]> = {}): Instance {
  const tags = ['00186018', '0018601A', '0018601C', '0018601E', '00186024', '00186026', '0018602C', '0018602E'];
  const values = [...box, ...units, ...deltas];
  return instance({ ...Object.fromEntries(tags.map((tag, n) => [tag, [values[n]]])), ...more });
}

function said(figures: readonly Figure[]): Record<string, string> {
  return Object.fromEntries(figures.map(({ name, value, unit }) => [name, `${Math.round(value * 1000) / 1000} ${unit}`.trim()]));
}

const of = (kind: Kind, points: readonly Point[], scale: Scale = MM): Record<string, string> => said(geometricFigures(kind, points, scale));

describe('figures of points', () => {
  it('counts rows and columns by their own spacing', () => {
    const points: Point[] = [[10, 20], [40, 60]];
    const scale = scaleOf(instance({ '00080060': ['MR'], '00280030': [0.8, 0.5] }), 1, points);
    expect(of('length', points, scale)).toEqual({ length: `${Math.round(Math.hypot(15, 32) * 1000) / 1000} mm` });
  });

  it('finds angles', () => {
    expect(of('angle', [[10, 0], [0, 0], [0, 10]])).toEqual({ angle: '90 deg' });
    expect(of('angle', [[10, 0], [0, 0], [-10, 0]])).toEqual({ angle: '180 deg' });
    const tilted: Point[] = [[100, 100], [150, 150], [150, 250], [100, 300]];
    expect(of('cobb', tilted)).toEqual({ cobb: '90 deg' });
  });

  it('measures the heart along the chest, and areas of the shape as drawn', () => {
    expect(of('ctr', [[0, 200], [280, 200], [70, 120], [210, 180]])).toEqual({ ratio: '50 %', heart: '70 mm', chest: '140 mm' });
    expect(of('rectangle', [[10, 10], [30, 50]])).toEqual({ area: '200 mm2' });
    expect(of('ellipse', [[30, 10], [10, 50]])).toEqual({ area: `${Math.round(Math.PI * 50 * 1000) / 1000} mm2` });
  });
});

describe('where the size of a pixel comes from', () => {
  it.each([
    [{ '00080060': ['CT'], '00280030': [0.7, 0.6] }, 'patient', 0.7],
    [{ '00080060': ['DX'], '00181164': [0.2, 0.2] }, 'detector', 0.2],
    [{ '00080060': ['CR'], '00280030': [0.2, 0.2] }, 'detector', 0.2],
    [{ '00080060': ['DX'], '00280030': [0.16, 0.16], '00181164': [0.2, 0.2] }, 'calibrated', 0.16],
    [{ '00080060': ['DX'], '00181164': [0.2, 0.2], '00181114': [1.25] }, 'magnification', 0.16],
    [{ '00080060': ['OT'], '00182010': [0.1, 0.1] }, 'film', 0.1],
    [{ '00080060': ['OT'] }, 'pixels', 1],
    [{ '00080060': ['MR'], '52009229': [{ '00289110': { vr: 'SQ', Value: [{ '00280030': { vr: 'DS', Value: [0.3, 0.3] } }] } }] }, 'patient', 0.3],
  ] as const)('%o', (elements, method, row) => {
    const scale = scaleOf(instance(elements as unknown as Record<string, unknown[]>), 1, [[0, 0]]);
    expect([scale.method, scale.y]).toEqual([method, expect.closeTo(row)]);
  });

  const ultrasound = instance({
    '00080060': ['US'],
    '00186011': [
      region([0, 0, 299, 199], [3, 3], [0.02, 0.02]),
      region([0, 200, 299, 399], [4, 7], [0.005, -0.5], { '00186022': [100] }),
      region([300, 0, 599, 199], [4, 3], [0.01, 0.02]),
    ],
  });

  it.each([
    [[[10, 10], [40, 50]], { length: '1 cm' }],
    [[[310, 10], [410, 60]], { time: '1 s', distance: '1 cm' }],
    [[[10, 210], [110, 250]], { time: '0.5 s', velocity: '20 cm/s' }],
    [[[10, 190], [10, 210]], { length: '20 px' }],
  ] as const)('ultrasound %o', (points, figures) => {
    expect(of('length', points as unknown as Point[], scaleOf(ultrasound, 1, points as unknown as Point[]))).toEqual(figures);
  });

  it('gives a point in a Doppler region its velocity', () => {
    expect(of('probe', [[10, 260.5]], scaleOf(ultrasound, 1, [[10, 260.5]]))).toEqual({ velocity: '20 cm/s' });
  });
});

describe('values in a shape', () => {
  const pixels = { columns: 4, rows: 3, unit: 'HU', at: (index: number) => index };

  it('counts pixels whose centres lie in the closed shape', () => {
    expect(said(valueFigures('rectangle', [[0.5, 0.5], [1.5, 1.5]], pixels))).toEqual({ mean: '2.5 HU', sd: '2.062 HU', min: '0 HU', max: '5 HU' });
    expect(valueFigures('rectangle', [[0.6, 0.6], [1.4, 1.4]], pixels)).toEqual([]);
    expect(said(valueFigures('ellipse', [[0, 0], [3, 3]], pixels))['mean']).toBe('5 HU');
    expect(valueFigures('probe', [[4, 3]], pixels)).toEqual([{ name: 'value', value: 11, unit: 'HU' }]);
  });
});

describe('placement', () => {
  it('finds the way to the screen and back, turned and flipped too', () => {
    for (const [start, right, down] of [
      [[10, 20], [410, 20], [10, 320]],
      [[410, 20], [410, 420], [110, 20]],
      [[410, 320], [10, 320], [410, 20]],
    ] as unknown as [Point, Point, Point][]) {
      const placement = placementFrom(start, right, down, [200, 150]);
      expect(toScreen(placement, [200, 0])).toEqual(right);
      const [x, y] = toImage(placement, toScreen(placement, [12.5, 99.25]), [200, 150]);
      expect([x, y]).toEqual([expect.closeTo(12.5), expect.closeTo(99.25)]);
    }
    expect(toImage(placementFrom([0, 0], [100, 0], [0, 100], [10, 10]), [-50, 500], [10, 10])).toEqual([0, 10]);
  });
});

describe('the pen', () => {
  it('draws by dragging, and by two clicks', () => {
    const dragged = new Pen('length');
    dragged.press([1, 1]);
    dragged.release([9, 9], true);
    const clicked = new Pen('length');
    clicked.press([1, 1]);
    clicked.release([1, 1], false);
    expect(clicked.isDone).toBe(false);
    clicked.press([9, 9]);
    clicked.release([9, 9], true);
    for (const pen of [dragged, clicked]) expect([pen.isDone, pen.points]).toEqual([true, [[1, 1], [9, 9]]]);
  });

  it('hangs the third point of an angle on the pointer, and waits for a second line', () => {
    const angle = new Pen('angle');
    angle.press([0, 0]);
    angle.release([5, 5], true);
    angle.move([9, 0]);
    expect([angle.isDone, angle.points]).toEqual([false, [[0, 0], [5, 5], [9, 0]]]);
    angle.press([9, 1]);
    angle.release([9, 1], true);
    expect([angle.isDone, angle.points.at(-1)]).toEqual([true, [9, 1]]);
    const cobb = new Pen('cobb');
    cobb.press([0, 0]);
    cobb.release([9, 0], true);
    cobb.move([5, 5]);
    expect([cobb.isDone, cobb.points.length]).toEqual([false, 2]);
    cobb.press([0, 9]);
    cobb.release([9, 9], true);
    expect([cobb.isDone, cobb.points.length]).toEqual([true, 4]);
  });

  it('sets a point at once', () => {
    const pen = new Pen('probe');
    pen.press([3, 4]);
    expect([pen.isDone, pen.points]).toEqual([true, [[3, 4]]]);
  });
});

describe('under the pointer', () => {
  it('finds points before lines, and the gap between two lines is none', () => {
    const lines: Point[] = [[0, 0], [100, 0], [0, 50], [100, 50]];
    expect(hitOf('cobb', lines, [98, 3])).toEqual({ point: 1 });
    expect(hitOf('cobb', lines, [50, 3])).toEqual({ point: null });
    expect(hitOf('cobb', lines, [100, 25])).toBeNull();
    expect(hitOf('ellipse', [[0, 0], [100, 100]], [50, 1])).toEqual({ point: null });
    expect(hitOf('ellipse', [[0, 0], [100, 100]], [50, 50])).toBeNull();
  });

  it('moves a point or the whole, never out of the image', () => {
    const points: Point[] = [[10, 10], [20, 20]];
    expect(moved(points, { point: 1 }, [100, 5], [50, 50])).toEqual([[10, 10], [50, 25]]);
    expect(moved(points, { point: null }, [100, -100], [50, 50])).toEqual([[40, 0], [50, 10]]);
  });
});

describe('words', () => {
  const length = { kind: 'length', label: '', figures: [{ name: 'length', value: 12.34, unit: 'mm' }], method: 'patient' } as const;

  it('writes the sentence for the report in both languages', () => {
    expect(sentence(length, { series: 2, image: 45 })).toBe('长度 12.3 mm（序列 2，第 45 幅）。');
    expect(sentence({ ...length, label: '右肺下叶结节' }, { series: 2, image: 45 })).toBe('右肺下叶结节 12.3 mm（序列 2，第 45 幅）。');
    const ratio = { kind: 'ctr', label: '', figures: [{ name: 'ratio', value: 48.16, unit: '%' }, { name: 'heart', value: 131, unit: 'mm' }], method: 'patient' } as const;
    expect(sentence(ratio, { series: 1, image: 1 })).toBe('心胸比 48.2%，心影 131.0 mm（序列 1，第 1 幅）。');
    expect(lines(ratio.figures, 'patient')).toEqual(['心胸比 48.2%', '心影 131.0 mm']);
    setLanguage('en');
    expect(sentence({ ...length, method: 'detector' }, { series: 2, image: 45 })).toBe('Length 12.3 mm, at the detector, magnified (series 2, image 45).');
    setLanguage('zh');
  });

  it('says mean and deviation, extremes and area', () => {
    const figures = [
      { name: 'mean', value: 41.26, unit: 'HU' },
      { name: 'sd', value: 9.99, unit: 'HU' },
      { name: 'min', value: -3, unit: 'HU' },
      { name: 'max', value: 77, unit: 'HU' },
      { name: 'area', value: 123.4, unit: 'mm2' },
    ];
    expect(lines(figures, 'patient')).toEqual(['均值 41.3 HU ± 10.0', '-3.0 … 77.0 HU', '123.4 mm²'].map((line, n) => (n === 2 ? `面积 ${line}` : line)));
    expect(amount({ name: 'angle', value: 90, unit: 'deg' })).toBe('90.0°');
    expect(lines([{ name: 'length', value: 20, unit: 'px' }], 'pixels')).toEqual(['20.0 像素', '像素大小未知']);
  });
});

describe('measurements of a study', () => {
  const lost = new Error('no line');
  const drawing: Drawing = { sop_instance_uid: '1.2', frame: 1, kind: 'length', points: [[1, 1], [2, 2]], label: '', for_clinic: false };
  const shown = { ...drawing, series_instance_uid: '1', figures: [], method: 'patient' as const };

  class Server implements Keeper {
    items: Measurement[] = [];
    online = true;
    may = true;

    async list(): Promise<{ items: Measurement[]; may_measure: boolean }> {
      return { items: [...this.items], may_measure: this.may };
    }
    async add(_study: string, one: Drawing): Promise<Measurement> {
      if (!this.online) throw lost;
      const kept: Measurement = { ...shown, ...one, id: this.items.length + 1, version: 1, author: '李', at: '' };
      this.items.push(kept);
      return kept;
    }
    async change(_study: string, known: Measurement, change: object): Promise<Measurement> {
      const now = this.items.find(({ id }) => id === known.id)!;
      if (now.version !== known.version) throw new Error('stale');
      return Object.assign(now, change, { version: now.version + 1 });
    }
    async remove(_study: string, known: Measurement): Promise<void> {
      this.items = this.items.filter(({ id }) => id !== known.id);
    }
  }

  const opened = async (server: Server): Promise<StudyMeasurements> => {
    const study = new StudyMeasurements('1.2.3', server, (error) => error === lost);
    await study.load();
    return study;
  };

  it('keeps what was drawn while the line was lost, as it was changed since', async () => {
    const server = new Server();
    const study = await opened(server);
    server.online = false;
    const draft = await study.add({ ...drawing }, shown);
    expect([isUnsaved(draft), study.items.value.length, study.hasWaiting]).toEqual([true, 1, true]);
    await study.change(draft, { label: '结节' });
    server.online = true;
    await study.flush();
    expect(study.items.value.map(({ id, label }) => [id, label])).toEqual([[1, '结节']]);
    expect(study.hasWaiting).toBe(false);
  });

  it('shows again what the server has when a change comes too late', async () => {
    const server = new Server();
    const study = await opened(server);
    const kept = await study.add({ ...drawing }, shown);
    await server.change('', kept, { label: 'other' });
    await expect(study.change({ ...kept, version: 1 }, { label: 'mine' })).rejects.toThrow('stale');
    expect(study.items.value.map(({ label }) => label)).toEqual(['other']);
  });

  it('lets who may not measure draw for himself alone', async () => {
    const server = new Server();
    server.may = false;
    const study = await opened(server);
    const own = await study.add({ ...drawing }, shown);
    expect([study.mayChange(own), server.items.length, study.hasWaiting]).toEqual([true, 0, false]);
    await study.remove(own);
    expect(study.items.value).toEqual([]);
  });
});
