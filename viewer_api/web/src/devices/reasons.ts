import type { UnknownCaller } from '../api/types.ts';
import { word } from '../i18n/index.ts';

/** Why a caller was refused; other doors may have reasons of their own words. */
export function inReason(caller: UnknownCaller): string {
  return word('devices.reason', caller.reason).replace('{called}', caller.called_ae_title);
}
