/** JSON of grades, retakes, writing rules and second looks. */
import type { Schemas } from './routes.ts';

export type Grade = Schemas['Grade'];
export type Discrepancy = Schemas['Discrepancy'];
export type RetakeState = Schemas['RetakeState'];
export type Radpeer = Schemas['Radpeer'];
export type Dimension = Schemas['Dimension'];

export type Reason = Schemas['QualityReasonOut'];
export type QualityRules = Schemas['QualityRulesOut'];
export type GivenGrade = Schemas['GradeOut'];
export type Grades = Schemas['GradesOut'];

/** `start` and `end` count code points of the field. */
export type Fault = Schemas['FaultOut'];
export type Severity = Fault['severity'];
export type Checked = Schemas['QualityCheckOut'];

/** Left, top, right, bottom of `region` are shares of the image. */
export type Mark = Schemas['QualityMarkOut'];
export type Retake = Schemas['RetakeOut'];
export type Figure = Schemas['QualityFigureOut'];
export type Indicator = Schemas['QualityIndicatorOut'];
export type Figures = Schemas['FiguresOut'];
export type SecondLook = Schemas['AuthorFigureOut'];
export type SecondLooks = Schemas['SecondLooksOut'];
export type ReviewLine = Schemas['ReviewLine'];
export type Review = Schemas['ReviewOut'];
export type Piece = Schemas['PieceOut'];
export type Changes = Schemas['DiscrepancyOut'];
