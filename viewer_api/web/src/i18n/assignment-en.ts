import type { assignmentZh } from './assignment-zh.ts';

export const assignmentEn: Record<keyof typeof assignmentZh, string> = {
  'error.more_urgent_first': 'This case is not picked from the list: another one comes before it.',
  'assign.take_instead': 'Open the case to read first',
  'assign.why': 'Why this case',
  'assign.why.reader': '{name}, {at}',
};
