/** A series on its way from the strip into a cell. */
export interface DraggedSeries {
  study: string;
  series: string;
}

let inHand: DraggedSeries | null = null;

/** Begins to drag; browsers do not say what is dragged until it is dropped, so it is remembered here as well. */
export function dragSeries(event: DragEvent, dragged: DraggedSeries): void {
  inHand = dragged;
  event.dataTransfer?.setData('text/plain', dragged.series);
  if (event.dataTransfer !== null) event.dataTransfer.effectAllowed = 'copy';
}

export function endDrag(): void {
  inHand = null;
}

/** What hangs over a cell; `null` for files and whatever else is not a series. */
export function droppedSeries(event: DragEvent): DraggedSeries | null {
  return event.dataTransfer?.types.includes('text/plain') === true ? inHand : null;
}
