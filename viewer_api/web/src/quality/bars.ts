import { html, svg, type TemplateResult } from 'lit';

const WIDTH = 120;
const HEIGHT = 12;

/** A bar of `value` out of `most`, for a cell of a table; the number stands beside it. */
export function bar(value: number | null, most: number, label: string): TemplateResult {
  const width = value === null || most <= 0 ? 0 : Math.max(value > 0 ? 1 : 0, (value / most) * WIDTH);
  return html`<svg class="bar" width=${WIDTH} height=${HEIGHT} role="img" aria-label=${label}>
    ${svg`<rect class="track" width=${WIDTH} height=${HEIGHT} rx="2"></rect><rect class="value" width=${width} height=${HEIGHT} rx="2"></rect>`}
  </svg>`;
}

export function percent(share: number | null, digits = 1): string {
  return share === null ? '–' : `${(share * 100).toFixed(digits)}%`;
}
