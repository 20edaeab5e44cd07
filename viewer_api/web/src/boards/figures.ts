import type { Share, Wall } from '../api/boards-types.ts';
import { t, word } from '../i18n/index.ts';

const CENTS = 100;
const AMOUNT = /^[-+]?\d{1,6}(\.\d{1,2})?$/;

/** Hundredths as yuan, `-60.00`. */
export function yuan(amount: number): string {
  const whole = Math.abs(amount);
  return `${amount < 0 ? '-' : ''}${Math.floor(whole / CENTS)}.${String(whole % CENTS).padStart(2, '0')}`;
}

/** What a person wrote as an amount, in hundredths; `null` when it is none. */
export function hundredths(text: string): number | null {
  const plain = text.trim().replace('−', '-');
  if (!AMOUNT.test(plain)) return null;
  const [whole = '', part = ''] = plain.replace(/^[-+]/, '').split('.');
  const amount = Number(whole) * CENTS + Number(part.padEnd(2, '0'));
  return plain.startsWith('-') ? -amount : amount;
}

/** How a step of due time is called: breached, late, minutes, later, paused. */
export function stepName(step: string): string {
  return /^\d+$/.test(step) ? t('board.step.minutes', { n: step }) : word('board.step', step);
}

export function openTasks(wall: Pick<Wall, 'classes'>, step?: string): number {
  return wall.classes.reduce((sum, line) => sum + (step === undefined ? line.open : (line.steps[step] ?? 0)), 0);
}

/** Whether a share is on the wrong side of its target; unknown shares and targets miss nothing. */
export function misses(percent: number | null, target: number | null, atMost: boolean): boolean {
  if (percent === null || target === null) return false;
  return atMost ? percent > target : percent < target;
}

export function asPercent(percent: number | null): string {
  return percent === null ? '–' : `${percent.toFixed(1)}%`;
}

/** The points of a line over the months, 0 to 100 % high; months without cases are left out. */
export function trend(months: readonly Share[], width: number, height: number): string {
  const step = months.length > 1 ? width / (months.length - 1) : 0;
  return months
    .map(({ percent }, index) => (percent === null ? '' : `${(index * step).toFixed(1)},${(height * (1 - percent / 100)).toFixed(1)}`))
    .filter((point) => point !== '')
    .join(' ');
}
