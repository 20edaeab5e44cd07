import { css } from 'lit';

export const templateFormStyles = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 3fr) minmax(320px, 2fr);
    gap: 16px;
    align-items: start;
  }
  .part {
    display: grid;
    gap: 10px;
    padding: 12px 16px;
  }
  .facts {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(180px, 1fr));
    gap: 8px 12px;
  }
  label {
    display: grid;
    gap: 2px;
    font-size: 12.5px;
    color: var(--muted);
  }
  label.wide {
    grid-column: 1 / -1;
  }
  label.check {
    display: flex;
    gap: 6px;
    align-items: center;
  }
  input:not([type='checkbox']),
  select {
    width: 100%;
    min-height: 30px;
    font-size: 13px;
  }
  input[type='checkbox'] {
    min-height: 0;
  }
  textarea {
    width: 100%;
    min-height: 60px;
    font-size: 13px;
    line-height: 1.5;
  }
  textarea.options {
    font-family: var(--mono);
    white-space: pre;
    overflow-x: auto;
  }
  fieldset {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(130px, 1fr));
    gap: 6px 10px;
    margin: 0;
    padding: 8px 10px;
    border: 1px solid var(--line);
    border-radius: var(--radius);
  }
  .tools {
    display: flex;
    gap: 4px;
    align-items: end;
  }
  .preview {
    position: sticky;
    top: 8px;
  }
  .preview structured-form {
    max-height: 40vh;
  }
  .said {
    font-size: 15px;
    line-height: 1.7;
    white-space: pre-wrap;
  }
  footer {
    display: flex;
    gap: 8px;
  }
  h3 {
    font-size: 14px;
    font-weight: 600;
  }
  @media (max-width: 1000px) {
    :host {
      grid-template-columns: minmax(0, 1fr);
    }
  }
`;
