import { language } from '../i18n/index.ts';
import type { Suggestion } from './ecg-types.ts';

/** The rules of docs/ecg-measuring.md in English, by code; the server says them in Chinese. */
const RULES: Readonly<Record<string, string>> = {
  paced: 'pacemaker pulses before most QRS complexes',
  af: 'no P waves of one shape, intervals at random (> 0.08)',
  afl: 'a regular wave of 210 to 375/min outside the QRS',
  av_block_3: 'P waves at their own, faster rate, without relation to a regular QRS',
  sinus_arrhythmia: 'neighbouring RR intervals differ by more than 120 ms on average',
  sinus_bradycardia: 'sinus P waves, rate below 60',
  sinus_tachycardia: 'sinus P waves, rate above 100',
  sinus_rhythm: 'a P of one shape before each QRS, P axis −15° to 105°',
  vpc: 'other shape and wide QRS',
  apc: 'same shape, more than 18 % early',
  av_block_1: 'PR above 200 ms',
  short_pr: 'PR below 120 ms',
  irbbb: "QRS 110 to 119 ms, R' in V1 or V2, wide S in V6 and I",
  lbbb: 'QRS from 120 ms, V1 mostly negative, broad R without S in V6 and I',
  rbbb: "QRS from 120 ms, R' or late R in V1 or V2, wide S in V6 and I",
  ivcd: 'QRS from 120 ms, neither left nor right bundle branch block',
  axis_extreme: '−90° to −180°',
  axis_left: '−90° to −30°',
  axis_right: '90° to 180°',
  lafb: 'axis −45° to −90°, qR in aVL, rS in II, III and aVF, QRS below 120 ms',
  lvh_voltage: 'Sokolow-Lyon from 3.5 mV or Cornell above 2.8 (men), 2.0 (women) mV',
  low_voltage: 'QRS below 0.5 mV in each limb lead',
  st_elevation: 'J point raised to the limit for age and sex in two neighbouring leads',
  st_depression: 'J point and the 60 ms after it lowered by 0.05 mV or more in two neighbouring leads',
  t_change: 'T inverted or below R/10 in neighbouring leads that are mostly R',
  long_qt: 'QTc above 450 (men), 460 (women) ms; Bazett at 60 to 90/min, else Fridericia',
  short_qt: 'QTc below 340 ms',
  limb_swap: 'see signal quality',
};

/** Words among the numbers, longer ones first. */
const NUMBERS: readonly (readonly [RegExp, string])[] = [
  [/肢体导联QRS最大/g, 'largest QRS of the limb leads'],
  [/(\d+) 个，共 (\d+) 个搏动/g, '$1 of $2 beats'],
  [/(\d+) 个起搏搏动/g, '$1 paced beats'],
  [/P波一致性/g, 'P consistency'],
  [/RR不规则度/g, 'RR irregularity'],
  [/QRS电轴/g, 'QRS axis'],
  [/心室率/g, 'ventricular rate'],
  [/心房率/g, 'atrial rate'],
  [/ ?次\/分/g, '/min'],
  [/，|、/g, ', '],
  [/；/g, '; '],
];

/** The rule and the numbers that met it, in the language of the screen. */
export function ruleOf({ code, rule, numbers }: Suggestion): string {
  const english = language.value === 'en' ? RULES[code] : undefined;
  if (english === undefined) return `${rule} · ${numbers}`;
  return `${english} · ${NUMBERS.reduce((words, [from, to]) => words.replace(from, to), numbers)}`;
}
