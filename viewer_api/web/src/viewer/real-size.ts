import { calibrated, thisDisplay } from '../ecg/calibration.ts';
import { changeEcg, ecgSettings, measuredPixelsPerMm } from '../ecg/settings.ts';
import { t } from '../i18n/index.ts';
import { ask } from '../ui/dialog.ts';
import { notify } from '../ui/notify.ts';
import type { CellViewport } from './cell-viewport.ts';
import { numbersOf, Tag, type Instance } from './dicom-json.ts';
import type { Frame } from './frames.ts';

const BAR_CSS_PX = 400;

/** Shows the image as large as the patient is; says so where its size is not known. */
export async function showReal(frame: Frame | null, viewport: CellViewport | null): Promise<void> {
  if (frame === null) return;
  if (pixelMm(frame.instance) === null) return notify(t('stage.real.unknown'), 'warn');
  const scale = await realScale(frame.instance);
  if (scale !== null) viewport?.zoomTo(scale);
}

/** Pixels of the screen per image pixel at which the image is as large as the patient; `null` when sizes are not known. */
async function realScale(instance: Instance): Promise<number | null> {
  const mm = pixelMm(instance);
  if (mm === null) return null;
  const perMm = measuredPixelsPerMm() ?? (await measured());
  return perMm === null ? null : mm * perMm * (globalThis.devicePixelRatio || 1);
}

/** The distance between columns: in the patient, or for projections at the detector (PS3.3 10.7.1.3). */
function pixelMm(instance: Instance): number | null {
  const spacing = numbersOf(instance, Tag.PixelSpacing)[1] ?? numbersOf(instance, Tag.ImagerPixelSpacing)[1];
  return spacing !== undefined && spacing > 0 ? spacing : null;
}

/** CSS pixels per millimetre, as the reader measures a bar on this monitor; the same number serves ECGs on paper. */
async function measured(): Promise<number | null> {
  const answers = await ask({
    title: t('stage.real.title'),
    text: t('stage.real.text'),
    bar: BAR_CSS_PX,
    fields: [{ name: 'mm', label: t('stage.real.mm'), kind: 'text', required: true }],
  });
  const mm = Number((answers?.['mm'] ?? '').replace(',', '.'));
  const screens = calibrated(ecgSettings.value.screens, thisDisplay(), BAR_CSS_PX, mm);
  if (screens === null) return null;
  changeEcg({ screens });
  return measuredPixelsPerMm();
}
