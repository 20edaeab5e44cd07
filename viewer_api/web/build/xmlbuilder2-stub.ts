/** Stands in for xmlbuilder2, which vtk.js imports for XML file writers that a browser never runs. */
export function create(): never {
  throw new Error('XML writers are not part of the web build.');
}
