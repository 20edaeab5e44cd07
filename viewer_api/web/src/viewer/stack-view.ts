import type { FrameStack } from './frames.ts';
import type { Edges } from './orientation.ts';

export type ToolName = 'window' | 'pan' | 'zoom' | 'scroll' | 'length' | 'angle' | 'ellipse';
export type Quality = 'loading' | 'partial' | 'full';
export type ImageError = 'missing' | 'network' | 'decode';

export interface Voi {
  width: number;
  center: number;
}

/** What the viewport shows; every change is told as a whole. */
export interface StackState {
  /** 0-based. */
  index: number;
  count: number;
  /** How many frames are in memory. */
  cached: number;
  rendered: boolean;
  quality: Quality;
  error: ImageError | null;
  voi: Voi | null;
  /** Screen pixels per image pixel. */
  scale: number;
  /** `null` for projections and other images without a place in the patient. */
  edges: Edges | null;
  cpu: boolean;
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
  fit(): void;
  reset(): void;
  clearMeasurements(): void;
  destroy(): void;
}

export type OpenStackView = (element: HTMLDivElement, changed: (state: StackState) => void) => Promise<StackView>;
