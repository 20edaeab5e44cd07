import type {
  Amounts,
  Board,
  CasesAsked,
  ClinicFigures,
  Dispute,
  IndicatorCases,
  InstitutionChange,
  InstitutionLine,
  InstitutionOrder,
  NationalIndicators,
  SettlementPage,
  ShownWall,
  Statement,
  Wall,
  WallLine,
} from '../api/boards-types.ts';
import type { Http } from '../api/http.ts';
import type { QueryOf } from '../api/routes.ts';
import type { Listed, Priority } from '../api/types.ts';

const ROOT = '/api/v1';

/** The calls of boards, walls, indicators, settlement, institutions, and a clinic's figures. */
export class BoardsApi {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  board(): Promise<Board> {
    return this.#http.get(`${ROOT}/board`);
  }

  /** With the token of a screen's link, on the page that borrowed it. */
  wall(): Promise<Wall> {
    return this.#http.get(`${ROOT}/wall`);
  }

  walls(): Promise<Listed<WallLine>> {
    return this.#http.get(`${ROOT}/admin/walls`);
  }

  makeWall(name: string): Promise<ShownWall> {
    return this.#http.post(`${ROOT}/admin/walls`, { name });
  }

  revokeWall(id: number): Promise<WallLine> {
    return this.#http.post(`${ROOT}/admin/walls/${id}/revoke`);
  }

  assign(task: number, reader: string): Promise<unknown> {
    return this.#http.post(`${ROOT}/tasks/${task}/assign`, { reader });
  }

  prioritise(task: number, priority: Priority, reason: string): Promise<unknown> {
    return this.#http.post(`${ROOT}/tasks/${task}/priority`, { priority, reason });
  }

  indicators(query: QueryOf<'GET', '/api/v1/national-indicators'>): Promise<NationalIndicators> {
    return this.#http.get(`${ROOT}/national-indicators`, query);
  }

  indicatorCases(asked: CasesAsked): Promise<IndicatorCases> {
    return this.#http.post(`${ROOT}/national-indicators/cases`, asked);
  }

  statement(month: string): Promise<Statement> {
    return this.#http.get(`${ROOT}/settlement`, { month });
  }

  settlementLines(month: string, institution: string, after: number): Promise<SettlementPage> {
    return this.#http.get(`${ROOT}/settlement/lines`, { month, institution, after });
  }

  closeMonth(month: string): Promise<Statement> {
    return this.#http.post(`${ROOT}/settlement/close`, { month });
  }

  disputes(): Promise<Listed<Dispute>> {
    return this.#http.get(`${ROOT}/settlement/disputes`);
  }

  dispute(line: number, words: string): Promise<Dispute> {
    return this.#http.post(`${ROOT}/settlement/lines/${line}/dispute`, { words });
  }

  correct(line: number, words: string, by: Amounts): Promise<Dispute> {
    return this.#http.post(`${ROOT}/settlement/lines/${line}/correct`, { words, ...by });
  }

  answerDispute(dispute: number, granted: boolean, words: string, by: Partial<Amounts>): Promise<Dispute> {
    return this.#http.post(`${ROOT}/settlement/disputes/${dispute}/answer`, { granted, words, ...by });
  }

  institutions(): Promise<Listed<InstitutionLine>> {
    return this.#http.get(`${ROOT}/admin/institutions`);
  }

  addInstitution(made: InstitutionOrder): Promise<InstitutionLine> {
    return this.#http.post(`${ROOT}/admin/institutions`, made);
  }

  changeInstitution(code: string, change: InstitutionChange): Promise<InstitutionLine> {
    return this.#http.patch(`${ROOT}/admin/institutions/${encodeURIComponent(code)}`, change);
  }

  clinicFigures(months: number): Promise<ClinicFigures> {
    return this.#http.get(`${ROOT}/clinic-figures`, { months });
  }

  nameStudy(uid: string, description: string, body_part: string): Promise<unknown> {
    return this.#http.put(`${ROOT}/studies/${encodeURIComponent(uid)}/name`, { description, body_part });
  }
}

/** Sheets open by the session's cookie. */
export function sheet(path: string, query: Readonly<Record<string, string>>): string {
  return `${ROOT}/${path}?${new URLSearchParams(query).toString()}`;
}
