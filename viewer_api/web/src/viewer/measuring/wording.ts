import { t, word } from '../../i18n/index.ts';
import { nameOf, type Figure, type Measurement, type Method } from './kinds.ts';

const DECIMALS: Readonly<Record<string, number>> = { mm: 1, cm: 2, px: 1, mm2: 1, cm2: 2, px2: 0, deg: 1, '%': 1, s: 3, 'cm/s': 1, Hz: 0, HU: 1, '': 1 };
const SIGNS: Readonly<Record<string, string>> = { mm2: 'mm²', cm2: 'cm²', px2: 'px²', deg: '°' };
/** Below one, these are told more finely. */
const SMALL: readonly string[] = ['mm', 'mm2'];
const TIGHT: readonly string[] = ['deg', '%'];

/** A number with its unit as people write it. */
export function amount({ value, unit }: Figure): string {
  const decimals = SMALL.includes(unit) && Math.abs(value) < 1 ? 2 : (DECIMALS[unit] ?? 1);
  const text = (Math.round(value * 1e6) / 1e6).toFixed(decimals);
  const sign = unit === 'px' || unit === 'px2' ? t(`measure.unit.${unit}`) : (SIGNS[unit] ?? unit);
  return TIGHT.includes(unit) ? text + sign : `${text} ${sign}`.trimEnd();
}

/** What stands beside the drawing, a line for each thing that was found; the figure `bare` without its name. */
export function lines(figures: readonly Figure[], method: Method, bare = ''): string[] {
  const spread = ['mean', 'sd', 'min', 'max'].map((name) => figures.find((one) => one.name === name));
  const [mean, sd, min, max] = spread;
  const others = figures.filter((one) => !spread.includes(one));
  const said = others.map((one) => (one.name === bare || (others.length === 1 && isPlain(one)) ? amount(one) : `${word('measure.figure', one.name)} ${amount(one)}`));
  if (mean !== undefined && sd !== undefined) said.unshift(`${t('measure.figure.mean')} ${amount(mean)} ± ${amount({ ...sd, unit: '' })}`);
  if (min !== undefined && max !== undefined) said.splice(1, 0, `${amount({ ...min, unit: '' })} … ${amount(max)}`);
  const mark = isSized(figures) ? word('measure.method', method) : '';
  return mark === '' || method === 'patient' || method === 'region' || method === 'calibrated' ? said : [...said, mark];
}

/** Whose meaning the drawing shows by itself. */
function isPlain({ name }: Figure): boolean {
  return ['length', 'angle', 'cobb', 'value'].includes(name);
}

/** Whether the size of a pixel matters to what is said. */
function isSized(figures: readonly Figure[]): boolean {
  return figures.some(({ unit }) => ['mm', 'cm', 'px', 'mm2', 'cm2', 'px2'].includes(unit));
}

/** Beside the name of its kind, which a ratio need not say again. */
export function values(one: Pick<Measurement, 'kind' | 'label' | 'figures' | 'method'>): string[] {
  return lines(one.figures, one.method, one.kind === 'ctr' && one.label === '' ? 'ratio' : '');
}

export interface Place {
  /** Series and image as people count them, from 1. */
  series: number;
  image: number;
}

/** For the report: what was measured, how large it is, and in which image. */
export function sentence(one: Pick<Measurement, 'kind' | 'label' | 'figures' | 'method'>, place: Place): string {
  const said = values(one).join(t('measure.sentence.comma'));
  const name = one.label || t(nameOf(one.kind));
  const where = t('measure.sentence.place', { series: place.series, image: place.image });
  return t(said === '' ? 'measure.sentence.plain' : 'measure.sentence', { name, values: said, where });
}
