import { html, nothing, type TemplateResult } from 'lit';

import { t } from '../i18n/index.ts';
import { ask } from '../ui/dialog.ts';
import { notify } from '../ui/notify.ts';
import { CARD_MM, calibrated, thisDisplay } from './calibration.ts';
import { HIGH_PASS, LOW_PASS, NOTCH, type FilterChoice } from './filters.ts';
import { GAINS, LAYOUTS, SPEEDS, type LayoutName } from './layout.ts';
import { changeEcg, ecgSettings, measuredPixelsPerMm } from './settings.ts';

const BAR_PX = 400;

/** Layout, speed, gain and filters, which are kept for this person on this PC. */
export function paperTools(): TemplateResult {
  const { layout, speed, gain, filters } = ecgSettings.value;
  const filter = (change: Partial<FilterChoice>): void => changeEcg({ filters: { ...filters, ...change } });
  return html`
    ${choice(t('ecg.layout'), LAYOUTS.indexOf(layout), LAYOUTS.map((name, number) => [number, t(`ecg.layout.${name}`)]), (value) => changeEcg({ layout: LAYOUTS[value] as LayoutName }))}
    ${choice(t('ecg.speed'), speed, SPEEDS.map((one) => [one, `${one} mm/s`]), (value) => changeEcg({ speed: value }))}
    ${choice(t('ecg.gain'), gain, GAINS.map((one) => [one, `${one} mm/mV`]), (value) => changeEcg({ gain: value }))}
    ${choice(t('ecg.high_pass'), filters.high, HIGH_PASS.map(hertz), (value) => filter({ high: value }))}
    ${choice(t('ecg.low_pass'), filters.low, LOW_PASS.map(hertz), (value) => filter({ low: value }))}
    ${choice(t('ecg.notch'), filters.notch, NOTCH.map(hertz), (value) => filter({ notch: value }))}
  `;
}

/** True millimetres, by the screen that somebody has measured. */
export function sizeTools(): TemplateResult {
  const { trueSize } = ecgSettings.value;
  const known = measuredPixelsPerMm() !== null;
  return html`<button class="small quiet" data-testid="ecg-true-size" aria-pressed=${trueSize} @click=${() => changeEcg({ trueSize: !trueSize })} title=${t(known ? 'ecg.calibrated' : 'ecg.not_calibrated')}>
      ${t('ecg.true_size')}
    </button>
    ${trueSize ? html`<button class="small quiet" data-testid="ecg-calibrate" @click=${() => void calibrate()}>${t('ecg.calibrate')}</button>` : nothing}`;
}

/** Asks how long a bar is on this screen, by a ruler or in widths of a bank card. */
async function calibrate(): Promise<void> {
  const answers = await ask({
    title: t('ecg.calibrate'),
    text: t('ecg.calibrate.text', { card: CARD_MM.toFixed(1) }),
    bar: BAR_PX,
    fields: [{ name: 'mm', label: t('ecg.calibrate.field'), kind: 'text', required: true }],
  });
  if (answers === null) return;
  const screens = calibrated(ecgSettings.value.screens, thisDisplay(), BAR_PX, Number((answers['mm'] ?? '').replace(',', '.')));
  if (screens === null) notify(t('ecg.calibrate.refused'), 'danger');
  else changeEcg({ screens, trueSize: true });
}

export function choice(
  label: string,
  value: number,
  options: readonly (readonly [number, string])[],
  pick: (value: number) => void,
): TemplateResult {
  return html`<label
    >${label}<select @change=${(event: Event) => pick(Number((event.target as HTMLSelectElement).value))}>
      ${options.map(([one, words]) => html`<option value=${one} ?selected=${one === value}>${words}</option>`)}
    </select></label
  >`;
}

function hertz(value: number): readonly [number, string] {
  return [value, value === 0 ? t('ecg.off') : `${value} Hz`];
}
