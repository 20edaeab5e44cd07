import { css } from 'lit';

export const readingPageStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    height: 100%;
    min-height: 0;
  }
  .columns {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) auto var(--side, clamp(360px, 27vw, 520px));
    flex: 1;
    min-height: 0;
  }
  case-queue {
    width: 36px;
  }
  case-queue[open] {
    width: 236px;
  }
  .images {
    display: grid;
    min-height: 0;
    min-width: 0;
  }
  .images:focus-visible {
    outline: none;
  }
  study-viewer,
  report-panel,
  .side {
    min-height: 0;
  }
  .side {
    display: flex;
    flex-direction: column;
    min-width: 0;
  }
  report-panel {
    flex: 1;
  }
  .waiting {
    display: grid;
    place-items: center;
    background: #000;
    color: #8a97a3;
  }
  @media (max-width: 900px) {
    .columns {
      grid-template-columns: minmax(0, 1fr);
      grid-template-rows: auto 60vh auto;
      overflow: auto;
    }
    case-queue,
    case-queue[open] {
      width: auto;
    }
    side-splitter {
      display: none;
    }
  }
`;
