import { html, nothing, type TemplateResult } from 'lit';

import type { Series, Study, Task } from '../api/types.ts';
import { localName, t } from '../i18n/index.ts';
import { personName, sexAge } from '../lib/patient.ts';
import { examMoment } from '../lib/time.ts';
import { numberOf, Tag, textOf, type Instance } from './dicom-json.ts';
import type { FrameStack } from './frames.ts';
import { planesWords, type PlanesShown } from './planes/planes-words.ts';
import type { StackState } from './stack-view.ts';

/** What a reader must see with the picture: whose, which, how it is shown, and whether it is final. */
export function overlay(study: Study | Task, series: Series, stack: FrameStack, state: StackState, planes: PlanesShown): TemplateResult {
  const instance = stack.frames[state.index]?.instance ?? {};
  const made = examMoment(study, '');
  return html`
    <div class="corner tl">
      <b>${personName(study.patient.name)}</b>
      <span>${sexAge(study.patient)}</span>
      <span>${study.patient.id}</span>
    </div>
    <div class="corner tr">
      <span>${localName(study.institution_name, study.institution_name_en)}</span>
      ${made === '' ? nothing : html`<span>${made}</span>`}
      <span>${series.description || study.description}</span>
      ${side(series, instance)}
    </div>
    <div class="corner bl">
      <span>${t('viewer.image_of', { n: state.index + 1, count: state.count })}</span>
      ${thickness(instance)}
      ${planesWords(stack.frames[state.index], planes)}
      <span class="faint">${state.cached < state.count ? t('viewer.loaded', { n: state.cached, count: state.count }) : nothing}</span>
    </div>
    <div class="corner br">
      ${lossy(instance)}
      <span class="quality ${state.quality}" data-testid="image-quality">${quality(state)}</span>
      <span>${t('viewer.zoom', { percent: Math.round(state.scale * 100) })}</span>
      ${voi(state)}
    </div>
    ${state.edges === null
      ? nothing
      : html`<span class="edge left">${state.edges.left}</span><span class="edge top">${state.edges.top}</span>`}
  `;
}

function side(series: Series, instance: Instance): TemplateResult | typeof nothing {
  const code = textOf(instance, Tag.ImageLaterality) || textOf(instance, Tag.Laterality) || series.laterality;
  const view = textOf(instance, Tag.ViewPosition);
  const names = { R: t('viewer.right'), L: t('viewer.left'), B: t('viewer.both') } as Readonly<Record<string, string>>;
  const words = [names[code] ?? '', view].filter((part) => part !== '').join(' · ');
  return words === '' ? nothing : html`<span class="side">${words}</span>`;
}

function thickness(instance: Instance): TemplateResult | typeof nothing {
  const mm = numberOf(instance, Tag.SliceThickness);
  return mm === null ? nothing : html`<span>${t('viewer.thickness', { mm: Math.round(mm * 100) / 100 })}</span>`;
}

function lossy(instance: Instance): TemplateResult | typeof nothing {
  if (textOf(instance, Tag.LossyImageCompression) !== '01') return nothing;
  const ratio = numberOf(instance, Tag.LossyImageCompressionRatio);
  const words = ratio === null ? t('viewer.lossy') : t('viewer.lossy.ratio', { ratio: Math.round(ratio) });
  return html`<span class="lossy">${words}</span>`;
}

function quality(state: StackState): string {
  const words = t(`viewer.quality.${state.quality}`);
  return state.cpu ? `${words} · ${t('viewer.cpu')}` : words;
}

function voi(state: StackState): TemplateResult | typeof nothing {
  if (state.voi === null) return nothing;
  const { width, center } = state.voi;
  return html`<span>${t('viewer.wl', { width: Math.round(width), center: Math.round(center) })}</span>`;
}
