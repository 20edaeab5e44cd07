import { html, svg, type SVGTemplateResult, type TemplateResult } from 'lit';

/** 24 x 24 outlines drawn with the text's colour. */
const PATHS = {
  back: svg`<path d="M15 5l-7 7 7 7"/>`,
  forward: svg`<path d="M9 5l7 7-7 7"/>`,
  down: svg`<path d="M5 9l7 7 7-7"/>`,
  clock: svg`<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.5 2"/>`,
  soon: svg`<path d="M7 3h10M7 21h10M8 3v4l4 5-4 5v4M16 3v4l-4 5 4 5v4"/>`,
  late: svg`<path d="M12 3.5L2.5 20h19L12 3.5z"/><path d="M12 10v5M12 17.5v.5"/>`,
  breached: svg`<path d="M8 2.5h8L21.5 8v8L16 21.5H8L2.5 16V8z"/><path d="M12 7v6.5M12 16.5v.5"/>`,
  paused: svg`<path d="M8 5v14M16 5v14"/>`,
  check: svg`<path d="M4.5 12.5l5 5L20 7"/>`,
  close: svg`<path d="M6 6l12 12M18 6L6 18"/>`,
  search: svg`<circle cx="10.5" cy="10.5" r="6.5"/><path d="M15.5 15.5L21 21"/>`,
  eye: svg`<path d="M2 12s3.6-7 10-7 10 7 10 7-3.6 7-10 7S2 12 2 12z"/><circle cx="12" cy="12" r="3"/>`,
  bolt: svg`<path d="M13 2L4 14h7l-1 8 9-12h-7z"/>`,
  sun: svg`<circle cx="12" cy="12" r="4"/><path d="M12 2v2.5M12 19.5V22M2 12h2.5M19.5 12H22M5 5l1.8 1.8M17.2 17.2L19 19M19 5l-1.8 1.8M6.8 17.2L5 19"/>`,
  moon: svg`<path d="M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z"/>`,
  lock: svg`<rect x="5" y="11" width="14" height="9" rx="1.5"/><path d="M8 11V7.5a4 4 0 0 1 8 0V11"/>`,
  warning: svg`<path d="M12 3.5L2.5 20h19L12 3.5z"/><path d="M12 10v5M12 17.5v.5"/>`,
  image: svg`<rect x="3" y="4" width="18" height="16" rx="2"/><path d="M3 16l5-5 4 4 3-3 6 6"/><circle cx="15.5" cy="8.5" r="1.5"/>`,
  document: svg`<path d="M6 2.5h8L19 7.5V21.5H6z"/><path d="M14 2.5V8h5M9 12.5h6M9 16.5h6"/>`,
  ecg: svg`<path d="M2 13h4l2-6 4 13 3-10 1.5 3H22"/>`,
  print: svg`<path d="M7 8V3h10v5M7 18H4v-8h16v8h-3"/><path d="M7 14.5h10V21H7z"/>`,
  more: svg`<circle cx="5" cy="12" r="1.2"/><circle cx="12" cy="12" r="1.2"/><circle cx="19" cy="12" r="1.2"/>`,
  window: svg`<circle cx="12" cy="12" r="8.5"/><path d="M12 3.5a8.5 8.5 0 0 1 0 17z" fill="currentColor"/>`,
  zoom: svg`<circle cx="10.5" cy="10.5" r="6.5"/><path d="M15.5 15.5L21 21M10.5 7.5v6M7.5 10.5h6"/>`,
  pan: svg`<path d="M12 3v18M3 12h18M12 3L9.5 5.5M12 3l2.5 2.5M12 21l-2.5-2.5M12 21l2.5-2.5M3 12l2.5-2.5M3 12l2.5 2.5M21 12l-2.5-2.5M21 12l-2.5 2.5"/>`,
  scroll: svg`<rect x="5" y="3.5" width="14" height="4" rx="1"/><rect x="5" y="10" width="14" height="4" rx="1"/><rect x="5" y="16.5" width="14" height="4" rx="1"/>`,
  length: svg`<path d="M3 16.5L16.5 3 21 7.5 7.5 21z"/><path d="M7 12.5l2 2M10 9.5l2 2M13 6.5l2 2"/>`,
  angle: svg`<path d="M20 19H4L16 5"/><path d="M11.5 19a6 6 0 0 0-2.7-5.5"/>`,
  ellipse: svg`<ellipse cx="12" cy="12" rx="9" ry="6"/><path d="M12 11.5v1M11.5 12h1"/>`,
  cobb: svg`<path d="M4 6l16-2.5M4 17l16 3.5"/><path d="M9 5.5v12.5" stroke-dasharray="2 2.5"/>`,
  chest: svg`<path d="M3.5 20c0-9 1-15 6-16M20.5 20c0-9-1-15-6-16"/><path d="M8 15h8M4 18.5h16"/><circle cx="12.5" cy="12" r="2.5"/>`,
  rectangle: svg`<rect x="4" y="6" width="16" height="12"/><path d="M12 11.5v1M11.5 12h1"/>`,
  probe: svg`<path d="M12 3v6M12 15v6M3 12h6M15 12h6"/><circle cx="12" cy="12" r="1" fill="currentColor"/>`,
  arrow: svg`<path d="M5 19L18 6M18 6h-7M18 6v7"/>`,
  mark_area: svg`<rect x="3.5" y="5" width="17" height="14" rx="1"/><path d="M3.5 9.5V5H8M16 19h4.5v-4.5" stroke-width="3.2"/>`,
  mark_arrow: svg`<path d="M20 4L10 14" stroke-width="3.2"/><path d="M4.5 19.5L7 9.5l7.5 7.5z" fill="currentColor"/>`,
  text: svg`<path d="M5 6V4.5h14V6M12 4.5v15M9 19.5h6"/>`,
  list: svg`<path d="M8 6h12M8 12h12M8 18h12M4 6h.5M4 12h.5M4 18h.5"/>`,
  into_report: svg`<path d="M6 2.5h8L19 7.5V21.5H6z"/><path d="M12.5 9.5v8M9.5 14.5l3 3 3-3"/>`,
  eraser: svg`<path d="M8.5 20l-5-5L14 4.5l6 6L10.5 20z"/><path d="M9 9.5l6 6M8 20h13"/>`,
  invert: svg`<rect x="3.5" y="3.5" width="17" height="17" rx="2"/><path d="M20.5 3.5v17h-17z" fill="currentColor"/>`,
  rotate: svg`<path d="M19.5 12a7.5 7.5 0 1 1-2.3-5.4"/><path d="M20 3v4.5h-4.5"/>`,
  flip: svg`<path d="M12 3v18" stroke-dasharray="2 2.5"/><path d="M9 6L3.5 18H9zM15 6l5.5 12H15z"/>`,
  upend: svg`<path d="M3 12h18" stroke-dasharray="2 2.5"/><path d="M6 9l12-5.5V9zM6 15l12 5.5V15z"/>`,
  actual: svg`<rect x="3" y="5" width="18" height="14" rx="2"/><path d="M8 9v6M16 9v6M12 10.5v.2M12 13.5v.2"/>`,
  magnify: svg`<circle cx="11" cy="11" r="7.5"/><circle cx="11" cy="11" r="3" fill="currentColor"/><path d="M16.5 16.5L21 21"/>`,
  sync: svg`<rect x="3" y="4" width="7.5" height="16" rx="1.5"/><rect x="13.5" y="4" width="7.5" height="16" rx="1.5"/><path d="M3 12h18" stroke-dasharray="2.5 2"/>`,
  link: svg`<path d="M10 14a4 4 0 0 0 5.7 0l3.6-3.6a4 4 0 0 0-5.7-5.7l-1.4 1.4M14 10a4 4 0 0 0-5.7 0l-3.6 3.6a4 4 0 0 0 5.7 5.7l1.4-1.4"/>`,
  lines: svg`<rect x="3.5" y="3.5" width="17" height="17" rx="2"/><path d="M3.5 14L20.5 9" stroke-dasharray="3 2"/>`,
  layers: svg`<path d="M12 3.5L21 8.5 12 13.5 3 8.5z"/><path d="M4.5 12.2L3 13l9 5 9-5-1.5-.8"/>`,
  shutter: svg`<rect x="3" y="4" width="18" height="16" rx="2" fill="currentColor"/><circle cx="12" cy="12" r="5.5" fill="var(--surface)"/>`,
  ruler: svg`<rect x="2.5" y="8" width="19" height="8" rx="1"/><path d="M6 8v4M9.5 8v3M13 8v4M16.5 8v3"/>`,
  planes: svg`<rect x="3" y="3" width="18" height="18" rx="2"/><path d="M12 3v18M3 12h18"/><circle cx="12" cy="12" r="2.5"/>`,
  prior: svg`<rect x="12.5" y="4" width="9" height="16" rx="1.5"/><path d="M9 4H4a1.5 1.5 0 0 0-1.5 1.5v13A1.5 1.5 0 0 0 4 20h5" stroke-dasharray="2.5 2"/><path d="M6 9v3.5l2 1.5"/>`,
  hanging: svg`<path d="M3 4h18M7 4v4M17 4v4"/><rect x="4" y="8" width="6.5" height="11" rx="1"/><rect x="13.5" y="8" width="6.5" height="11" rx="1"/>`,
  screens: svg`<rect x="2" y="4" width="9.5" height="12" rx="1.5"/><rect x="13" y="4" width="9" height="12" rx="1.5"/><path d="M4 20h6M14.5 20h6"/>`,
  enlarge: svg`<path d="M14 4h6v6M10 20H4v-6M20 4l-7 7M4 20l7-7"/>`,
  reset: svg`<path d="M4.5 12a7.5 7.5 0 1 0 2.3-5.4"/><path d="M4 3v4.5h4.5"/>`,
  fit: svg`<path d="M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5"/>`,
  fitWidth: svg`<path d="M3 4v16M21 4v16M6 12h12M6 12l3-3M6 12l3 3M18 12l-3-3M18 12l-3 3"/>`,
  play: svg`<path d="M7 4.5v15l12-7.5z"/>`,
  pause: svg`<path d="M8 5v14M16 5v14"/>`,
  bell: svg`<path d="M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5h4"/>`,
  info: svg`<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5.5M12 7.5v.5"/>`,
  keyboard: svg`<rect x="2.5" y="6" width="19" height="12" rx="2"/><path d="M6 10h.5M10 10h.5M14 10h.5M18 10h.5M7 14h10"/>`,
  user: svg`<circle cx="12" cy="8" r="4"/><path d="M4 21c.8-4.5 4-6.5 8-6.5s7.2 2 8 6.5"/>`,
  refresh: svg`<path d="M19.5 12a7.5 7.5 0 1 1-2.3-5.4"/><path d="M20 3v4.5h-4.5"/>`,
  upload: svg`<path d="M12 15.5v-12M7 8l5-5 5 5M4 20.5h16"/>`,
  download: svg`<path d="M12 3.5v12M7 11l5 5 5-5M4 20.5h16"/>`,
} as const satisfies Record<string, SVGTemplateResult>;

export type IconName = keyof typeof PATHS;

/** Decorative: the text beside it, or the button's label, says what it means. */
export function icon(name: IconName, size = 18): TemplateResult {
  return html`<svg
    width=${size}
    height=${size}
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width="1.8"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
    style="flex:none"
  >
    ${PATHS[name]}
  </svg>`;
}
