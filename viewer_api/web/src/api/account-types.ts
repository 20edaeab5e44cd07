/** JSON of accounts, API keys, emergencies, links and the audit trail. */
import type { Schemas } from './routes.ts';

export type Duty = Schemas['Duty'];
export type Account = Schemas['AccountOut'];
export type Enrolment = Schemas['EnrolmentOut'];
export type Enrolled = Schemas['Enrolled'];
export type OpenSession = Schemas['OpenSession'];
export type AccountLine = Schemas['AccountLine'];
export type InstitutionChoice = Schemas['InstitutionChoice'];
export type AccountList = Schemas['AccountList'];
export type FirstPassword = Schemas['FirstPassword'];
export type Scope = Schemas['Scope'];
export type ApiKey = Schemas['KeyLine'];
export type ShownKey = Schemas['ShownKey'];
export type Emergency = Schemas['EmergencyOut'];
export type Elsewhere = Schemas['Elsewhere'];
export type Share = Schemas['ShareLine'];
export type Visit = Schemas['VisitOut'];
export type AuditLine = Schemas['AuditLine'];
export type AuditState = Schemas['AuditState'];

export type AuditFound = Schemas['AuditFound'];
export type ShownShare = Schemas['ShownShare'];
export type RecoveryCodes = Schemas['RecoveryCodes'];
export type Methods = Schemas['Methods'];

/** What helps somebody who cannot get in, as addresses name it. */
export type AccountHelp = 'unlock' | 'end-sessions' | 'reset-second-factor';
export type AccountOrder = Schemas['NewAccount'];
export type AccountChange = Schemas['AccountChange'];
export type KeyOrder = Schemas['NewKey'];
export type ShareOrder = Schemas['NewShare'];
export type PatientKnown = Schemas['PatientKnown'];
export type GlassOutcome = Schemas['GlassOutcome'];
export type AuditSearch = Schemas['AuditSearch'];

export const SCOPES: readonly Scope[] = [
  'results:read',
  'receipts:write',
  'orders:write',
  'studies:read',
  'dicomweb',
  'fhir',
];
