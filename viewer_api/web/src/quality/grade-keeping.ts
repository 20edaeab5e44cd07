let last: Promise<void> = Promise.resolve();

/** Keeps grades one after another, so that the last press is the one that counts. `keep` may not fail. */
export function keepInTurn(keep: () => Promise<void>): void {
  last = last.then(keep);
}

/** When every grade that was pressed is with the server: a case that has left our hands takes no more. */
export function gradesKept(): Promise<void> {
  return last;
}
