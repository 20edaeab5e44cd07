import { ApiError } from '../api/problem.ts';
import type { SignOrder } from '../api/client.ts';
import type { Discrepancy } from '../api/quality-types.ts';
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
 * Signs; where the writing rules stop it, asks why it is to be signed all the same and tries once more.
 * False when the person goes back to the report instead.
 */
export async function signOverRules(
  task: number,
  content: ReportContent,
  sign: (order: SignOrder) => Promise<unknown>,
): Promise<boolean> {
  try {
    await sign({});
    return true;
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'not_publishable') throw error;
  }
  const reason = await askOverride(task, content);
  if (reason === null) return false;
  await sign({ override_reason: reason });
  return true;
}

async function askOverride(task: number, content: ReportContent): Promise<string | null> {
  const { faults } = await quality.check(task, content);
  const blocking = faults.filter(({ severity }) => severity === 'blocks');
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
