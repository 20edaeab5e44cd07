/** JSON of boards, walls, national indicators, settlement, institutions and a clinic's figures. */
import type { Schemas } from './routes.ts';

export type Part = Schemas['Part'];
export type ClassLine = Schemas['ClassLine'];
export type BacklogLine = Schemas['BacklogLine'];
export type InHand = Schemas['InHandOut'];
export type ReaderLine = Schemas['ReaderLine'];
export type BreachLine = Schemas['BreachLine'];
export type SilentDevice = Schemas['SilentOut'];
export type CriticalClock = Schemas['CriticalClockOut'];

/** What may stand on a wall: nothing of a patient is in it. */
export type Wall = Schemas['WallOut'];
export type Board = Schemas['BoardOut'];
export type WallLine = Schemas['WallLine'];
export type ShownWall = Schemas['ShownWall'];

export type IndicatorWords = Schemas['WordsOut'];
export type Share = Schemas['ShareOut'];
export type NationalIndicator = Schemas['NationalOut'];
export type NationalIndicators = Schemas['NationalList'];
export type IndicatorCase = Schemas['CaseLine'];
export type IndicatorCases = Schemas['CaseList'];

export type PlaceStatement = Schemas['PlaceLine'];
export type EarnedLine = Schemas['EarnedLine'];
export type Statement = Schemas['SettlementStatementOut'];
export type SettlementLine = Schemas['SettlementLineOut'];
export type SettlementPage = Schemas['LinePage'];
export type Dispute = Schemas['DisputeOut'];

export type InstitutionKind = Schemas['InstitutionKind'];
export type InstitutionLine = Schemas['InstitutionLine'];
export type ClinicLine = Schemas['ClinicLine'];
export type ClinicFigures = Schemas['ClinicFigures'];
export type InstitutionOrder = Schemas['InstitutionIn'];
export type InstitutionChange = Schemas['InstitutionChange'];
export type CasesAsked = Schemas['CasesIn'];
export type Amounts = Omit<Schemas['CorrectIn'], 'words'>;
