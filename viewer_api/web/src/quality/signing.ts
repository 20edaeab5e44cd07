import type { SignOrder } from '../api/types.ts';
import type { Discrepancy, Fault } from '../api/quality-types.ts';
import type { ReportContent } from '../api/types.ts';
import { localName, t } from '../i18n/index.ts';
import { quality } from '../session.ts';
import { ask, type Field } from '../ui/dialog.ts';

const CLASSES: readonly Discrepancy[] = ['none', 'minor', 'major'];

/** The question how much the auditor's changes matter, answered beforehand with what the texts suggest; none without changes. */
export async function discrepancyField(task: number): Promise<Field | null> {
  const changes = await quality.changes(task).catch(() => null);
  if (changes === null || changes.suggested === 'none') return null;
  return {
    name: 'discrepancy',
    label: t('discrepancy.label'),
    kind: 'select',
    value: changes.judged ?? changes.suggested,
    choices: CLASSES.map((value) => ({ value, label: t(`discrepancy.${value}`) })),
  };
}

/**
 * Signs; where the writing rules stop it, asks first why it is to be signed all the same.
 * False when the person goes back to the report instead.
 */
export async function signOverRules(
  task: number,
  content: ReportContent,
  sign: (order: SignOrder) => Promise<unknown>,
): Promise<boolean> {
  const checked = await quality.check(task, content);
  const blocking = checked.faults.filter(({ severity, code }) => severity === 'blocks' && code !== 'empty');
  const reason = blocking.length === 0 ? '' : await askOverride(blocking);
  if (reason === null) return false;
  await sign(reason === '' ? {} : { override_reason: reason });
  return true;
}

async function askOverride(blocking: readonly Fault[]): Promise<string | null> {
  const answers = await ask({
    title: t('check.override'),
    text: t('check.override.text'),
    warning: blocking.map(({ zh, en }) => localName(zh, en)).join(' '),
    fields: [{ name: 'override', label: t('check.override.reason'), kind: 'textarea', required: true }],
    ok: t('report.sign'),
    danger: true,
  });
  return answers?.['override'] ?? null;
}
