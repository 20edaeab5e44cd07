import { locale, t } from '../i18n/index.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A length of time in the two largest units that matter: `3 h 05 min`, `12 min`, `40 s`. */
export function duration(ms: number): string {
  const span = Math.abs(ms);
  if (span < MINUTE) return t('time.seconds', { n: Math.floor(span / SECOND) });
  if (span < HOUR) return t('time.minutes', { n: Math.floor(span / MINUTE) });
  if (span < DAY) return hours(Math.floor(span / HOUR), Math.floor((span % HOUR) / MINUTE));
  return days(Math.floor(span / DAY), Math.floor((span % DAY) / HOUR));
}

/** Like {@link duration}, but `mm:ss` below ten minutes, where every second is looked at. */
export function countdown(ms: number): string {
  const span = Math.abs(ms);
  if (span >= 10 * MINUTE) return duration(ms);
  const seconds = Math.floor(span / SECOND);
  return `${pad(Math.floor(seconds / 60))}:${pad(seconds % 60)}`;
}

export function ago(at: string, nowMs: number): string {
  const span = nowMs - Date.parse(at);
  return span < MINUTE ? t('time.now') : t('time.ago', { time: duration(span) });
}

/** The time alone for today, with the day otherwise; in this PC's time zone. */
export function moment(at: string | null | undefined, nowMs: number): string {
  if (!at) return '–';
  const date = new Date(at);
  const daysApart = calendarDay(new Date(nowMs)) - calendarDay(date);
  if (daysApart === 0) return clockTime(date);
  if (daysApart === 1) return t('time.yesterday', { time: clockTime(date) });
  return new Date(nowMs).getFullYear() === date.getFullYear() ? format(date, MONTH_DAY) : format(date, FULL);
}

/** Date and time, always in full. */
export function fullMoment(at: string | null | undefined): string {
  return at ? format(new Date(at), FULL) : '–';
}

/** A day without a time, as {@link fullMoment} writes days. */
export function fullDay(date: string): string {
  return format(new Date(date), { ...DAY_ALONE, timeZone: 'UTC' });
}

interface Made {
  exam_started_at: string | null;
  exam_date: string | null;
}

/** When an exam was made: the day alone where no time is known, `otherwise` where not even that is. */
export function examMoment({ exam_started_at: at, exam_date: date }: Made, otherwise: string): string {
  if (at !== null) return fullMoment(at);
  return date === null ? otherwise : fullDay(date);
}

/** Of an exam in a list that is in order of `at`. */
export function listedMoment({ at, exam_date: date }: { at: string; exam_date: string | null }): string {
  return date === null ? fullMoment(at) : fullDay(date);
}

/** `YYYY-MM-DD` as it is: a date of birth has no time zone. */
export function day(date: string): string {
  return date === '' ? '–' : date;
}

const MONTH_DAY: Intl.DateTimeFormatOptions = { month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
const FULL: Intl.DateTimeFormatOptions = { ...MONTH_DAY, year: 'numeric' };
const DAY_ALONE: Intl.DateTimeFormatOptions = { year: 'numeric', month: '2-digit', day: '2-digit' };

function clockTime(date: Date): string {
  return `${pad(date.getHours())}:${pad(date.getMinutes())}`;
}

function format(date: Date, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale(), options).format(date);
}

function calendarDay(date: Date): number {
  return Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / DAY);
}

function hours(h: number, m: number): string {
  return m === 0 ? t('time.hours', { n: h }) : t('time.hours_minutes', { h, m });
}

function days(d: number, h: number): string {
  return h === 0 ? t('time.days', { n: d }) : t('time.days_hours', { d, h });
}

function pad(n: number): string {
  return String(n).padStart(2, '0');
}
