import type { Http } from '../api/http.ts';
import type { QueryOf } from '../api/routes.ts';
import type {
  Changes,
  Checked,
  Discrepancy,
  Figures,
  Grade,
  Grades,
  QualityRules,
  Radpeer,
  Retake,
  Review,
  ReviewLine,
  SecondLooks,
} from '../api/quality-types.ts';
import type { Listed, Page, ReportContent } from '../api/types.ts';

const ROOT = '/api/v1';

/** The calls that quality makes. */
export class QualityApi {
  readonly #http: Http;
  #rules: Promise<QualityRules> | null = null;

  constructor(http: Http) {
    this.#http = http;
  }

  /** Asked once for as long as the page is open. */
  rules(): Promise<QualityRules> {
    this.#rules ??= this.#http.get(`${ROOT}/quality/rules`).catch((error: unknown) => {
      this.#rules = null;
      throw error;
    });
    return this.#rules;
  }

  grades(task: number): Promise<Grades> {
    return this.#http.get(`${ROOT}/tasks/${task}/grade`);
  }

  grade(task: number, grade: Grade, reasons: readonly string[]): Promise<Grades> {
    return this.#http.put(`${ROOT}/tasks/${task}/grade`, { grade, reasons });
  }

  check(task: number, { findings, impression, positive, critical }: ReportContent): Promise<Checked> {
    return this.#http.post(`${ROOT}/report-check`, {
      task_id: task,
      report: { findings, impression, positive, critical },
    });
  }

  changes(task: number): Promise<Changes | null> {
    return this.#http.get(`${ROOT}/tasks/${task}/discrepancy`);
  }

  judge(task: number, judged: Discrepancy): Promise<Changes | null> {
    return this.#http.post(`${ROOT}/tasks/${task}/discrepancy`, { judged });
  }

  retakes(query: QueryOf<'GET', '/api/v1/retakes'>): Promise<Page<Retake>> {
    return this.#http.get(`${ROOT}/retakes`, query);
  }

  seen(retake: number): Promise<Retake> {
    return this.#http.post(`${ROOT}/retakes/${retake}/seen`);
  }

  figures(query: QueryOf<'GET', '/api/v1/quality/figures'>): Promise<Figures> {
    return this.#http.get(`${ROOT}/quality/figures`, query);
  }

  secondLooks(query: QueryOf<'GET', '/api/v1/peer-reviews/figures'>): Promise<SecondLooks> {
    return this.#http.get(`${ROOT}/peer-reviews/figures`, query);
  }

  reviews(): Promise<Listed<ReviewLine>> {
    return this.#http.get(`${ROOT}/peer-reviews`);
  }

  /** Nothing when no review waits. */
  nextReview(): Promise<Review | undefined> {
    return this.#http.post(`${ROOT}/peer-reviews/next`);
  }

  giveReview(review: number, score: Radpeer, comment: string): Promise<unknown> {
    return this.#http.post(`${ROOT}/peer-reviews/${review}/submit`, { score, comment });
  }

  scorePrior(task: number, report_id: number, score: Radpeer, comment: string): Promise<unknown> {
    return this.#http.post(`${ROOT}/tasks/${task}/prior-score`, { report_id, score, comment });
  }
}

/** The sheet opens by the session's cookie. */
export function figuresSheet(query: Readonly<Record<string, string>>): string {
  return `${ROOT}/quality/figures.csv?${new URLSearchParams(query).toString()}`;
}
