import type { Patient } from '../api/types.ts';
import { t, word } from '../i18n/index.ts';

/**
 * A person name (PS3.5 6.2.1) for people: of its groups (alphabetic=ideographic=phonetic) the ideographic one if
 * there is one; Chinese name parts are written together.
 */
export function personName(name: string): string {
  const groups = name.split('=').map((group) => group.trim());
  const chosen = groups[1] || groups[0] || groups[2] || '';
  const parts = chosen.split('^').map((part) => part.trim()).filter((part) => part !== '');
  const joined = parts.join(/[\u3400-\u9fff]/.test(chosen) ? '' : ' ');
  return joined || t('worklist.anonymous');
}

/** An age string (PS3.5 6.2, AS without leading zeros): `45Y`, `8M`, `12D`. */
export function ageWords(age: string): string {
  const match = /^0*(\d+)([YMWD])$/.exec(age);
  return match ? word('age', match[2]!).replace('{n}', match[1]!) : '';
}

/** Sex and age, as far as known. */
export function sexAge(patient: Patient): string {
  const sex = patient.sex === '' ? '' : word('sex', patient.sex);
  return [sex, ageWords(patient.age)].filter((part) => part !== '').join(' · ');
}

/** Sex, age and patient ID on one line. */
export function patientLine(patient: Patient): string {
  return [sexAge(patient), patient.id].filter((part) => part !== '').join(' · ');
}
