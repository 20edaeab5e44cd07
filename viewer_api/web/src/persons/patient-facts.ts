import { html, nothing, type TemplateResult } from 'lit';

import type { PatientRow } from '../api/persons-types.ts';
import { localName, t } from '../i18n/index.ts';
import { personName, sexAge } from '../lib/patient.ts';

/** A registration as its own institution told it: name, numbers, date of birth. */
export function patientFacts(row: PatientRow): TemplateResult {
  const { patient } = row;
  const facts = [
    patient.birth_date === '' ? '' : t('patients.born', { date: patient.birth_date }),
    row.national_id === '' ? '' : t('patients.card', { number: row.national_id }),
    row.phone === '' ? '' : t('patients.phone', { number: row.phone }),
  ].filter((fact) => fact !== '');
  return html`<b>${personName(patient.name)}</b> <span class="num">${sexAge(patient)}</span>
    <small class="num">${facts.join(' · ')}</small>
    <small class="num">${placeOf(row)} · ${patient.id || '–'} ${issuer(row)}</small>`;
}

export function placeOf(row: PatientRow): string {
  return localName(row.institution_name, row.institution_name_en);
}

function issuer(row: PatientRow): TemplateResult | typeof nothing {
  const told = row.issuer || row.told_issuer;
  return told === '' ? nothing : html`(${t('patients.issuer', { issuer: told })})`;
}
