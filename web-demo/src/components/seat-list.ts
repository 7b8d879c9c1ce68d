/** `<seat-list>`: the same seats as words, row by row. Emits `seat-toggle` with a seat's number. */

import { LitElement, css, html, nothing } from 'lit';
import type { Seat } from '../api/types';
import { formatMoney, formatNumber } from '../format';
import { texts } from '../i18n';
import { layOut, partsOf, type Row } from '../seats/geometry';
import { settings } from '../stores/settings';
import { Watch } from '../stores/store';
import { base, emit } from './base';

export class SeatList extends LitElement {
  static override styles = [base, css`
    .frame { max-height: min(68vh, 640px); overflow: auto; display: grid; gap: var(--s2); align-content: start; }
    h3 { padding: var(--s2) 0 0; }
    details { border: 1px solid var(--line); border-radius: var(--radius-small); }
    summary { min-height: 44px; display: flex; align-items: center; justify-content: space-between; padding: 0 var(--s4); cursor: pointer; font-weight: 600; }
    ul { display: flex; flex-wrap: wrap; gap: var(--s2); padding: 0 var(--s3) var(--s3); }
    li button { min-width: 52px; padding: 0 var(--s2); font-variant-numeric: tabular-nums; }
    button[aria-pressed='true'] { background: var(--seat-chosen); color: var(--on-seat-chosen); border-color: var(--seat-chosen); }
    button[aria-disabled='true'] { color: var(--muted); border-style: dashed; text-decoration: line-through; }
  `];
  static override properties = { seats: { attribute: false }, chosen: { attribute: false }, currency: { type: String }, open: { state: true } };
  declare seats: Seat[];
  declare chosen: ReadonlySet<number>;
  declare currency: string;
  /** First seats of the rows that are open: only their seats are drawn. */
  declare open: ReadonlySet<number>;

  constructor() {
    super();
    this.seats = [];
    this.chosen = new Set();
    this.currency = 'KRW';
    this.open = new Set();
    new Watch(this, settings);
  }

  protected override render(): unknown {
    const hall = layOut(this.seats);
    return html`<div class="frame">${hall.rows.map((row, index) => this.row(row, hall.rows[index - 1]))}</div>`;
  }

  private row(row: Row, before: Row | undefined): unknown {
    const [words, { locale }] = [texts().seats, settings.value];
    const seats = this.seats.slice(row.first, row.first + row.length);
    const free = seats.filter((seat) => seat.status === 'available').length;
    const price = formatMoney(seats[0]?.price ?? 0, this.currency, locale);
    const toggled = (event: Event): void => {
      const next = new Set(this.open);
      if ((event.target as HTMLDetailsElement).open) next.add(row.first);
      else next.delete(row.first);
      this.open = next;
    };
    return html`${before?.section === row.section ? nothing : html`<h3>${words.section(row.section)} <span class="muted">${price}</span></h3>`}
      <details @toggle=${toggled}>
        <summary>${words.row(row.name)} <span class="muted small figure">${words.free(formatNumber(free, locale))}</span></summary>
        ${this.open.has(row.first) ? html`<ul>${seats.map((seat) => this.seat(seat))}</ul>` : nothing}
      </details>`;
  }

  private seat(seat: Seat): unknown {
    const words = texts().seats;
    const parts = partsOf(seat.label);
    const chosen = this.chosen.has(seat.number);
    const gone = seat.status !== 'available' && !chosen;
    const state = chosen ? words.mine : words[seat.status];
    return html`<li><button aria-pressed=${chosen} aria-disabled=${gone} aria-label="${words.describe(parts.section, parts.row, parts.seat)}, ${state}"
      @click=${() => emit(this, 'seat-toggle', seat.number)}>${parts.seat}</button></li>`;
  }
}

customElements.define('seat-list', SeatList);
