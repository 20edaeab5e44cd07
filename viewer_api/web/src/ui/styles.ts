import { css } from 'lit';

/** What every shadow root starts from. */
export const base = css`
  :host {
    display: block;
    box-sizing: border-box;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  h1,
  h2,
  h3,
  p,
  dl,
  dd,
  ul,
  ol {
    margin: 0;
    padding: 0;
  }
  ul,
  ol {
    list-style: none;
  }
  a {
    color: var(--accent);
    text-decoration: none;
  }
  a:hover,
  p a {
    text-decoration: underline;
  }
  :focus {
    outline: none;
  }
  :focus-visible {
    outline: 2px solid var(--focus);
    outline-offset: 2px;
  }
  .sr-only {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .muted {
    color: var(--muted);
  }
  .num {
    font-variant-numeric: tabular-nums;
  }
  .truncate {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
`;

/** Buttons, fields, key caps. */
export const controls = css`
  button,
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 6px;
    min-height: 34px;
    padding: 0 14px;
    border: 1px solid var(--line-strong);
    border-radius: var(--radius);
    background: var(--surface);
    color: var(--text);
    font: inherit;
    line-height: 1.2;
    white-space: nowrap;
    text-decoration: none;
    cursor: pointer;
    transition:
      background 0.12s,
      border-color 0.12s;
  }
  button:hover:not(:disabled),
  .button:hover {
    background: var(--hover);
    border-color: var(--faint);
    text-decoration: none;
  }
  button:disabled {
    opacity: 0.5;
    cursor: not-allowed;
  }
  button.primary,
  .button.primary {
    background: var(--primary);
    border-color: var(--primary);
    color: #fff;
    font-weight: 600;
  }
  button.primary:hover:not(:disabled),
  .button.primary:hover {
    background: var(--primary-hover);
    border-color: var(--primary-hover);
  }
  button.danger {
    color: var(--danger);
    border-color: var(--danger);
  }
  button.danger.primary {
    background: var(--danger);
    color: var(--on-accent);
  }
  button.quiet {
    border-color: transparent;
    background: transparent;
  }
  button.quiet:hover:not(:disabled) {
    background: var(--hover);
  }
  button.quiet[aria-pressed='true'] {
    border-color: var(--accent);
    background: var(--accent-soft);
    color: var(--accent-strong);
    font-weight: 600;
  }
  button.small {
    min-height: 28px;
    padding: 0 10px;
    font-size: 13px;
  }
  button.icon {
    width: 34px;
    padding: 0;
  }
  input,
  select,
  textarea {
    min-height: 34px;
    padding: 0 10px;
    border: 1px solid var(--line-strong);
    border-radius: var(--radius);
    background: var(--surface);
    color: var(--text);
    font: inherit;
  }
  textarea {
    padding: 8px 10px;
    line-height: 1.65;
    resize: vertical;
  }
  input::placeholder,
  textarea::placeholder {
    color: var(--faint);
    opacity: 1;
  }
  input:focus-visible,
  select:focus-visible,
  textarea:focus-visible {
    outline: 2px solid var(--focus);
    outline-offset: -1px;
    border-color: var(--focus);
  }
  [aria-invalid='true'] {
    border-color: var(--danger);
  }
  kbd {
    display: inline-block;
    min-width: 18px;
    padding: 1px 5px;
    border: 1px solid currentcolor;
    border-radius: 4px;
    font: 11px/1.3 var(--mono);
    text-align: center;
    opacity: 0.75;
  }
  .primary kbd {
    opacity: 1;
  }
  .field-error {
    color: var(--danger);
    font-size: 13px;
  }
  .notice {
    display: flex;
    gap: 8px;
    align-items: flex-start;
    padding: 8px 12px;
    border-left: 3px solid var(--line-strong);
    border-radius: 4px;
    background: var(--raised);
  }
  .notice.danger {
    border-color: var(--danger);
    background: var(--danger-soft);
  }
  .notice.warn {
    border-color: var(--soon);
    background: var(--soon-soft);
  }
  .notice.info {
    border-color: var(--accent);
    background: var(--accent-soft);
  }
  .notice.ok {
    border-color: var(--ok);
    background: var(--ok-soft);
  }
`;

/** Panels and pages. */
export const surfaces = css`
  .card {
    background: var(--surface);
    border: 1px solid var(--line);
    border-radius: 8px;
  }
  .card > header {
    display: flex;
    align-items: center;
    gap: 12px;
    padding: 12px 16px;
    border-bottom: 1px solid var(--line);
  }
  .card h2 {
    font-size: 15px;
    font-weight: 600;
  }
  .empty {
    padding: 56px 24px;
    text-align: center;
    color: var(--muted);
  }
  .empty strong {
    display: block;
    margin-bottom: 4px;
    color: var(--text);
    font-size: 16px;
    font-weight: 600;
  }
`;
