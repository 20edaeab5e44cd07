import type { KindOrder, Licence, LicenceOrder, RosterPerson, ShiftKind } from '../api/roster-types.ts';
import type { Priority } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import type { Answers, Choice, Field } from '../ui/dialog.ts';

const COLOURS = [
  ['#2f6fde', 'blue'],
  ['#2a9d62', 'green'],
  ['#d97a2b', 'orange'],
  ['#8b5cf6', 'purple'],
  ['#c93a4b', 'red'],
  ['#6b7280', 'grey'],
] as const;

export function peopleChoices(people: readonly RosterPerson[]): Choice[] {
  return people.map(({ username, name }) => ({ value: username, label: name }));
}

export function kindFields(kind: Partial<ShiftKind>): Field[] {
  const text = (name: keyof ShiftKind & string, label: string, value = '', more: Partial<Field> = {}): Field => ({
    name,
    label,
    kind: 'text',
    value,
    ...more,
  });
  return [
    text('name', t('roster.kind.name'), kind.name, { required: true }),
    text('name_en', t('roster.kind.name_en'), kind.name_en),
    text('starts', t('roster.kind.starts'), kind.starts ?? '08:00', { required: true }),
    text('ends', t('roster.kind.ends'), kind.ends ?? '17:30', { required: true, hint: t('roster.kind.ends.hint') }),
    text('modalities', t('roster.kind.modalities'), (kind.modalities ?? []).join(' '), { hint: t('roster.kind.modalities.hint') }),
    text('priorities', t('roster.kind.priorities'), (kind.priorities ?? []).join(' '), { hint: t('roster.kind.priorities.hint') }),
    {
      name: 'on_call',
      label: t('roster.kind.on_call'),
      kind: 'select',
      value: kind.on_call === true ? 'yes' : 'no',
      choices: [
        { value: 'no', label: t('roster.kind.at_desk') },
        { value: 'yes', label: t('roster.kind.reachable') },
      ],
    },
    text('phone', t('roster.kind.phone'), kind.phone),
    {
      name: 'colour',
      label: t('roster.kind.colour'),
      kind: 'select',
      value: kind.colour ?? COLOURS[0][0],
      choices: COLOURS.map(([value, name]) => ({ value, label: t(`roster.colour.${name}`) })),
    },
  ];
}

export function kindOrder(answers: Answers, before: Partial<ShiftKind>): KindOrder {
  const words = (name: string): string[] => (answers[name] ?? '').toUpperCase().split(/[\s,，、;；]+/).filter(Boolean);
  const orAll = <T extends string>(list: string[]): T[] | null => (list.length === 0 ? null : (list as T[]));
  return {
    name: answers['name'] ?? '',
    name_en: answers['name_en'] ?? '',
    colour: answers['colour'] ?? COLOURS[0][0],
    starts: answers['starts'] ?? '',
    ends: answers['ends'] ?? '',
    modalities: orAll(words('modalities')),
    priorities: orAll<Priority>(words('priorities')),
    subspecialties: before.subspecialties ?? [],
    night: (answers['ends'] ?? '') < (answers['starts'] ?? ''),
    on_call: answers['on_call'] === 'yes',
    rvu_share: before.rvu_share ?? 1,
    phone: answers['phone'] ?? '',
  };
}

export function licenceFields(people: readonly RosterPerson[], licence: Partial<Licence>, today: string): Field[] {
  const user: Field = { name: 'user', label: t('licences.user'), kind: 'select', value: licence.user ?? people[0]?.username ?? '', choices: peopleChoices(people) };
  return [
    ...(licence.id === undefined ? [user] : []),
    { name: 'modality', label: t('licences.modality'), kind: 'text', value: licence.modality ?? '', required: true, hint: t('licences.modality.hint') },
    { name: 'subspecialty', label: t('licences.subspecialty'), kind: 'text', value: licence.subspecialty ?? '' },
    {
      name: 'may_audit',
      label: t('licences.may_audit'),
      kind: 'select',
      value: licence.may_audit === true ? 'yes' : 'no',
      choices: [
        { value: 'no', label: t('licences.may_audit.no') },
        { value: 'yes', label: t('licences.may_audit.yes') },
      ],
    },
    { name: 'licence_number', label: t('licences.number'), kind: 'text', value: licence.licence_number ?? '' },
    { name: 'valid_from', label: t('licences.from'), kind: 'text', value: licence.valid_from ?? today, required: true, hint: t('licences.date.hint') },
    { name: 'valid_until', label: t('licences.until'), kind: 'text', value: licence.valid_until ?? '', hint: t('licences.until.hint') },
    { name: 'note', label: t('licences.note'), kind: 'textarea', value: licence.note ?? '' },
  ];
}

export function licenceOrder(answers: Answers, before: Partial<Licence>): LicenceOrder {
  return {
    user: answers['user'] ?? before.user ?? '',
    modality: (answers['modality'] ?? '').trim().toUpperCase(),
    subspecialty: answers['subspecialty'] ?? '',
    may_audit: answers['may_audit'] === 'yes',
    licence_number: answers['licence_number'] ?? '',
    valid_from: answers['valid_from'] ?? '',
    valid_until: (answers['valid_until'] ?? '') || null,
    note: answers['note'] ?? '',
  };
}
