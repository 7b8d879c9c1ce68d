/** `<step-trail>`: where a visitor is on the way from the queue to the ticket. */

import { LitElement, css, html, nothing } from 'lit';
import { texts } from '../i18n';
import { base } from './base';

export class StepTrail extends LitElement {
  static override styles = [base, css`
    ol { display: grid; grid-template-columns: repeat(4, 1fr); gap: var(--s2); }
    li { border-top: 4px solid var(--line); padding-top: var(--s2); font-size: var(--t-small); font-weight: 600; color: var(--muted); transition: border-color 0.3s; }
    li.done { border-color: var(--accent); }
    li[aria-current] { border-color: var(--accent); color: var(--ink); }
    .number { font-variant-numeric: tabular-nums; margin-right: var(--s1); }
  `];
  static override properties = { current: { type: Number } };
  /** 0 for the queue, 3 for the ticket. */
  declare current: number;

  constructor() {
    super();
    this.current = 0;
  }

  protected override render(): unknown {
    const words = texts().steps;
    const steps = [words.queue, words.seats, words.pay, words.ticket];
    return html`<ol aria-label=${words.label}>
      ${steps.map((name, index) => html`<li class=${index < this.current ? 'done' : ''} aria-current=${index === this.current ? 'step' : nothing}>
        <span class="number" aria-hidden="true">${index < this.current ? '✓' : index + 1}</span>${name}</li>`)}
    </ol>`;
  }
}

customElements.define('step-trail', StepTrail);
