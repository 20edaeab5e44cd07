import { css } from 'lit';

export const ecgMedianStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-width: 0;
    min-height: 0;
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 6px;
    align-items: center;
    padding: 4px 8px;
    background: var(--raised);
    border-bottom: 1px solid var(--line);
    font-size: 13px;
  }
  .tools button,
  .tools select {
    width: auto;
    min-height: 28px;
    padding: 1px 8px;
  }
  .tools select {
    max-width: 220px;
  }
  .gap {
    flex: 1;
  }
  .mark:focus {
    outline: 2px solid var(--focus);
  }
  .mark.moved {
    color: var(--soon);
    font-weight: 600;
  }
  .stage {
    position: relative;
    flex: 1;
    min-height: 0;
    overflow: hidden;
  }
  canvas {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    cursor: ew-resize;
    touch-action: none;
  }
  .line {
    position: absolute;
    top: 0;
    bottom: 0;
    width: 0;
    border-left: 1.5px dashed #0b57d0;
    pointer-events: none;
  }
  .line.p_on,
  .line.p_off {
    border-color: #7a3fb8;
  }
  .line.t_off {
    border-color: #0f766e;
  }
  .hint,
  .none {
    padding: 3px 8px;
    color: var(--muted);
    font-size: 12px;
  }
`;
