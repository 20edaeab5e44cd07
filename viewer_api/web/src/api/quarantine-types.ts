/** JSON of the quarantine desk. */
import type { Schemas } from './routes.ts';

export type Decision = Schemas['Decision'];

/** An object kept aside for a person to decide on. */
export type Quarantined = Schemas['QuarantineOut'];

/** What is in the archive in the place that the object claims. */
export type Present = Schemas['PresentOut'];
export type QuarantineDetail = Schemas['QuarantineDetail'];
export type DecisionOrder = Schemas['ResolveIn'];
export type BulkOrder = Schemas['BulkIn'];
export type BulkOutcome = Schemas['BulkOut'];
export type ResendRequest = Schemas['ResendOut'];
