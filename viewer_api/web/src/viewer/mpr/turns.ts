import type { Turn } from '../stack-view.ts';
import type { Cutting } from './reslice.ts';

export type TurnCommand = 'rotate' | 'flip' | 'upend';

export const UPRIGHT: Turn = { mirrored: false, quarters: 0 };

/** After a command that is meant for what is seen: a quarter clockwise, left for right, or upper for lower. */
export function turned({ mirrored, quarters }: Turn, command: TurnCommand): Turn {
  if (command === 'rotate') return { mirrored, quarters: (quarters + 1) % 4 };
  return { mirrored: !mirrored, quarters: ((command === 'flip' ? 4 : 6) - quarters) % 4 };
}

/** The same plane, cut so that it comes out turned. */
export function cutTurned({ right, down, through }: Cutting, { mirrored, quarters }: Turn): Cutting {
  let seen: Cutting = { right: mirrored ? against(right) : right, down, through };
  for (let n = 0; n < quarters; n++) seen = { right: against(seen.down), down: seen.right, through };
  return seen;
}

function against({ axis, sign }: Cutting['right']): Cutting['right'] {
  return { axis, sign: sign > 0 ? -1 : 1 };
}

/** Where something that lay so far from the middle lies after the command. */
export function movedBy([x, y]: readonly [number, number], command: TurnCommand): readonly [number, number] {
  if (command === 'rotate') return [-y, x];
  return command === 'flip' ? [-x, y] : [x, -y];
}
