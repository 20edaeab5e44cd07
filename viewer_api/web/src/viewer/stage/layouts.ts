/** Rows and columns of cells, in the order of their keys. */
export const LAYOUTS = {
  '1x1': [1, 1],
  '1x2': [1, 2],
  '2x1': [2, 1],
  '2x2': [2, 2],
  '2x3': [2, 3],
  '3x3': [3, 3],
  '1x3': [1, 3],
  '3x1': [3, 1],
  '3x2': [3, 2],
} as const satisfies Record<string, readonly [rows: number, columns: number]>;

export type LayoutName = keyof typeof LAYOUTS;

export const LAYOUT_NAMES = Object.keys(LAYOUTS) as LayoutName[];

export function isLayout(name: string): name is LayoutName {
  return name in LAYOUTS;
}

export function cellsOf(layout: LayoutName): number {
  const [rows, columns] = LAYOUTS[layout];
  return rows * columns;
}

/** The smallest layout with room for that many, side by side before one below the other. */
export function layoutFor(count: number): LayoutName {
  const order: readonly LayoutName[] = ['1x1', '1x2', '2x2', '2x3', '3x3'];
  return order.find((name) => cellsOf(name) >= count) ?? '3x3';
}
