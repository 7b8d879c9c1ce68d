/** `<hold-panel>`: seats that are held, and the button that buys them. Emits `pay`, `release` and `lapsed`. */

import { LitElement, css, html, nothing } from 'lit';
import type { Reservation } from '../api/types';
import { formatMoney } from '../format';
import { texts } from '../i18n';
import { partsOf } from '../seats/geometry';
import { wallClock, type Clock } from '../stores/clock';
import { settings } from '../stores/settings';
import { Watch } from '../stores/store';
import { base, emit } from './base';
import './hold-countdown';

export class HoldPanel extends LitElement {
  static override styles = [base, css`
    .card { display: grid; gap: var(--s5); }
    li { display: flex; justify-content: space-between; gap: var(--s3); padding: var(--s3) 0; border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums; }
    .sum { display: flex; justify-content: space-between; align-items: baseline; font-weight: 700; font-size: var(--t-title); letter-spacing: -0.02em; }
    .actions { display: grid; gap: var(--s2); }
  `];
  static override properties = { reservation: { attribute: false }, endsAt: { type: Number }, total: { type: Number }, payable: { type: Boolean }, busy: { type: Boolean }, clock: { attribute: false } };
  declare reservation: Reservation | null;
  declare endsAt: number;
  declare total: number;
  /** Whether the balance is enough. */
  declare payable: boolean;
  declare busy: boolean;
  declare clock: Clock;

  constructor() {
    super();
    Object.assign(this, { reservation: null, endsAt: 0, total: 1, payable: false, busy: false, clock: wallClock });
    new Watch(this, settings);
  }

  protected override render(): unknown {
    const { reservation } = this;
    if (reservation === null) return nothing;
    const [words, { locale }] = [texts(), settings.value];
    const sum = formatMoney(reservation.amount, reservation.currency, locale);
    return html`<section class="card" aria-labelledby="title">
      <h2 id="title">${words.hold.title}</h2>
      <hold-countdown .endsAt=${this.endsAt} .total=${this.total} .clock=${this.clock}></hold-countdown>
      <div>
        <h3>${words.hold.seats}</h3>
        <ul>${reservation.seats.map((seat) => {
          const parts = partsOf(seat.label);
          return html`<li><span>${words.seats.describe(parts.section, parts.row, parts.seat)}</span><span>${formatMoney(seat.price, reservation.currency, locale)}</span></li>`;
        })}</ul>
      </div>
      <p class="sum"><span>${words.hold.sum}</span><span class="figure">${sum}</span></p>
      <div class="actions">
        <button class="primary wide" ?disabled=${this.busy || !this.payable} @click=${() => emit(this, 'pay')}>${words.hold.pay(sum)}</button>
        <button class="quiet" ?disabled=${this.busy} @click=${() => emit(this, 'release')}>${words.hold.release}</button>
      </div>
    </section>`;
  }
}

customElements.define('hold-panel', HoldPanel);
