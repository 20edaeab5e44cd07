import { html, type TemplateResult } from 'lit';

import { t } from '../../i18n/index.ts';
import type { LongEcg, LongPart } from './long-types.ts';
import { clockOf } from './words.ts';

/** The whole record in numbers, then each hour. */
export function summary(ecg: LongEcg, jump: (seconds: number) => void): TemplateResult {
  const clock = clockOf(ecg.started_at);
  const { whole } = ecg;
  const rows: [string, string][] = [
    [t('ecglong.value.duration'), `${(ecg.seconds / 3600).toFixed(1)} h`],
    [t('ecglong.value.beats'), String(whole.beats)],
    [t('ecglong.value.mean'), number(whole.mean_hr)],
    [t('ecglong.value.range'), `${number(whole.lowest_hr)}–${number(whole.highest_hr)}`],
    [t('ecglong.value.longest'), whole.longest_rr_ms === null ? '–' : `${(whole.longest_rr_ms / 1000).toFixed(2)} s`],
    [t('ecglong.value.pauses'), String(whole.pauses)],
    ...kinds(whole),
    [t('ecglong.value.sdnn'), whole.sdnn_ms === null ? '–' : `${number(whole.sdnn_ms)} ms`],
    [t('ecglong.value.missing'), `${(whole.missing_s / 60).toFixed(1)} min`],
    ...stRanges(ecg),
  ];
  return html`<table data-testid="long-summary">
      <tbody>
        ${rows.map(([name, value]) => html`<tr><th scope="row">${name}</th><td class="num">${value}</td></tr>`)}
      </tbody>
    </table>
    <table>
      <thead>
        <tr><th>${t('ecglong.hour')}</th><th>${t('ecglong.hr')}</th><th>V</th><th>S</th></tr>
      </thead>
      <tbody>
        ${ecg.hours.map(
          (hour) => html`<tr style="cursor: pointer" @click=${() => jump(hour.start_s)}>
            <th scope="row" class="num">${clock(hour.start_s).slice(0, 5)}</th>
            <td class="num">${number(hour.mean_hr)} (${number(hour.lowest_hr)}–${number(hour.highest_hr)})</td>
            <td class="num">${hour.counts.ventricular}</td>
            <td class="num">${hour.counts.supraventricular}</td>
          </tr>`,
        )}
      </tbody>
    </table>`;
}

function kinds(whole: LongPart): [string, string][] {
  const share = (count: number): string => (whole.beats > 0 ? ` (${((100 * count) / whole.beats).toFixed(1)}%)` : '');
  return (['ventricular', 'supraventricular', 'paced', 'unclassifiable'] as const)
    .filter((kind) => kind !== 'paced' || whole.counts.paced > 0)
    .map((kind) => [t(`ecglong.kind.${kind}`), `${whole.counts[kind]}${share(whole.counts[kind])}`]);
}

function stRanges(ecg: LongEcg): [string, string][] {
  return (ecg.st?.leads ?? []).map((lead, at) => {
    const known = (ecg.st?.minutes[at] ?? []).filter((value): value is number => value !== null);
    const [low, high] = [known.reduce((a, b) => Math.min(a, b), 0), known.reduce((a, b) => Math.max(a, b), 0)];
    const words = known.length === 0 ? '–' : `${millivolts(low)} … ${millivolts(high)} mV`;
    return [t('ecglong.value.st', { lead }), words];
  });
}

/** Without a sign where it is nothing. */
function millivolts(microvolts: number): string {
  const hundredths = Math.round(microvolts / 10);
  return `${hundredths > 0 ? '+' : ''}${(hundredths / 100 || 0).toFixed(2)}`;
}

function number(value: number | null): string {
  return value === null ? '–' : value.toFixed(0);
}
