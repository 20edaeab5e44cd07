import { t, word, type MessageKey } from '../../i18n/index.ts';
import type { LongBeat, LongEcg, LongEvent } from './long-types.ts';

/** The time of day at which something happened; since the beginning where the recorder had no clock. Later days have a `+`. */
export function clockOf(startedAt: string | null): (seconds: number) => string {
  const begin = startedAt === null ? 0 : sinceMidnight(startedAt);
  return (seconds) => {
    const whole = Math.floor(begin + seconds + 1e-6);
    const days = startedAt === null ? 0 : Math.floor(whole / 86_400);
    const hours = Math.floor(whole / 3600) - days * 24;
    const parts = [hours, Math.floor(whole / 60) % 60, whole % 60];
    return parts.map((part) => String(part).padStart(2, '0')).join(':') + (days > 0 ? ` +${days}` : '');
  };
}

function sinceMidnight(at: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = at.slice(11, 19).split(':').map(Number);
  return hours * 3600 + minutes * 60 + seconds;
}

/** What an event is, in a few words. */
export function eventWords(event: LongEvent): string {
  const name = word('ecglong.event', event.kind);
  const parts = [
    event.beats !== null && event.kind.endsWith('run') ? t('ecglong.beats', { n: event.beats }) : '',
    event.rate !== null && event.kind !== 'longest_rr' && event.kind !== 'pause' ? t('ecglong.rate', { n: event.rate.toFixed(0) }) : '',
    event.microvolts !== null ? `${event.lead ?? ''} ${event.microvolts > 0 ? '+' : '−'}${(Math.abs(event.microvolts) / 1000).toFixed(2)} mV` : '',
    event.kind === 'fastest' || event.kind === 'slowest' ? '' : lasting(event.seconds),
  ].filter((part) => part !== '');
  return [name, ...parts].join(' · ');
}

function lasting(seconds: number): string {
  if (seconds >= 120) return t('ecglong.minutes', { n: (seconds / 60).toFixed(0) });
  return t('ecglong.seconds', { n: seconds.toFixed(seconds < 20 ? 2 : 0) });
}

/** The event that the strip shows, or the one that holds its middle. */
export function eventAt(events: readonly LongEvent[], fromS: number, seconds: number): LongEvent | null {
  const middle = fromS + seconds / 2;
  const inside = events.filter((one) => one.at_s < fromS + seconds && one.at_s + one.seconds > fromS);
  const near = (one: LongEvent): number => Math.abs(one.at_s + Math.min(one.seconds, seconds) / 2 - middle);
  return inside.reduce<LongEvent | null>((best, one) => (best === null || near(one) < near(best) ? one : best), null);
}

/** The strip as a line of the report: when, which leads, what is there. */
export function stripWords(
  clock: (seconds: number) => string,
  fromS: number,
  seconds: number,
  leads: readonly string[],
  beats: readonly LongBeat[],
  event: LongEvent | null,
): string {
  const when = clock(event?.at_s ?? fromS + seconds / 2);
  const finding = event === null ? beatsWords(beats) : eventWords(event);
  return t('ecglong.line', { when, leads: leads.join(t('ecglong.and')), finding });
}

function beatsWords(beats: readonly LongBeat[]): string {
  const intervals = beats.map(({ rr_ms }) => rr_ms).filter((rr): rr is number => rr !== null);
  const mean = intervals.reduce((sum, rr) => sum + rr, 0) / Math.max(1, intervals.length);
  const rate = intervals.length > 0 ? t('ecglong.rate', { n: (60_000 / mean).toFixed(0) }) : t('ecglong.no_beats');
  const strange = (['ventricular', 'supraventricular', 'paced'] as const)
    .map((kind) => [kind, beats.filter((beat) => beat.kind === kind).length] as const)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${t(`ecglong.kind.${kind}` as MessageKey)} ${count}`);
  return [rate, ...strange].join(' · ');
}

/** The whole record as lines of the report. */
export function wholeWords(ecg: LongEcg): string {
  const { whole, events } = ecg;
  const clock = clockOf(ecg.started_at);
  const when = (kind: string): string => {
    const event = events.find((one) => one.kind === kind);
    return event === undefined ? '' : `（${clock(event.at_s)}）`;
  };
  const number = (value: number | null): string => (value === null ? '–' : value.toFixed(0));
  return t('ecglong.whole', {
    hours: (ecg.seconds / 3600).toFixed(1),
    beats: whole.beats,
    mean: number(whole.mean_hr),
    lowest: number(whole.lowest_hr) + when('slowest'),
    highest: number(whole.highest_hr) + when('fastest'),
    ventricular: whole.counts.ventricular,
    supraventricular: whole.counts.supraventricular,
    longest: ((whole.longest_rr_ms ?? 0) / 1000).toFixed(2) + ' s' + when('longest_rr'),
    pauses: whole.pauses,
  });
}
