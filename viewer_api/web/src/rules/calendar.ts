import type { Content } from '../api/rules-types.ts';
import { list, record } from './service-times.ts';

export interface Holiday {
  from: string;
  to: string;
  name: string;
}

export function holidaysOf(content: Content): Holiday[] {
  return list(content['holidays']).map((one) => {
    const { from, to, name } = record(one);
    return { from: String(from ?? ''), to: String(to ?? ''), name: String(name ?? '') };
  });
}

/** In the order of the days. */
export function withHolidays(content: Content, holidays: readonly Holiday[]): Content {
  const sorted = [...holidays].sort((a, b) => a.from.localeCompare(b.from));
  return { ...content, holidays: sorted.map((one) => ({ ...one })) };
}

export function daysOf(content: Content, name: 'workdays'): string[] {
  return list(content[name]).map(String);
}

export function withDays(content: Content, name: 'workdays', days: readonly string[]): Content {
  return { ...content, [name]: [...new Set(days)].sort() };
}

/** `08:00-12:00, 13:30-17:30` */
export function hoursInWords(content: Content): string {
  return list(content['hours'])
    .map((span) => list(span).map((time) => String(time).slice(0, 5)).join('-'))
    .join(', ');
}

/** What was typed as hours; null when it is not hours. */
export function readHours(text: string): string[][] | null {
  const spans = text.split(/[,，;；]/).map((part) => part.trim().split(/\s*[-–—~至]\s*/));
  return spans.every((span) => span.length === 2 && span.every((time) => /^([01]\d|2[0-3]):[0-5]\d$/.test(time)))
    ? spans
    : null;
}
