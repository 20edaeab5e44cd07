import { css } from 'lit';

export const layerStyles = css`
  :host {
    position: absolute;
    inset: 0;
    pointer-events: none;
  }
  svg {
    width: 100%;
    height: 100%;
    overflow: hidden;
  }
  .mark {
    --ink: #7fe7c4;
    fill: none;
    stroke: var(--ink);
    stroke-width: 1.5;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .mark.chosen {
    --ink: #ffd54a;
  }
  .mark.unsaved {
    stroke-dasharray: 5 4;
  }
  .halo {
    stroke: rgb(0 0 0 / 55%);
    stroke-width: 3.5;
    stroke-dasharray: none;
  }
  .handle {
    fill: #000;
    stroke-dasharray: none;
  }
  text {
    fill: var(--ink);
    stroke: rgb(0 0 0 / 80%);
    stroke-width: 2.5;
    letter-spacing: 0.4px;
    stroke-dasharray: none;
    paint-order: stroke;
    font-size: 13px;
    font-variant-numeric: tabular-nums;
  }
`;
