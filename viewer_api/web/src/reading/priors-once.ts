import type { Prior } from '../api/persons-types.ts';
import { api } from '../session.ts';

const SHARED_MS = 5000;

let last: { study: string; at: number; answer: Promise<readonly Prior[]> } | null = null;

/** The earlier studies, asked for once by all who want them when a case is opened; none when they cannot be had. */
export function priorsOf(study: string): Promise<readonly Prior[]> {
  if (last?.study === study && Date.now() - last.at < SHARED_MS) return last.answer;
  const answer = api.priors(study).then(
    ({ items }) => items,
    () => [],
  );
  last = { study, at: Date.now(), answer };
  return answer;
}
