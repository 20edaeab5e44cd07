import { expect, test } from 'vitest';

import { gradesKept, keepInTurn } from '../src/quality/grade-keeping.ts';

test('grades are kept in the order of the presses, and whoever waits for them has all', async () => {
  const kept: string[] = [];
  let answerFirst = (): void => undefined;
  keepInTurn(() => new Promise<void>((resolve) => (answerFirst = () => (kept.push('B'), resolve()))));
  keepInTurn(async () => void kept.push('C'));
  const all = gradesKept().then(() => [...kept]);
  await Promise.resolve();
  expect(kept).toEqual([]);
  answerFirst();
  expect(await all).toEqual(['B', 'C']);
});
