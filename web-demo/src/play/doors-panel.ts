/** `<doors-panel>`: the last seconds before a sale opens, and the button that everybody wants to press first. Emits `join`. */

import { LitElement, css, html } from 'lit';
import { base, emit } from '../components/base';
import { formatNumber } from '../format';
import { texts } from '../i18n';
import { settings } from '../stores/settings';
import { Watch } from '../stores/store';

export class DoorsPanel extends LitElement {
  static override styles = [base, css`
    .card { display: grid; gap: var(--s5); justify-items: center; text-align: center; padding: var(--s6) var(--s5); }
    .count { font-size: clamp(4.5rem, 3rem + 9vw, 8rem); line-height: 1; min-height: 1em; font-weight: 780; letter-spacing: -0.05em; font-variant-numeric: tabular-nums; color: var(--accent-strong); }
    .count.open { color: var(--good); font-size: clamp(3rem, 2rem + 6vw, 5.5rem); line-height: 1.45; }
    button { width: min(100%, 420px); min-height: 72px; font-size: 1.35rem; border-radius: var(--radius); }
    button[aria-disabled='true'] { background: var(--line); border-color: var(--line); color: var(--muted); cursor: default; }
    button.ready { animation: call 0.9s ease-in-out infinite; }
    .title { display: grid; gap: var(--s1); }
    @keyframes call { 50% { box-shadow: 0 0 0 10px color-mix(in srgb, var(--accent) 22%, transparent); } }
  `];
  static override properties = { name: { type: String }, secondsLeft: { type: Number }, people: { type: Number }, loading: { type: Boolean }, busy: { type: Boolean } };
  /** What is sold. */
  declare name: string;
  /** Until it opens; 0 or less once it has. */
  declare secondsLeft: number;
  /** How many others come. */
  declare people: number;
  declare loading: boolean;
  declare busy: boolean;

  constructor() {
    super();
    Object.assign(this, { name: '', secondsLeft: 0, people: 0, loading: true, busy: false });
    new Watch(this, settings);
  }

  /** The button has the focus from the start, so that Enter is as quick as the mouse. */
  protected override firstUpdated(): void {
    this.renderRoot.querySelector('button')?.focus({ preventScroll: true });
  }

  protected override render(): unknown {
    const words = texts().play.doors;
    const open = !this.loading && this.secondsLeft <= 0;
    return html`<section class="card" aria-labelledby="title">
      <div class="title"><h2 id="title">${this.name}</h2><p class="muted">${this.loading ? words.loading : words.people(formatNumber(this.people, settings.value.locale))}</p></div>
      <div><p class="muted">${open ? ' ' : words.opens}</p>
        <p class="count ${open ? 'open' : ''}" data-testid="opens-in">${this.loading ? '…' : open ? words.now : Math.ceil(this.secondsLeft)}</p></div>
      <button class="primary ${open ? 'ready' : ''}" aria-disabled=${!open || this.busy} @click=${() => open && !this.busy && emit(this, 'join')}>${open ? words.join : words.wait}</button>
      <p class="muted small">${words.hint}</p>
      <p class="hidden" role="alert">${open ? words.said : ''}</p>
    </section>`;
  }
}

customElements.define('doors-panel', DoorsPanel);
