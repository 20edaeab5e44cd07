/** JSON of patients and persons. */
import type { Schemas } from './routes.ts';

/** A patient as one institution numbers him; `person` is the row that stands for the whole person. */
export type PatientRow = Schemas['PatientRowOut'];
export type PersonStudy = Schemas['PersonStudyOut'];
export type Prior = Schemas['PriorOut'];
export type Merge = Schemas['MergeOut'];
export type Candidate = Schemas['PairOut'];
export type WholePerson = Schemas['PersonsPersonOut'];
