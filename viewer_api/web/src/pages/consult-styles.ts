import { css } from 'lit';

export const consultStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    height: 100%;
    min-height: 0;
  }
  .page {
    width: 100%;
    max-width: 1160px;
    margin: 0 auto;
    padding: 16px;
  }
  .card > header h1 {
    flex: 1;
    margin: 0;
    font-size: 18px;
  }
  button[aria-pressed='true'] {
    border-color: var(--accent);
    background: var(--accent-soft);
    color: var(--accent-strong);
    font-weight: 600;
  }
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li a {
    display: flex;
    align-items: center;
    gap: 10px;
    padding: 10px 16px;
    border-top: 1px solid var(--line);
    color: var(--text);
    text-decoration: none;
  }
  li a:hover,
  li a:focus-visible {
    background: var(--raised);
  }
  .question {
    flex: 1;
    min-width: 0;
    color: var(--muted);
  }
  .columns {
    display: grid;
    grid-template-columns: minmax(0, 1fr) clamp(340px, 26vw, 480px);
    flex: 1;
    min-height: 0;
  }
  study-viewer {
    min-height: 0;
  }
  aside {
    display: flex;
    flex-direction: column;
    gap: 12px;
    min-height: 0;
    padding: 16px;
    border-radius: 0;
    overflow: auto;
  }
  aside h2,
  aside h3,
  aside p {
    margin: 0;
  }
  aside h3 {
    color: var(--muted);
    font-size: 13px;
    font-weight: 600;
  }
  .text {
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  dl {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 4px 12px;
    margin: 0;
  }
  dt {
    color: var(--muted);
  }
  dd {
    margin: 0;
  }
  label {
    display: grid;
    gap: 6px;
    font-weight: 600;
  }
  textarea {
    width: 100%;
    resize: vertical;
  }
  .buttons {
    display: flex;
    gap: 8px;
  }
  @media (max-width: 900px) {
    .columns {
      grid-template-columns: minmax(0, 1fr);
      grid-template-rows: 60vh auto;
      overflow: auto;
    }
  }
`;
