import type { Health, HealthCheck } from '../api/types.ts';
import { t, word, type MessageKey } from '../i18n/index.ts';
import { duration } from '../lib/time.ts';

const COUNTS: Readonly<Record<string, readonly [count: keyof Health['counts'], message: MessageKey]>> = {
  quarantine: ['quarantine', 'health.detail.quarantine'],
  unknown_callers: ['unknown_callers', 'health.detail.unknown_callers'],
  renditions: ['renditions_failed', 'health.detail.renditions'],
  commitments: ['commitments_waiting', 'health.detail.commitments'],
  overdue: ['overdue_tasks', 'health.detail.overdue'],
};
const FINDINGS: Readonly<Record<string, MessageKey>> = {
  spool: 'health.detail.spool',
  objects: 'health.detail.objects',
  disk: 'health.detail.disk',
  invariants: 'health.detail.invariants',
  calendar: 'health.detail.calendar',
  hl7_results: 'health.detail.hl7_results',
};
const PROCESSES: ReadonlySet<string> = new Set(['gateway', 'intake', 'api', 'worker', 'beat']);

export function checkName(check: HealthCheck): string {
  return word('health.check', check.name);
}

/** What a check found, in the chosen language where we have words of our own for it. */
export function checkDetail(check: HealthCheck, health: Health): string {
  if (check.status === 'ok') return check.detail || t('health.detail.ok');
  const counted = COUNTS[check.name];
  if (counted !== undefined) return t(counted[1], { n: health.counts[counted[0]] });
  const finding = FINDINGS[check.name];
  if (finding !== undefined) return t(finding);
  return PROCESSES.has(check.name) ? t('health.detail.process') : check.detail;
}

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** A size in bytes for people, three digits at most. */
export function bytes(size: number): string {
  const step = Math.min(UNITS.length - 1, size < 1 ? 0 : Math.floor(Math.log10(size) / 3));
  const value = size / 1000 ** step;
  return `${value < 10 && step > 0 ? value.toFixed(1) : Math.round(value)} ${UNITS[step]}`;
}

/** What a process says about itself, without what is empty. */
export function facts(report: Readonly<Record<string, unknown>>): [name: string, value: string][] {
  return Object.entries(report)
    .filter(([name]) => name !== 'ok')
    .map(([name, value]): [string, string] => [word('health.fact', name), factValue(name, value)])
    .filter(([, value]) => value !== '');
}

function factValue(name: string, value: unknown): string {
  if (typeof value === 'number' && name.endsWith('_bytes')) return bytes(value);
  if (typeof value === 'number' && name.endsWith('_seconds')) return duration(value * 1000);
  if (Array.isArray(value)) return value.length === 0 ? '' : JSON.stringify(value);
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '');
}
