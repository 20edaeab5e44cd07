import { t, type MessageKey } from '../i18n/index.ts';
import { zh } from '../i18n/zh.ts';
import type { UploadEntry } from './types.ts';

const UNITS = ['B', 'KB', 'MB', 'GB'] as const;
const STEP = 1024;

export function size(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= STEP && unit < UNITS.length - 1) {
    value /= STEP;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

/** Why a file was not taken, or was kept aside. */
export function reason({ code, detail }: UploadEntry): string {
  const keys = [`upload.code.${code}`, `health.reason.${code}`, `error.${code}`];
  const known = keys.find((key) => key in zh);
  return known === undefined ? detail || code : t(known as MessageKey);
}
