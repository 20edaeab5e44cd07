import type { FrameStack } from './frames.ts';
import type { Kind } from './measuring/kinds.ts';
import type { Placement } from './measuring/placement.ts';
import type { Pixels } from './measuring/values.ts';
import type { Edges, Point3 } from './orientation.ts';

export type ToolName = 'window' | 'pan' | 'zoom' | 'scroll' | 'magnify' | 'crosshair' | Kind;
export type Quality = 'loading' | 'partial' | 'full';
export type ImageError = 'missing' | 'network' | 'decode';

export interface Voi {
  width: number;
  center: number;
}

/** Zoom as a factor over the fitted image, and how far it is moved, in shares of the viewport's height. */
export interface Look {
  zoom: number;
  pan: readonly [number, number];
}

/** How an image lies on the screen: mirrored from left to right first, then rotated clockwise. */
export interface Turn {
  mirrored: boolean;
  quarters: number;
}

/** What the viewport shows; every change is told as a whole. */
export interface StackState {
  /** 0-based. */
  index: number;
  count: number;
  /** How many frames are in memory. */
  cached: number;
  /** How many of a large stack are fetched before somebody looks at them. */
  kept: number;
  rendered: boolean;
  quality: Quality;
  error: ImageError | null;
  voi: Voi | null;
  /** Pixels of the screen, not of CSS, per image pixel. */
  scale: number;
  /** `null` for projections and other images without a place in the patient. */
  edges: Edges | null;
  cpu: boolean;
  /** `null` until an image is drawn. */
  placement: Placement | null;
}

/** A viewport on a stack of frames; the only face of the image engine that the interface sees. */
export interface StackView {
  show(stack: FrameStack, index?: number): Promise<void>;
  goTo(index: number): void;
  scroll(by: number): void;
  useTool(tool: ToolName): void;
  setVoi(voi: Voi): void;
  invert(): void;
  rotate(): void;
  flip(): void;
  /** Upside down. */
  upend(): void;
  fit(): void;
  zoomTo(scale: number): void;
  look(): Look;
  setLook(look: Look): void;
  /** `null` until an image is drawn. */
  turn(): Turn | null;
  setTurn(turn: Turn): void;
  isInverted(): boolean;
  /** A place in the patient as CSS pixels of the viewport. */
  project(world: Point3): readonly [number, number];
  reset(): void;
  /** Values of the image that is shown, in full quality alone; `null` for colours. */
  pixels(): Pixels | null;
  destroy(): void;
}

export type OpenStackView = (element: HTMLDivElement, changed: (state: StackState) => void) => Promise<StackView>;
