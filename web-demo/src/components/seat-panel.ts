/**
 * `<seat-panel>`: choosing seats, on a map or in a list. Emits `seat-toggle`, `seats-clear`,
 * `seats-hold`, `seats-best` with a count, and `schedule-choose`.
 */

import { LitElement, css, html, nothing } from 'lit';
import type { Schedule, Seat } from '../api/types';
import { formatClock, formatDateTime, formatMoney, formatNumber } from '../format';
import { texts } from '../i18n';
import { wallClock, type Clock } from '../stores/clock';
import { settings } from '../stores/settings';
import { Watch } from '../stores/store';
import { Ticking, base, emit } from './base';
import './live-region';
import './seat-list';
import './seat-map';

const ZOOM_MAX = 3;
const ZOOM_STEP = 0.5;

export class SeatPanel extends LitElement {
  static override styles = [base, css`
    .card { display: grid; gap: var(--s4); grid-template-columns: minmax(0, 1fr); }
    .head { display: flex; flex-wrap: wrap; gap: 0 var(--s4); align-items: baseline; }
    .switch { display: inline-flex; border: 1px solid var(--line-strong); border-radius: var(--radius-small); padding: 3px; gap: 3px; }
    .switch button { min-height: 36px; border: 0; background: none; padding: 0 var(--s3); }
    .switch button[aria-pressed='true'] { background: var(--accent); color: var(--on-accent); }
    .legend { display: flex; flex-wrap: wrap; gap: var(--s2) var(--s4); font-size: var(--t-small); }
    .legend li { display: inline-flex; align-items: center; gap: var(--s2); }
    .dot { width: 16px; height: 16px; border-radius: 5px; }
    .tone0 { background: var(--seat-1); } .tone1 { background: var(--seat-2); } .tone2 { background: var(--seat-3); } .tone3 { background: var(--seat-4); }
    .held { border: 2px solid var(--seat-held); background: linear-gradient(to top right, transparent 44%, var(--seat-held) 44% 56%, transparent 56%); }
    .sold { background: var(--seat-sold); }
    .mine { background: var(--seat-chosen); color: var(--on-seat-chosen); display: grid; place-items: center; font-size: 11px; font-weight: 800; }
    .tray { position: sticky; bottom: 0; background: var(--surface); border-top: 1px solid var(--line); margin: 0 calc(-1 * var(--s5)) calc(-1 * var(--s5)); padding: var(--s4) var(--s5); border-radius: 0 0 var(--radius) var(--radius); display: flex; align-items: center; justify-content: space-between; gap: var(--s3); flex-wrap: wrap; min-height: 84px; }
    .sum { display: grid; gap: 2px; flex: 1 1 160px; min-height: 46px; align-content: center; }
    .labels { font-size: var(--t-small); color: var(--muted); }
    .square { width: 44px; padding: 0; font-size: 1.25rem; }
    select { max-width: 100%; }
    .tools { display: flex; gap: var(--s2); }
    .body, .side { display: contents; }
    .hall { display: grid; gap: var(--s3); grid-template-columns: minmax(0, 1fr); }
    @media (min-width: 1000px) {
      .body { display: grid; grid-template-columns: minmax(0, 1fr) 248px; gap: var(--s5); align-items: start; }
      .side { display: grid; gap: var(--s5); position: sticky; top: var(--s4); }
      .legend { display: grid; gap: var(--s2); }
      .legend .figure { margin-left: auto; }
      .tray { position: static; margin: 0; padding: var(--s4) 0 0; border-radius: 0; display: grid; grid-template-columns: minmax(0, 1fr); align-content: start; min-height: 168px; }
      .tray .row { display: grid; gap: var(--s2); grid-template-columns: minmax(0, 1fr); }
      .tray .row .primary { order: -1; min-height: 52px; }
    }
    @media (max-width: 600px) { .card { gap: var(--s3); } .left { order: 3; width: 100%; } .tray { margin: 0 calc(-1 * var(--s4)) calc(-1 * var(--s4)); padding: var(--s3) var(--s4); } .tray .row { width: 100%; } .tray .row .primary { flex: 1; } }
  `];
  static override properties = {
    schedules: { attribute: false }, schedule: { attribute: false }, seats: { attribute: false }, chosen: { attribute: false }, currency: { type: String },
    most: { type: Number }, gone: { type: Number }, closesAt: { attribute: false }, busy: { type: Boolean }, clock: { attribute: false }, listed: { state: true }, zoom: { state: true },
  };
  declare schedules: Schedule[];
  declare schedule: Schedule | null;
  declare seats: Seat[];
  declare chosen: ReadonlySet<number>;
  declare currency: string;
  /** Seats that one person may have. */
  declare most: number;
  /** Seats that others took since this visitor came in. */
  declare gone: number;
  /** When choosing ends, in milliseconds of `clock`. */
  declare closesAt: number | null;
  declare busy: boolean;
  declare clock: Clock;
  declare listed: boolean;
  declare zoom: number;
  private free = 0;
  private prices = new Map<string, number>();

  constructor() {
    super();
    Object.assign(this, { schedules: [], schedule: null, seats: [], chosen: new Set(), currency: 'KRW', most: 1, gone: 0, closesAt: null, busy: false, clock: wallClock, listed: false, zoom: 1 });
    new Watch(this, settings);
    new Ticking(this);
  }

  /** Halls are large: they are counted when seats change, not with every tick of the countdown. */
  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('seats')) return;
    this.free = 0;
    for (const seat of this.seats) if (seat.status === 'available') this.free += 1;
    const before = changed.get('seats') as Seat[] | undefined;
    if (before?.length !== this.seats.length) this.prices = new Map(this.seats.map((seat) => [seat.section, seat.price]));
  }

  protected override render(): unknown {
    const [words, { locale }] = [texts().seats, settings.value];
    const number = (value: number): string => formatNumber(value, locale);
    const { free } = this;
    const left = this.closesAt === null ? null : (this.closesAt - this.clock.now()) / 1000;
    return html`<section class="card" aria-labelledby="title">
      <div class="row between">
        <div class="head"><h2 id="title">${words.title}</h2>${this.date()}</div>
        ${left === null ? nothing : html`<span class="chip figure">${words.until} ${formatClock(left)}</span>`}
      </div>
      <live-region .text=${this.seats.length === 0 ? '' : words.left(number(free))}></live-region>
      ${this.dates()}
      <div class="body">
        <div class="hall">
          <div class="row between">
            <div class="switch" role="group" aria-label=${words.view}>
              <button aria-pressed=${!this.listed} @click=${() => (this.listed = false)}>${words.map}</button>
              <button aria-pressed=${this.listed} @click=${() => (this.listed = true)}>${words.list}</button>
            </div>
            <p class="small left"><strong class="figure" data-testid="free">${words.left(number(free))}</strong> <span class="muted figure">${words.taken(number(this.gone))}</span></p>
            <div class="tools">
              <button class="square" aria-label=${words.zoomOut} ?disabled=${this.listed || this.zoom <= 1} @click=${() => (this.zoom -= ZOOM_STEP)}>−</button>
              <button class="square" aria-label=${words.zoomIn} ?disabled=${this.listed || this.zoom >= ZOOM_MAX} @click=${() => (this.zoom += ZOOM_STEP)}>+</button>
            </div>
          </div>
          ${this.listed
            ? html`<seat-list .seats=${this.seats} .chosen=${this.chosen} .currency=${this.currency}></seat-list>`
            : html`<seat-map .seats=${this.seats} .chosen=${this.chosen} .currency=${this.currency} .zoom=${this.zoom}></seat-map>`}
        </div>
        <div class="side">${this.legend()} ${this.tray()}</div>
      </div>
    </section>`;
  }

  private date(): unknown {
    return this.schedule === null || this.schedules.length > 1 ? nothing : html`<p class="muted small">${said(this.schedule)}</p>`;
  }

  private dates(): unknown {
    if (this.schedules.length < 2) return nothing;
    const choose = (event: Event): void => {
      const id = (event.target as HTMLSelectElement).value;
      emit(this, 'schedule-choose', this.schedules.find((one) => one.id === id));
    };
    return html`<label>${texts().seats.dates}
      <select @change=${choose}>${this.schedules.map((one) => html`<option value=${one.id} ?selected=${one.id === this.schedule?.id}>${said(one)}</option>`)}</select></label>`;
  }

  private legend(): unknown {
    const [words, { locale }] = [texts().seats, settings.value];
    return html`<ul class="legend" aria-label=${words.legend}>
      ${[...this.prices].map(([section, price], index) => html`<li><span class="dot tone${index % 4}"></span>${words.section(section)} <span class="muted figure">${formatMoney(price, this.currency, locale)}</span></li>`)}
      <li><span class="dot mine">✓</span>${words.mine}</li><li><span class="dot held"></span>${words.held}</li><li><span class="dot sold"></span>${words.sold}</li>
    </ul>`;
  }

  private tray(): unknown {
    const [words, { locale }] = [texts().seats, settings.value];
    const chosen = [...this.chosen].sort((a, b) => a - b).flatMap((number) => this.seats[number - 1] ?? []);
    const sum = chosen.reduce((total, seat) => total + seat.price, 0);
    const best = Math.min(2, this.most);
    return html`<div class="tray">
      <div class="sum">
        <strong class="figure">${chosen.length === 0 ? words.none : `${words.chosen(formatNumber(chosen.length, locale))} · ${formatMoney(sum, this.currency, locale)}`}</strong>
        <span class="labels">${chosen.length === 0 ? words.limit(formatNumber(this.most, locale)) : chosen.map((seat) => seat.label).join(', ')}</span>
      </div>
      <div class="row">
        ${chosen.length === 0
          ? html`<button ?disabled=${this.busy} @click=${() => emit(this, 'seats-best', best)}>${words.bestCount(formatNumber(best, locale))}</button>`
          : html`<button class="quiet" @click=${() => emit(this, 'seats-clear')}>${words.clear}</button>`}
        <button class="primary" ?disabled=${this.busy || chosen.length === 0} @click=${() => emit(this, 'seats-hold')}>${words.hold}</button>
      </div>
    </div>`;
  }
}

function said(one: Schedule): string {
  return `${formatDateTime(one.starts_at, settings.value.locale)} · ${one.venue}`;
}

customElements.define('seat-panel', SeatPanel);
