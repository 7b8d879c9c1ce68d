/** `<ticket-stub>`: what one came for. */

import { LitElement, css, html, nothing, svg } from 'lit';
import type { Concert, Payment, Schedule } from '../api/types';
import { formatDateTime, formatMoney, formatNumber } from '../format';
import { texts } from '../i18n';
import { settings } from '../stores/settings';
import { Watch } from '../stores/store';
import { base } from './base';

/** Bars whose widths come from an id: an ornament, not a code to scan. */
export function barsOf(id: string): { x: number; width: number }[] {
  let x = 0;
  const bars = [];
  for (const digit of id.replaceAll('-', '')) {
    const value = Number.parseInt(digit, 16);
    bars.push({ x, width: 1 + (value % 4) });
    x += 2 + (value % 4) + (value >> 2);
  }
  return bars;
}

export class TicketStub extends LitElement {
  static override styles = [base, css`
    .stack { gap: var(--s5); }
    .ticket { position: relative; display: grid; grid-template-columns: 1fr 190px; color: #fff; background: linear-gradient(120deg, #2a1c78, #5a3ee6 55%, #a33fd0); border-radius: 20px; box-shadow: 0 18px 48px rgb(58 32 160 / 35%); animation: arrive 0.5s cubic-bezier(0.2, 0.9, 0.3, 1.1); overflow: hidden; }
    .main { padding: var(--s6); display: grid; gap: var(--s4); }
    .brand { font-weight: 750; letter-spacing: 0.02em; font-size: var(--t-small); }
    .title { font-size: clamp(1.75rem, 1.2rem + 2.4vw, 2.75rem); line-height: 1.05; font-weight: 780; letter-spacing: -0.03em; overflow-wrap: anywhere; }
    .facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(140px, 1fr)); gap: var(--s4); }
    .facts dt { color: rgb(255 255 255 / 86%); }
    .seat { white-space: nowrap; }
    .facts .seats { font-size: var(--t-lead); color: #ffd98a; }
    .stub { position: relative; border-left: 2px dashed rgb(255 255 255 / 45%); padding: var(--s5); display: grid; align-content: space-between; justify-items: center; gap: var(--s4); text-align: center; background: rgb(0 0 0 / 14%); }
    .stub::before, .stub::after { content: ''; position: absolute; left: -13px; width: 24px; height: 24px; border-radius: 50%; background: var(--paper); }
    .stub::before { top: -12px; } .stub::after { bottom: -12px; }
    .count { font-size: 3.5rem; line-height: 1; font-weight: 800; }
    .bars { width: 100%; height: 56px; fill: #fff; }
    .number { font-size: 0.75rem; font-variant-numeric: tabular-nums; letter-spacing: 0.04em; overflow-wrap: anywhere; }
    @keyframes arrive { from { opacity: 0; transform: translateY(24px) rotate(-1.5deg); } }
    @media (max-width: 640px) {
      .ticket { grid-template-columns: 1fr; } .main { padding: var(--s5); }
      .stub { border-left: 0; border-top: 2px dashed rgb(255 255 255 / 45%); }
      .stub::before { top: -13px; left: -12px; } .stub::after { top: -13px; bottom: auto; left: auto; right: -12px; }
    }
  `];
  static override properties = { concert: { attribute: false }, schedule: { attribute: false }, payment: { attribute: false } };
  declare concert: Concert | null;
  declare schedule: Schedule | null;
  declare payment: Payment | null;

  constructor() {
    super();
    Object.assign(this, { concert: null, schedule: null, payment: null });
    new Watch(this, settings);
  }

  protected override render(): unknown {
    const { payment } = this;
    if (payment === null) return nothing;
    const [words, { locale }] = [texts().ticket, settings.value];
    const bars = barsOf(payment.id);
    const end = bars.at(-1);
    return html`<div class="stack">
      <h2 tabindex="-1" class="heading">${words.title}</h2>
      <article class="ticket" aria-label=${words.title}>
        <div class="main">
          <p class="brand">FRONTROW</p>
          <p class="title">${this.concert?.title}</p>
          <dl class="facts">
            <div><dt>${words.when}</dt><dd>${this.schedule === null ? '' : formatDateTime(this.schedule.starts_at, locale)}</dd></div>
            <div><dt>${words.where}</dt><dd>${this.schedule?.venue}</dd></div>
            <div><dt>${words.seats}</dt><dd class="seats" data-testid="ticket-seats">${payment.seats.map((seat, index) => html`${index === 0 ? '' : ', '}<span class="seat">${seat.label}</span>`)}</dd></div>
            <div><dt>${words.paid}</dt><dd>${formatMoney(payment.amount, payment.currency, locale)}</dd></div>
          </dl>
        </div>
        <div class="stub">
          <div><p class="small">${words.admit}</p><p class="count">${formatNumber(payment.seats.length, locale)}</p></div>
          <svg class="bars" viewBox="0 0 ${end === undefined ? 1 : end.x + end.width} 10" preserveAspectRatio="none" aria-hidden="true">${bars.map((bar) => svg`<rect x=${bar.x} width=${bar.width} height="10" />`)}</svg>
          <p class="number"><span class="hidden">${words.number} </span>${payment.id.slice(-12).toUpperCase()}</p>
        </div>
      </article>
    </div>`;
  }
}

customElements.define('ticket-stub', TicketStub);
