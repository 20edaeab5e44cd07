import { css } from 'lit';

export const viewportStyles = css`
  :host {
    height: 100%;
    min-height: 0;
  }
  .viewport {
    position: relative;
    width: 100%;
    height: 100%;
    overflow: hidden;
    background: #000;
    color: #d5dde4;
    font-size: 13px;
    line-height: 1.45;
    user-select: none;
    -webkit-user-select: none;
  }
  .canvas {
    position: absolute;
    inset: 0;
    touch-action: none;
  }
  .viewport.measuring {
    cursor: crosshair;
  }
  .canvas.blank {
    visibility: hidden;
  }
  .corner {
    position: absolute;
    display: flex;
    flex-direction: column;
    max-width: 46%;
    padding: 10px 12px;
    pointer-events: none;
    text-shadow:
      0 0 2px #000,
      0 1px 3px #000;
    font-variant-numeric: tabular-nums;
  }
  .corner span {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .tl {
    left: 0;
    top: 0;
  }
  .tr {
    right: 0;
    top: 0;
    align-items: flex-end;
    text-align: right;
  }
  .bl {
    left: 0;
    bottom: 0;
  }
  .br {
    right: 0;
    bottom: 0;
    align-items: flex-end;
    text-align: right;
  }
  .corner b {
    font-size: 14.5px;
    font-weight: 600;
  }
  .faint:empty {
    display: none;
  }
  .faint {
    color: #93a0ab;
  }
  .side,
  .lossy {
    color: #f2c761;
  }
  .quality::before {
    content: '';
    display: inline-block;
    width: 8px;
    height: 8px;
    margin-right: 6px;
    border-radius: 50%;
    background: #e07a6c;
  }
  .quality.partial::before {
    background: #e8bd4e;
  }
  .quality.full::before {
    background: #57bd8b;
  }
  .preview {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    object-fit: contain;
    pointer-events: none;
  }
  .edge {
    position: absolute;
    color: #e6d38f;
    font-weight: 600;
    pointer-events: none;
    text-shadow: 0 0 3px #000;
  }
  .edge.left {
    left: 12px;
    top: 50%;
    transform: translateY(-50%);
  }
  .edge.top {
    left: 50%;
    top: 8px;
    transform: translateX(-50%);
  }
  .message {
    position: absolute;
    inset: 0;
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    gap: 6px;
    padding: 24px;
    background: #0a0d11;
    text-align: center;
    pointer-events: none;
  }
  .message svg {
    color: #e8bd4e;
  }
  .message strong {
    font-size: 16px;
    font-weight: 600;
  }
  @media (max-width: 720px) {
    .viewport {
      font-size: 11px;
    }
    .corner {
      padding: 6px 8px;
    }
  }
`;
