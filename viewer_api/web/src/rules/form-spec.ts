import type { MessageKey } from '../i18n/index.ts';
import type { Content, Json } from '../api/rules-types.ts';
import { list, record } from './service-times.ts';

/** `words` is a list, written with commas; `maybe` is a switch that may also stay open. */
export type CellKind = 'number' | 'text' | 'time' | 'switch' | 'maybe' | 'words';

/** A value of the chapter. Its label is `rules.field.<label>`; a value that may be left out is taken away when it is empty. */
export interface FormField {
  path: string;
  label: string;
  kind: CellKind;
  least?: number;
  most?: number;
  optional?: boolean;
}

/** Values of one sort: a list of lines, or with `keyed` an object whose keys are the first column. */
export interface FormTable {
  path: string;
  title: MessageKey;
  keyed?: string;
  columns: readonly FormField[];
}

export interface FormSpec {
  groups: readonly { title: MessageKey; fields: readonly FormField[] }[];
  tables: readonly FormTable[];
}

const number = (path: string, label: string, least: number, most: number): FormField => ({ path, label, kind: 'number', least, most });
const words = (path: string, label: string, optional = false): FormField => ({ path, label, kind: 'words', optional });
const text = (path: string, label: string, optional = false): FormField => ({ path, label, kind: 'text', optional });

const CONDITION: readonly FormField[] = [
  words('modalities', 'modalities', true),
  words('priorities', 'priorities', true),
  words('words', 'words', true),
  words('titles', 'titles', true),
  { path: 'night', label: 'night', kind: 'maybe', optional: true },
];

const POST: readonly FormField[] = [
  text('name', 'name_zh', true),
  text('name_en', 'name_en', true),
  text('phone', 'phone', true),
  words('users', 'users', true),
  words('roles', 'roles', true),
];

const figure = (name: string, least: number, most: number): FormField => number(`figures.${name}`, name, least, most);

/** The chapters that have a form; everything else, and what a form leaves out, is edited as JSON. */
export const FORMS: Readonly<Record<string, FormSpec>> = {
  assignment: {
    groups: [
      {
        title: 'rules.form.switches',
        fields: [
          { path: 'only_on_duty', label: 'only_on_duty', kind: 'switch' },
          words('free_list', 'free_list'),
          { path: 'day_begins', label: 'day_begins', kind: 'time' },
        ],
      },
      {
        title: 'rules.form.weights',
        fields: [
          figure('same_patient_minutes', 0, 480),
          figure('prior_minutes', 0, 480),
          figure('subspecialty_minutes', 0, 480),
          figure('balance_minutes_per_rvu', 0, 240),
          figure('balance_limit_minutes', 0, 480),
          figure('deficit_limit_rvu', 1, 1000),
          figure('deficit_kept_percent', 0, 100),
          figure('audit_first_minutes', 0, 480),
          figure('audit_balance_minutes', 0, 480),
          figure('audit_share_percent', 0, 100),
          figure('audit_rvu_percent', 0, 100),
          figure('audit_time_percent', 0, 100),
          figure('present_minutes', 1, 240),
          figure('leave_seconds', 0, 600),
          figure('given_back_minutes', 0, 1440),
        ],
      },
    ],
    tables: [
      {
        path: 'effort',
        title: 'rules.form.effort',
        columns: [text('group', 'group'), text('body_part', 'body_part'), number('rvu', 'rvu', 0.01, 100), number('minutes', 'minutes', 0.1, 480)],
      },
      {
        path: 'subspecialties',
        title: 'rules.form.subspecialties',
        columns: [text('name', 'name'), words('modalities', 'modalities'), words('body_parts', 'body_parts'), { path: 'reserved', label: 'reserved', kind: 'switch' }],
      },
    ],
  },
  settlement: {
    groups: [
      {
        title: 'rules.form.settlement',
        fields: [
          number('surcharge_percent.P0', 'surcharge_p0', 0, 1000),
          number('surcharge_percent.P1', 'surcharge_p1', 0, 1000),
          number('unreadable_percent', 'unreadable_percent', 0, 1000),
          number('close_after_hours', 'close_after_hours', 0, 744),
          number('dispute_days', 'dispute_days', 0, 366),
        ],
      },
    ],
    tables: [
      {
        path: 'items',
        title: 'rules.form.items',
        columns: [
          text('code', 'code'),
          text('zh', 'name_zh'),
          text('en', 'name_en'),
          words('modalities', 'modalities'),
          words('body_parts', 'words', true),
          number('fee', 'fee', 0, 100_000),
          number('read_pay', 'read_pay', 0, 100_000),
          number('audit_pay', 'audit_pay', 0, 100_000),
        ],
      },
      {
        path: 'contracts',
        title: 'rules.form.contracts',
        columns: [text('code', 'code'), text('zh', 'name_zh'), text('en', 'name_en'), number('percent', 'fee_percent', 0, 1000), words('institutions', 'institutions')],
      },
    ],
  },
  boards: {
    groups: [
      {
        title: 'rules.form.boards',
        fields: [
          number('silent_hours', 'silent_hours', 1, 744),
          number('wall_seconds', 'wall_seconds', 5, 600),
          number('wall_days', 'wall_days', 1, 1100),
        ],
      },
    ],
    tables: [],
  },
  course: {
    groups: [
      {
        title: 'rules.form.course',
        fields: (['consult_remind', 'consult_expire', 'return_accept', 'hold_remind', 'close_after', 'referral_answer', 'referral_end', 'draft_versions'] as const).map((name) =>
          number(name, name, 1, 527_040),
        ),
      },
    ],
    tables: [],
  },
  signatures: {
    groups: [{ title: 'rules.form.signatures', fields: [number('default', 'default_signatures', 1, 2), words('night', 'night_hours'), text('zone', 'zone')] }],
    tables: [
      { path: 'rules', title: 'rules.form.signature_rules', columns: [...CONDITION, number('signatures', 'signatures', 1, 2)] },
      { path: 'always_two', title: 'rules.form.always_two', columns: CONDITION },
      { path: 'double_reading', title: 'rules.form.double_reading', columns: CONDITION },
    ],
  },
  quality: {
    groups: [
      {
        title: 'rules.form.quality',
        fields: [
          words('grades.required_for', 'grades_required'),
          words('grades.not_for', 'grades_not_for'),
          number('retakes.seen_minutes', 'seen_minutes', 1, 10_080),
          number('indicators.artefact_at_most', 'artefact_at_most', 0, 100),
          number('indicators.writing_at_least', 'writing_at_least', 0, 100),
        ],
      },
      {
        title: 'rules.form.peer_review',
        fields: [
          number('peer_review.minimum_per_month', 'minimum_per_month', 0, 100),
          number('peer_review.top_up_from_day', 'top_up_from_day', 1, 28),
          number('peer_review.held_hours', 'held_hours', 1, 1000),
          words('peer_review.always', 'review_always'),
        ],
      },
    ],
    tables: [
      {
        path: 'reasons',
        title: 'rules.form.reasons',
        columns: [
          text('code', 'code'),
          text('zh', 'name_zh'),
          text('en', 'name_en'),
          words('modalities', 'modalities'),
          { path: 'artefact', label: 'artefact', kind: 'switch' },
          text('rejection', 'rejection', true),
        ],
      },
    ],
  },
  critical_values: {
    groups: [
      {
        title: 'rules.form.critical',
        fields: [{ path: 'tell_clinic_at_once', label: 'tell_clinic_at_once', kind: 'switch' }, words('lists', 'lists')],
      },
    ],
    tables: [
      {
        path: 'steps',
        title: 'rules.form.ladder',
        columns: [
          text('name', 'name'),
          text('state', 'state'),
          number('minutes', 'minutes', 0.1, 10_080),
          { ...number('urgent_minutes', 'urgent_minutes', 0.1, 10_080), optional: true },
          words('posts', 'posts'),
        ],
      },
      { path: 'posts', title: 'rules.form.posts', keyed: 'post', columns: POST },
      { path: 'clinic_heads', title: 'rules.form.clinic_heads', keyed: 'clinic', columns: POST.slice(0, 4) },
    ],
  },
  green_channel: {
    groups: [],
    tables: [
      {
        path: 'orders',
        title: 'rules.form.green_orders',
        columns: [text('kind', 'green_kind'), words('priorities', 'priority_codes', true), words('reasons', 'reason_codes', true), words('words', 'words', true)],
      },
    ],
  },
};

/** A value inside, by its path. */
export function valueAt(content: Content, path: string): Json | undefined {
  return path.split('.').reduce<Json | undefined>((at, name) => record(at)[name], content);
}

/** The content with another value there; `undefined` takes it away. */
export function withValue(content: Content, path: string, value: Json | undefined): Content {
  const [name = '', ...rest] = path.split('.');
  const inside = rest.length === 0 ? value : withValue(record(content[name]), rest.join('.'), value);
  const others = Object.fromEntries(Object.entries(content).filter(([other]) => other !== name));
  return inside === undefined ? others : { ...content, [name]: inside };
}

/** The lines of a table with their keys; those of a list are numbered. */
export function rowsOf(content: Content, { path, keyed }: FormTable): readonly (readonly [string, Content])[] {
  const value = valueAt(content, path);
  return keyed === undefined
    ? list(value).map((row, index) => [String(index), record(row)] as const)
    : Object.entries(record(value)).map(([key, row]) => [key, record(row)] as const);
}

/** The content with these lines in the table. */
export function withRows(content: Content, { path, keyed }: FormTable, rows: readonly (readonly [string, Content])[]): Content {
  return withValue(content, path, keyed === undefined ? rows.map(([, row]) => row) : Object.fromEntries(rows));
}

/** What was typed into a field; `undefined` for an empty one that may be left out. */
export function readCell({ kind, optional }: FormField, typed: string): Json | undefined {
  const trimmed = typed.trim();
  if (optional && trimmed === '') return undefined;
  if (kind === 'number') return Number(trimmed);
  if (kind === 'switch' || kind === 'maybe') return trimmed === 'true';
  if (kind === 'words') return trimmed.split(/\s*[,，、;；\n]\s*/).filter((word) => word !== '');
  return trimmed;
}

/** As a field shows it. */
export function shownCell(value: Json | undefined): string {
  if (Array.isArray(value)) return (value as readonly Json[]).map(String).join(', ');
  return value === undefined || value === null ? '' : String(value);
}
