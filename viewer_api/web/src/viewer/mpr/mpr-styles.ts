import { css } from 'lit';

export const mprStyles = css`
  canvas {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    touch-action: none;
  }
  .cross {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    overflow: hidden;
    pointer-events: none;
  }
  .cross path {
    stroke: #4fd8c4;
    stroke-width: 1;
    fill: none;
  }
  .made {
    color: #4fd8c4;
  }
`;
