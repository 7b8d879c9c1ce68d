/** `<hex-value>`: a long value, shortened to look at and whole to copy. */

import { LitElement, css, html } from 'lit';
import { texts } from '../i18n';
import { settings } from '../stores/settings';
import { Watch } from '../stores/store';
import { base } from './base';

/** Characters shown at each end. */
const SHOWN = 8;

export class HexValue extends LitElement {
  static override styles = [base, css`
    code { font-size: var(--t-small); overflow-wrap: anywhere; }
    button { padding: 0 var(--s3); font-size: var(--t-small); }
  `];
  static override properties = { value: { type: String }, name: { type: String }, told: { state: true } };
  declare value: string;
  /** What the value is, for the button's label. */
  declare name: string;
  declare told: string;

  constructor() {
    super();
    Object.assign(this, { value: '', name: '', told: '' });
    new Watch(this, settings);
  }

  protected override render(): unknown {
    const { value } = this;
    const short = value.length <= 2 * SHOWN ? value : `${value.slice(0, SHOWN)}…${value.slice(-SHOWN)}`;
    return html`<span class="row"><code title=${value}>${short}</code>
      <button class="quiet" type="button" aria-label="${texts().draw.copy}: ${this.name}" @click=${this.copied}>${texts().draw.copy}</button>
      <span class="small muted" role="status">${this.told}</span></span>`;
  }

  /** The clipboard is there on secure origins only, and may be forbidden. */
  private readonly copied = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(this.value);
      this.told = texts().draw.copied;
    } catch {
      this.told = texts().draw.notCopied;
    }
  };
}

customElements.define('hex-value', HexValue);
