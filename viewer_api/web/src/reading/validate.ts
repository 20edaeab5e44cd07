import type { ReportContent } from '../api/types.ts';
import type { MessageKey } from '../i18n/index.ts';

export type ReportField = 'findings' | 'impression' | 'positive' | 'critical';
export type Missing = Partial<Record<ReportField, MessageKey>>;

/** What must be there before a report leaves the reader's hands; `criticalAsked`: the box for a critical value is ticked. */
export function missingIn(content: Omit<ReportContent, 'structure'>, criticalAsked: boolean): Missing {
  return {
    ...(content.findings.trim() === '' ? { findings: 'report.missing.findings' as const } : {}),
    ...(content.impression.trim() === '' ? { impression: 'report.missing.impression' as const } : {}),
    ...(content.positive === null ? { positive: 'report.missing.positive' as const } : {}),
    ...(criticalAsked && content.critical.trim() === '' ? { critical: 'report.missing.critical' as const } : {}),
  };
}
