/** Tells screen readers what changed, but not more often than people can listen. */

import { LitElement, css, html } from 'lit';
import { base } from './base';

/** Milliseconds between two announcements. */
const EVERY_MS = 10_000;

export class LiveRegion extends LitElement {
  static override styles = [base, css`:host { position: absolute; }`];
  static override properties = { text: { type: String }, said: { state: true } };
  declare text: string;
  declare said: string;
  private saidAt = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.text = '';
    this.said = '';
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  protected override willUpdate(): void {
    if (this.text === this.said) return;
    clearTimeout(this.timer);
    const wait = this.saidAt + EVERY_MS - Date.now();
    if (wait > 0 && this.said !== '') {
      this.timer = setTimeout(() => this.requestUpdate(), wait);
      return;
    }
    this.saidAt = Date.now();
    this.said = this.text;
  }

  protected override render(): unknown {
    return html`<div class="hidden" role="status">${this.said}</div>`;
  }
}

customElements.define('live-region', LiveRegion);
