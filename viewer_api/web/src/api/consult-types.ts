/** JSON of consultations. */
import type { Schemas } from './routes.ts';

export type ConsultationState = Schemas['ConsultationState'];

/** A hospital was asked about a case. For a clinic `question` and `opinion` are empty. */
export type Consultation = Schemas['ConsultationOut'];

/** What the hospital is asked. */
export type Asked = Schemas['AskedOut'];
export type AskedDetail = Schemas['AskedDetail'];
export type Hospital = Schemas['HospitalOut'];
