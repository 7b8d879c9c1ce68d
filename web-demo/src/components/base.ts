/** What elements have in common: the look of buttons, cards and figures, and a clock to count by. */

import { css, type ReactiveController, type ReactiveControllerHost } from 'lit';
import type { Clock } from '../stores/clock';

export const base = css`
  :host { display: block; }
  :host([hidden]), [hidden] { display: none !important; }
  *, *::before, *::after { box-sizing: border-box; }
  h1, h2, h3, p, dl, dd, ol, ul, fieldset { margin: 0; padding: 0; border: 0; min-width: 0; }
  ol, ul { list-style: none; }
  h1 { font-size: var(--t-hero); line-height: 1.08; letter-spacing: -0.03em; font-weight: 750; text-wrap: balance; }
  h2 { font-size: var(--t-title); line-height: 1.2; letter-spacing: -0.02em; font-weight: 700; text-wrap: balance; }
  h3 { font-size: var(--t-body); font-weight: 650; }
  p { text-wrap: pretty; }
  :lang(ko) { word-break: keep-all; }
  .muted { color: var(--muted); }
  .small { font-size: var(--t-small); }
  .figure { font-variant-numeric: tabular-nums; }
  .card { background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); padding: var(--s5); box-shadow: var(--shadow); }
  .row { display: flex; align-items: center; gap: var(--s3); flex-wrap: wrap; }
  .between { justify-content: space-between; }
  .stack { display: grid; gap: var(--s4); align-content: start; grid-template-columns: minmax(0, 1fr); }
  .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  button, .button, input, select {
    font: inherit; color: inherit; min-height: 44px; border-radius: var(--radius-small); border: 1px solid var(--line-strong);
    background: var(--surface); padding: 0 var(--s4);
  }
  button { cursor: pointer; font-weight: 600; transition: background-color 0.15s, border-color 0.15s, transform 0.1s; }
  button:hover { background: var(--raised); border-color: var(--ink); }
  button:active { transform: translateY(1px); }
  button:disabled { cursor: default; opacity: 0.5; transform: none; }
  button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
  button.primary:hover:not(:disabled) { background: var(--accent-strong); border-color: var(--accent-strong); }
  button.quiet { border-color: transparent; background: transparent; color: var(--muted); }
  button.quiet:hover { color: var(--ink); background: var(--accent-soft); }
  button.wide { width: 100%; min-height: 52px; font-size: var(--t-lead); }
  input { width: 100%; font-variant-numeric: tabular-nums; }
  label { font-weight: 600; font-size: var(--t-small); display: grid; gap: var(--s1); }
  :focus-visible { outline: 3px solid var(--accent-strong); outline-offset: 2px; }
  .chip { display: inline-flex; align-items: center; gap: var(--s2); border-radius: 99px; padding: 3px var(--s3); font-size: var(--t-small); font-weight: 650; background: var(--accent-soft); color: var(--ink); }
  .chip.good { background: var(--good-soft); color: var(--good); }
  .chip.warn { background: var(--warn-soft); color: var(--warn); }
  .chip.bad { background: var(--bad-soft); color: var(--bad); }
  dt { color: var(--muted); font-size: var(--t-small); }
  dd { font-weight: 650; font-variant-numeric: tabular-nums; }
  @media (max-width: 600px) { .card { padding: var(--s4); } }
  @media (prefers-reduced-motion: reduce) { *, *::before, *::after { animation: none !important; transition: none !important; } }
`;

/** Draws an element anew as its clock goes, while it is in the page. */
export class Ticking implements ReactiveController {
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly host: ReactiveControllerHost & { clock: Clock }) {
    host.addController(this);
  }

  hostConnected(): void {
    this.timer = setTimeout(() => {
      this.host.requestUpdate();
      this.hostConnected();
    }, this.host.clock.lookMillis);
  }

  hostDisconnected(): void {
    clearTimeout(this.timer);
  }
}

/** Tells those above what a visitor did. */
export function emit<T>(from: EventTarget, name: string, detail?: T): void {
  from.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
}
