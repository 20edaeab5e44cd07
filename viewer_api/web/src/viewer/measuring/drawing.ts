import { nothing, svg, type SVGTemplateResult } from 'lit';

import { edgesOf, outline } from './hits.ts';
import type { Kind, Point } from './kinds.ts';
import { toScreen, type Placement } from './placement.ts';

const TIP = 12;
const LINE_HEIGHT = 17;

export interface Look {
  kind: Kind;
  /** In the image. */
  points: readonly Point[];
  words: readonly string[];
  isChosen: boolean;
  isUnsaved: boolean;
  isEditable: boolean;
}

/** One drawing on the screen, its words beside it. */
export function drawing(look: Look, placement: Placement, width: number): SVGTemplateResult {
  const at = look.points.map((point) => toScreen(placement, point));
  const classes = `mark ${look.isChosen ? 'chosen' : ''} ${look.isUnsaved ? 'unsaved' : ''}`;
  return svg`<g class=${classes} data-kind=${look.kind} data-testid="measurement">
    ${shape(look, placement, at)}
    ${(look.isEditable || look.isChosen) && look.kind !== 'probe' ? at.map(([x, y]) => svg`<circle class="handle" cx=${x} cy=${y} r="3.5" />`) : nothing}
    ${words(look, at, width)}
  </g>`;
}

function shape({ kind, points }: Look, placement: Placement, at: readonly Point[]): SVGTemplateResult | SVGTemplateResult[] {
  if (kind === 'ellipse' || kind === 'rectangle') {
    const ring = outline(kind, points).map((point) => toScreen(placement, point).join(','));
    return svg`<polygon class="halo" points=${ring.join(' ')} /><polygon points=${ring.join(' ')} />`;
  }
  if (kind === 'probe') return at.map(([x, y]) => svg`<path d="M${x - 7} ${y}h14M${x} ${y - 7}v14" />`);
  const segments = edgesOf(kind, at).map(([[x1, y1], [x2, y2]]) => `M${x1} ${y1}L${x2} ${y2}`);
  const d = segments.join('') + (kind === 'arrow' ? tip(at) : '');
  return svg`<path class="halo" d=${d} /><path d=${d} />`;
}

function tip([from, to]: readonly Point[]): string {
  if (from === undefined || to === undefined) return '';
  const turn = Math.atan2(to[1] - from[1], to[0] - from[0]);
  const side = (by: number): string => `M${to[0]} ${to[1]}l${-TIP * Math.cos(turn + by)} ${-TIP * Math.sin(turn + by)}`;
  return side(0.45) + side(-0.45);
}

/** To the right of the drawing, or to the left where there is no room. */
function words({ words: said }: Look, at: readonly Point[], width: number): SVGTemplateResult | typeof nothing {
  if (said.length === 0 || at.length === 0) return nothing;
  const right = at.reduce((best, one) => (one[0] > best[0] ? one : best));
  const left = at.reduce((best, one) => (one[0] < best[0] ? one : best));
  const room = Math.max(...said.map((line) => [...line].length)) * 9 + 20;
  const fits = right[0] + room < width;
  const [x, y] = fits ? [right[0] + 12, right[1]] : [left[0] - 12, left[1]];
  return svg`<text text-anchor=${fits ? 'start' : 'end'}>
    ${said.map((line, n) => svg`<tspan x=${x} y=${y + 5 + n * LINE_HEIGHT}>${line}</tspan>`)}
  </text>`;
}
