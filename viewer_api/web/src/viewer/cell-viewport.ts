import type { ViewCommand } from './image-viewport.ts';
import type { Point3 } from './orientation.ts';
import type { Look, StackState, Turn, Voi } from './stack-view.ts';

/** What a cell shows images with: the images as they were taken, or a plane cut out of them. */
export interface CellViewport {
  readonly state: StackState | null;
  readonly isPlaying: boolean;
  step(by: number): void;
  goTo(index: number): void;
  setVoi(voi: Voi): void;
  run(command: ViewCommand): void;
  look(): Look | null;
  setLook(look: Look): void;
  turn(): Turn | null;
  setTurn(turn: Turn): void;
  isInverted(): boolean;
  zoomTo(scale: number): void;
  showWhole(): Voi | null;
  project(world: Point3): readonly [number, number] | null;
}
