/** JSON of rosters and qualifications. */
import type { Schemas } from './routes.ts';

/** A kind of shift; null is every modality, or every class. Times are the county's, `HH:MM`. */
export type ShiftKind = Schemas['KindOut'];
export type KindOrder = Schemas['KindIn'];
export type Shift = Schemas['ShiftOut'];
export type RosterPerson = Schemas['RostersPersonOut'];
export type Absence = Schemas['AbsenceOut'];
export type AbsenceOrder = Schemas['AbsenceIn'];

/** Hours that nobody covers. */
export type Gap = Schemas['GapOut'];
export type Finding = Schemas['RostersFindingOut'];
export type RosterFault = Finding['fault'];

/** A week, Monday to Sunday; `zone` is the county's. */
export type Roster = Schemas['RosterOut'];
export type Licence = Schemas['LicenceOut'];
export type LicenceOrder = Schemas['LicenceIn'];
