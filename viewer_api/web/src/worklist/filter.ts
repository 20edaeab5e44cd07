import type { QueryOf } from '../api/routes.ts';
import type { TaskState } from '../api/types.ts';
import type { MessageKey } from '../i18n/index.ts';

export type View = 'open' | 'to_read' | 'to_audit' | 'mine' | 'finished';

export interface WorklistFilter {
  view: View;
  modality: string;
  institution: string;
  q: string;
}

export const VIEWS: readonly View[] = ['open', 'to_read', 'to_audit', 'mine', 'finished'];
export const NO_FILTER: WorklistFilter = { view: 'open', modality: '', institution: '', q: '' };
export const MODALITIES: readonly string[] = ['CT', 'MR', 'DX', 'CR', 'US', 'ECG', 'XA', 'MG'];

const STATES: Readonly<Record<View, readonly TaskState[]>> = {
  open: [],
  mine: [],
  to_read: ['queued', 'assigned', 'rework'],
  to_audit: ['drafted'],
  finished: ['signed', 'delivered', 'cancelled', 'declined'],
};

export function viewName(view: View): MessageKey {
  return `worklist.view.${view}`;
}

/** The query of `GET /api/v1/tasks`. */
export function toQuery(filter: WorklistFilter): QueryOf<'GET', '/api/v1/tasks'> {
  return {
    state: STATES[filter.view],
    open: filter.view === 'finished' ? 'false' : 'true',
    mine: filter.view === 'mine',
    modality: filter.modality,
    institution: filter.institution,
    q: filter.q.trim(),
  };
}

/** What was kept from last time, whatever it is. */
export function parseFilter(text: string | null): WorklistFilter {
  try {
    const kept = JSON.parse(text ?? '{}') as Partial<WorklistFilter>;
    const view = VIEWS.find((known) => known === kept.view) ?? 'open';
    return { ...NO_FILTER, view, modality: MODALITIES.includes(kept.modality ?? '') ? kept.modality! : '' };
  } catch {
    return NO_FILTER;
  }
}

export function isFiltered(filter: WorklistFilter): boolean {
  return filter.modality !== '' || filter.institution !== '' || filter.q.trim() !== '' || filter.view !== 'open';
}
