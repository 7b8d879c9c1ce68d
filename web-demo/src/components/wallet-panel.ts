/** `<wallet-panel>`: a balance, and charging it. Emits `charge` with an amount in minor units. */

import { LitElement, css, html, nothing } from 'lit';
import { formatMoney } from '../format';
import { texts } from '../i18n';
import { settings } from '../stores/settings';
import { Watch } from '../stores/store';
import { base, emit } from './base';

/** What a tap adds, in minor units. */
const PRESETS = [50_000, 100_000];

export class WalletPanel extends LitElement {
  static override styles = [base, css`
    .card { display: grid; gap: var(--s4); }
    .balance { font-size: 1.75rem; font-weight: 750; letter-spacing: -0.02em; line-height: 1.2; min-height: 1.2em; font-variant-numeric: tabular-nums; }
    form { display: grid; grid-template-columns: 1fr auto; gap: var(--s3); align-items: end; }
    .presets { display: flex; flex-wrap: wrap; gap: var(--s2); }
    .presets button { min-height: 40px; font-size: var(--t-small); padding: 0 var(--s3); }
    .missing { border-color: var(--accent); color: var(--accent-strong); }
  `];
  static override properties = { balance: { type: Number }, currency: { type: String }, required: { type: Number }, busy: { type: Boolean }, amount: { state: true } };
  /** Null when it was never charged. */
  declare balance: number | null;
  declare currency: string;
  /** What there is to pay; 0 for nothing. */
  declare required: number;
  declare busy: boolean;
  declare amount: string;

  constructor() {
    super();
    Object.assign(this, { balance: null, currency: 'KRW', required: 0, busy: false, amount: '' });
    new Watch(this, settings);
  }

  protected override render(): unknown {
    const words = texts().wallet;
    const money = (amount: number): string => formatMoney(amount, this.currency, settings.value.locale);
    const missing = Math.max(0, this.required - (this.balance ?? 0));
    const add = (amount: number): void => void (this.amount = String((Number(this.amount) || 0) + amount));
    return html`<section class="card" aria-labelledby="title">
      <div class="row between">
        <h3 id="title">${words.title}</h3>
        ${this.required === 0 ? nothing : missing > 0 ? html`<span class="chip warn">${words.missing(money(missing))}</span>` : html`<span class="chip good">${words.enough}</span>`}
      </div>
      <div><p class="muted small">${words.balance}</p><p class="balance" data-testid="balance">${this.balance === null ? words.empty : money(this.balance)}</p></div>
      <form @submit=${this.submitted}>
        <label>${words.amount}<input inputmode="numeric" autocomplete="off" pattern="[0-9]*" .value=${this.amount} @input=${(event: Event) => (this.amount = (event.target as HTMLInputElement).value)} /></label>
        <button ?disabled=${this.busy || !(Number(this.amount) > 0)}>${words.charge}</button>
      </form>
      <div class="presets">
        ${missing > 0 ? html`<button class="missing" @click=${() => (this.amount = String(missing))}>${words.exactly(money(missing))}</button>` : nothing}
        ${PRESETS.map((amount) => html`<button @click=${() => add(amount)}>${words.add(money(amount))}</button>`)}
      </div>
    </section>`;
  }

  private readonly submitted = (event: Event): void => {
    event.preventDefault();
    const amount = Number(this.amount);
    if (!(amount > 0)) return;
    emit(this, 'charge', amount);
    this.amount = '';
  };
}

customElements.define('wallet-panel', WalletPanel);
