import { t } from '../../../i18n/index.ts';
import type { Choice } from '../../../ui/dialog.ts';
import type { Side } from '../hanging-api.ts';

/** Codes that are offered; others may be written too. */
export const MODALITIES: readonly string[] = ['CT', 'MR', 'DX', 'CR', 'MG', 'US', 'RF', 'XA', 'PX', 'NM', 'PT'];

/** View Position (PS3.3 C.8.11.5, C.8.1.1). */
export const VIEWS: readonly string[] = ['PA', 'AP', 'LL', 'RL', 'RAO', 'LAO', 'RPO', 'LPO', 'CC', 'MLO', 'ML', 'LM', 'XCCL', 'RLD', 'LLD'];

/** Body Part Examined (PS3.16 annex L). */
export const BODY_PARTS: readonly string[] = [
  'CHEST', 'HEAD', 'BRAIN', 'NECK', 'ABDOMEN', 'PELVIS', 'CSPINE', 'TSPINE', 'LSPINE', 'SHOULDER', 'ELBOW', 'WRIST', 'HAND', 'HIP', 'KNEE', 'ANKLE', 'FOOT', 'BREAST', 'HEART', 'SKULL',
];

const SIDES: readonly Side[] = ['', 'L', 'R'];

export function sideChoices(): Choice[] {
  return SIDES.map((value) => ({ value, label: value === '' ? t('hangrule.any') : t(`hangrule.side.${value}`) }));
}
