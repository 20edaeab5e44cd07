import { css, svg, type SVGTemplateResult } from 'lit';

import type { Box, MarkShape, Region } from './marks.ts';

const HEAD = 14;
const SPREAD = 0.45;

/** The mark as SVG, over an image that stands at `box`. */
export function markShape(shape: MarkShape, [left, top, right, bottom]: Region, box: Box): SVGTemplateResult {
  const at = (x: number, y: number): [number, number] => [box.x + x * box.width, box.y + y * box.height];
  const [x1, y1] = at(left, top);
  const [x2, y2] = at(right, bottom);
  if (shape === 'rectangle') return svg`<rect class="mark" x=${x1} y=${y1} width=${x2 - x1} height=${y2 - y1}></rect>`;
  const angle = Math.atan2(y2 - y1, x2 - x1);
  const wing = (turn: number): string => `${x2 - HEAD * Math.cos(angle + turn)},${y2 - HEAD * Math.sin(angle + turn)}`;
  return svg`<path class="mark" d="M${x1},${y1} L${x2},${y2} M${wing(SPREAD)} L${x2},${y2} L${wing(-SPREAD)}"></path>`;
}

export const markStyles = css`
  .mark {
    fill: none;
    stroke: #ffd54a;
    stroke-width: 3;
    stroke-linecap: round;
    stroke-linejoin: round;
    filter: drop-shadow(0 0 1px #000);
  }
`;
