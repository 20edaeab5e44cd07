/** The patient's side at the left and at the upper edge of the picture, as letters (PS3.3 C.7.6.1.1.1). */
export interface Edges {
  left: string;
  top: string;
}

export type Point3 = readonly [number, number, number];
export type Project = (world: Point3) => readonly [number, number];

/** Patient axes of the DICOM coordinate system, negative and positive end. */
const AXES: readonly (readonly [Point3, string, string])[] = [
  [[1, 0, 0], 'R', 'L'],
  [[0, 1, 0], 'A', 'P'],
  [[0, 0, 1], 'F', 'H'],
];
const STEP_MM = 100;
const MARKED = 0.35;

/** Follows rotation and flip, as it looks at where patient axes lie on the screen. `project` maps patient to screen. */
export function edges(center: Point3, project: Project): Edges {
  const origin = project(center);
  const moves = AXES.map(([axis, negative, positive]) => {
    const end = project([center[0] + axis[0] * STEP_MM, center[1] + axis[1] * STEP_MM, center[2] + axis[2] * STEP_MM]);
    return { dx: end[0] - origin[0], dy: end[1] - origin[1], negative, positive };
  });
  return {
    left: letters(moves.map(({ dx, negative, positive }) => ({ by: dx, before: negative, after: positive }))),
    top: letters(moves.map(({ dy, negative, positive }) => ({ by: dy, before: negative, after: positive }))),
  };
}

/** The main direction first, then what it leans to. */
function letters(moves: readonly { by: number; before: string; after: string }[]): string {
  const total = Math.hypot(...moves.map(({ by }) => by)) || 1;
  return [...moves]
    .sort((a, b) => Math.abs(b.by) - Math.abs(a.by))
    .filter(({ by }) => Math.abs(by) / total > MARKED)
    .map(({ by, before, after }) => (by > 0 ? before : after))
    .join('');
}
