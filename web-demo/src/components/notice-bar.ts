/** `<notice-bar>`: a refusal in the visitor's language. It floats, so that nothing jumps when it comes. */

import { LitElement, css, html, nothing } from 'lit';
import type { Problem } from '../api/problem';
import { problemText, texts } from '../i18n';
import { base, emit } from './base';

export class NoticeBar extends LitElement {
  static override styles = [base, css`
    :host { position: fixed; inset: var(--s8) 0 auto; display: grid; justify-items: center; pointer-events: none; z-index: 10; padding: 0 var(--s4); }
    .bar { pointer-events: auto; display: flex; gap: var(--s3); align-items: center; background: var(--ink); color: var(--paper); border-radius: var(--radius); padding: var(--s2) var(--s2) var(--s2) var(--s4); box-shadow: var(--shadow); max-width: 560px; animation: rise 0.25s ease-out; }
    .mark { flex: none; width: 24px; height: 24px; border-radius: 50%; background: var(--gold); color: var(--on-gold); display: grid; place-items: center; font-weight: 800; }
    p { font-weight: 600; }
    .more { font-weight: 400; opacity: 0.85; }
    button { flex: none; background: transparent; border-color: transparent; color: inherit; padding: 0 var(--s3); }
    button:hover { background: transparent; border-color: currentColor; }
    @keyframes rise { from { opacity: 0; transform: translateY(-12px); } }
  `];
  static override properties = { problem: { attribute: false }, more: { type: String } };
  declare problem: Pick<Problem, 'code' | 'detail'> | null;
  /** What is added to the refusal, such as the seats it is about. */
  declare more: string;

  constructor() {
    super();
    this.problem = null;
    this.more = '';
  }

  protected override render(): unknown {
    const said = this.problem === null ? '' : problemText(this.problem);
    return html`<div role="alert">${said === '' ? nothing : html`
      <div class="bar">
        <span class="mark" aria-hidden="true">!</span>
        <p>${said} <span class="more">${this.more}</span></p>
        <button @click=${() => emit(this, 'dismiss')}>${texts().close}</button>
      </div>`}</div>`;
  }
}

customElements.define('notice-bar', NoticeBar);
