import { css } from 'lit';

export const ruleFormStyles = css`
  .fields {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(165px, 1fr));
    gap: 6px 14px;
    align-items: start;
  }
  .field {
    display: grid;
    gap: 2px;
    min-width: 0;
  }
  .field.wide {
    grid-column: span 2;
  }
  .field label {
    overflow: hidden;
    color: var(--muted);
    font-size: 12.5px;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .field input,
  .field select {
    width: 100%;
    min-width: 0;
    min-height: 32px;
  }
  .field input:disabled,
  .field select:disabled {
    background: var(--raised);
    color: var(--text);
    opacity: 1;
    -webkit-text-fill-color: var(--text);
  }
  .field-error:empty {
    display: none;
  }
  fieldset {
    display: grid;
    gap: 8px;
    min-width: 0;
    margin: 0;
    padding: 0;
    border: 0;
  }
  legend {
    padding: 0 0 4px;
    font-size: 14px;
    font-weight: 600;
  }
  .line button[aria-selected='true'],
  .layouts button[aria-checked='true'] {
    border-color: var(--accent);
    background: var(--accent-soft);
    color: var(--accent-strong);
  }
  .line {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
    align-items: center;
  }
`;
