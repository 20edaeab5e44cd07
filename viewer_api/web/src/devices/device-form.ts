import { ApiError } from '../api/problem.ts';
import type { Device, DeviceRules, Institution } from '../api/types.ts';
import { localName, t, word, type MessageKey } from '../i18n/index.ts';
import type { Answers, Choice, Field } from '../ui/dialog.ts';
import { MODALITIES } from '../worklist/filter.ts';

const MEGABYTE = 1_000_000;
const CHARSETS = ['GB18030', 'GBK', 'ISO_IR 192', 'ISO_IR 100', 'ISO 2022 IR 58', '\\ISO 2022 IR 58'];

/** The questions for all rules of a device; `device` gives what stands there now. */
export function deviceFields(device: Partial<Device>, institutions: readonly Institution[]): Field[] {
  const text = (name: keyof DeviceRules, value?: string): Field => ({
    name,
    label: label(name),
    kind: 'text',
    value: value ?? String(device[name] ?? ''),
  });
  const lines = (name: 'networks' | 'sop_classes'): Field => ({
    name,
    label: label(name),
    kind: 'textarea',
    value: (device[name] ?? []).join('\n'),
  });
  const choice = (name: keyof DeviceRules, choices: readonly Choice[], value?: string): Field => ({
    name,
    label: label(name),
    kind: 'select',
    value: value ?? String(device[name] ?? ''),
    choices,
  });
  const yesOrNo = (name: keyof DeviceRules, otherwise: boolean): Field =>
    choice(name, YES_OR_NO(), String(device[name] ?? otherwise));
  return [
    { ...choice('institution', institutionChoices(institutions)), required: true },
    text('name'),
    choice('modality', modalityChoices(device.modality ?? '')),
    yesOrNo('active', true),
    lines('networks'),
    text('called_ae_title'),
    choice('charset', charsetChoices(device.charset ?? '')),
    choice('charset_rule', [
      { value: 'undeclared', label: t('devices.rule.undeclared') },
      { value: 'always', label: t('devices.rule.always') },
    ]),
    choice('worklist_charset', charsetChoices(device.worklist_charset ?? '')),
    text('daily_objects'),
    text('daily_bytes', device.daily_bytes == null ? '' : String(device.daily_bytes / MEGABYTE)),
    text('host'),
    text('port'),
    yesOrNo('may_query', true),
    text('issuer'),
    text('ready_idle'),
    yesOrNo('release_means_whole', false),
    lines('sop_classes'),
    yesOrNo('unknown_sop_classes', false),
    text('certificate_sha256'),
  ];
}

/** The rules as they were answered; a number that is none is sent as it is, for the server to say so. */
export function rulesOf(answers: Answers): Partial<DeviceRules> {
  const number = (name: string, factor = 1): number | null => {
    const written = answers[name] ?? '';
    return written === '' ? null : Number.isFinite(Number(written)) ? Number(written) * factor : -1;
  };
  const list = (name: string): string[] => (answers[name] ?? '').split(/[\s,;，；]+/).filter((part) => part !== '');
  return {
    institution: answers['institution'] ?? '',
    name: answers['name'] ?? '',
    modality: answers['modality'] ?? '',
    active: answers['active'] === 'true',
    networks: list('networks'),
    called_ae_title: answers['called_ae_title'] ?? '',
    charset: answers['charset'] ?? '',
    charset_rule: answers['charset_rule'] === 'always' ? 'always' : 'undeclared',
    worklist_charset: answers['worklist_charset'] ?? '',
    daily_objects: number('daily_objects'),
    daily_bytes: number('daily_bytes', MEGABYTE),
    host: answers['host'] ?? '',
    port: number('port'),
    may_query: answers['may_query'] === 'true',
    issuer: answers['issuer'] ?? '',
    ready_idle: number('ready_idle'),
    release_means_whole: answers['release_means_whole'] === 'true',
    sop_classes: list('sop_classes'),
    unknown_sop_classes: answers['unknown_sop_classes'] === 'true',
    certificate_sha256: answers['certificate_sha256'] ?? '',
  };
}

/** What is wrong, field by field; empty when it is not about fields. */
export function faultsOf(error: unknown): string {
  if (!(error instanceof ApiError)) return '';
  return error.errors
    .map(({ field, message }) => {
      const name = field.split('.')[0] ?? field;
      return `${word('devices.field', name)}: ${word('devices.wrong', name).replace(/^[a-z_0-9]+$/, message)}`;
    })
    .join(' ');
}

export function aeTitleField(): Field {
  return { name: 'ae_title', label: t('devices.field.ae_title'), kind: 'text', required: true };
}

function label(name: keyof DeviceRules): string {
  return t(`devices.field.${name}` as MessageKey);
}

function YES_OR_NO(): Choice[] {
  return [
    { value: 'true', label: t('devices.yes') },
    { value: 'false', label: t('devices.no') },
  ];
}

function institutionChoices(institutions: readonly Institution[]): Choice[] {
  return [
    { value: '', label: '' },
    ...institutions.map(({ code, name, name_en }) => ({ value: code, label: `${code} ${localName(name, name_en)}` })),
  ];
}

function modalityChoices(present: string): Choice[] {
  const codes = present === '' || MODALITIES.includes(present) ? MODALITIES : [...MODALITIES, present];
  return [
    { value: '', label: t('devices.modality.none') },
    ...codes.map((value) => ({ value, label: word('modality', value) })),
  ];
}

function charsetChoices(present: string): Choice[] {
  const terms = present === '' || CHARSETS.includes(present) ? CHARSETS : [...CHARSETS, present];
  return [{ value: '', label: t('devices.charset.none') }, ...terms.map((value) => ({ value, label: value }))];
}
