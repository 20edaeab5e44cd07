import { css } from 'lit';

export const stageCellStyles = css`
  :host {
    min-width: 0;
    min-height: 0;
  }
  .cell {
    position: relative;
    display: flex;
    flex-direction: column;
    height: 100%;
    background: #000;
  }
  .body {
    position: relative;
    flex: 1;
    min-height: 0;
  }
  .body > :first-child {
    height: 100%;
  }
  header {
    display: flex;
    flex: none;
    gap: 8px;
    align-items: center;
    min-width: 0;
    padding: 1px 8px;
    background: #16212b;
    color: #b9c7d3;
    font-size: 12.5px;
    white-space: nowrap;
  }
  header .what {
    flex: 1;
  }
  header b {
    color: #7fc1ff;
    font-weight: 600;
  }
  header.prior {
    background: #3a2a08;
    color: #f0d9a4;
  }
  header.prior b {
    color: #ffc94d;
  }
  .nothing {
    display: grid;
    place-items: center;
    color: #74818c;
    font-size: 13px;
    text-align: center;
  }
  .lines {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    pointer-events: none;
  }
  .lines line {
    stroke: #f2e14c;
    stroke-width: 1.5;
    stroke-dasharray: 7 4;
  }
  .notice {
    position: absolute;
    inset: auto 16px 16px;
  }
  .target::after {
    content: '';
    position: absolute;
    inset: 0;
    z-index: 4;
    border: 3px dashed var(--accent);
    pointer-events: none;
  }
`;

export const stageGridStyles = css`
  :host {
    position: relative;
    display: grid;
    gap: 2px;
    min-width: 0;
    min-height: 0;
    background: #27313a;
  }
  stage-cell {
    position: relative;
  }
  :host([data-cells]:not([data-cells='1'])) stage-cell.active::after {
    content: '';
    position: absolute;
    inset: 0;
    z-index: 5;
    border: 2px solid #3d9bff;
    pointer-events: none;
  }
  stage-cell.enlarged {
    position: absolute;
    inset: 0;
    z-index: 6;
  }
`;
