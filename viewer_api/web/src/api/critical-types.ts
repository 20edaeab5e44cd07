/** JSON of critical values. */
import type { Body, Schemas } from './routes.ts';

export type CaseState = Schemas['CaseState'];
export type Method = Schemas['Method'];

/** A critical value as a line. */
export type CriticalCase = Schemas['CriticalCaseOut'];

/** What a person may do to it. */
export type CaseAction = CriticalCase['allowed_actions'][number];
export type CriticalEvent = Schemas['CaseEventOut'];
export type LadderStep = Schemas['LadderOut'];
export type CriticalDetail = Schemas['CaseDetail'];

/** The steps as addresses name them, and what they are told. */
export type CaseStepName = 'confirm' | 'notify' | 'ack' | 'feedback' | 'close' | 'false-alarm';
export type CaseStepBody = Body<'POST', `/api/v1/critical-cases/${number}/${CaseStepName}`>[0];

/** Whom somebody told at the clinic. */
export type Told = Schemas['ToldIn'];
export type CriticalFinding = Schemas['CriticalFindingOut'];
export type FindingList = Schemas['FindingListOut'];

/** Told within ten minutes with records of both sides, of all that were to be told. */
export type CriticalRate = Schemas['RateOut'];
export type CriticalIndicator = Schemas['CriticalIndicatorOut'];
export type CountedCase = Schemas['CountedOut'];

export type RaiseOrder = Schemas['RaiseIn'];
