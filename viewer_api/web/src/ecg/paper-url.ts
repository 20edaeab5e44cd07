import type { Language } from '../i18n/index.ts';
import type { EcgSettings } from './settings.ts';

/** Which ECG, from which second of its record on. */
export interface WantedPaper {
  studyUid: string;
  sop: string;
  startS: number;
  language: Language;
}

/** Where the ECG is printed in true scale, with what the screen shows: layout, speed, gain and filters. */
export function paperUrl(
  { studyUid, sop, startS, language }: WantedPaper,
  { layout, speed, gain, filters }: Pick<EcgSettings, 'layout' | 'speed' | 'gain' | 'filters'>,
): string {
  const query = new URLSearchParams({
    sop,
    layout,
    speed: String(speed),
    gain: String(gain),
    high: String(filters.high),
    low: String(filters.low),
    notch: String(filters.notch),
    start_s: String(startS),
    lang: language,
  });
  return `/api/v1/studies/${encodeURIComponent(studyUid)}/ecg.pdf?${query}`;
}
