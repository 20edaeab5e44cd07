import { html, nothing, type TemplateResult } from 'lit';

import { t } from '../i18n/index.ts';
import type { Ecg } from './ecg-types.ts';
import { ecgSettings, measuredPixelsPerMm } from './settings.ts';

/** What a reader must know of how he sees the tracing: speed, gains, filters, what was worked out or assumed. */
export function ecgFoot(ecg: Ecg | undefined, gains: ReadonlyMap<string, number>): TemplateResult {
  const { speed, gain, filters, trueSize } = ecgSettings.value;
  const what = [
    filters.high > 0 ? `≥ ${filters.high} Hz` : '',
    filters.low > 0 ? `≤ ${filters.low} Hz` : '',
    filters.notch > 0 ? `${t('ecg.notch')} ${filters.notch} Hz` : '',
  ].filter((one) => one !== '');
  const other = [...gains].map(([lead, one]) => `${lead} ${one} mm/mV`).join(', ');
  const recording = ecg?.recording;
  return html`<div class="foot" data-testid="ecg-foot">
    <span class="on num">${speed} mm/s · ${gain} mm/mV${other === '' ? '' : ` (${other})`}</span>
    <span class=${what.length > 0 ? 'on' : ''}>${what.length > 0 ? t('ecg.filters_shown', { what: what.join(', ') }) : t('ecg.filters_off')}</span>
    ${trueSize && measuredPixelsPerMm() === null ? html`<span class="on warn">${t('ecg.not_calibrated')}</span>` : nothing}
    ${recording && recording.derived_leads.length > 0 ? html`<span>${t('ecg.derived')}</span>` : nothing}
    ${recording && recording.assumed.length > 0 ? html`<span>${t('ecg.assumed', { what: recording.assumed.join('; ') })}</span>` : nothing}
    <span>${t('ecg.hint')}</span>
  </div>`;
}

/** Median beats are drawn as large as fits: their grid is what they are read by. */
export function beatFoot(): TemplateResult {
  return html`<div class="foot" data-testid="ecg-foot"><span class="on">${t('ecg.beat_grid')}</span><span>${t('ecg.beat_unfiltered')}</span></div>`;
}
