import { css } from 'lit';

export const studyViewerStyles = css`
  :host {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    height: 100%;
    min-height: 0;
    background: #000;
  }
  .stage {
    position: relative;
    display: flex;
    flex-direction: column;
    min-width: 0;
    min-height: 0;
  }
  .stage > :last-child {
    flex: 1;
    min-height: 0;
  }
  .none {
    grid-column: 1 / -1;
    display: grid;
    place-items: center;
    background: var(--bg);
    color: var(--muted);
  }
  @media (max-width: 720px) {
    :host {
      grid-template-columns: minmax(0, 1fr);
      grid-template-rows: auto minmax(0, 1fr);
    }
  }
`;
