/** `<draw-panel>`: the wait until places are drawn, in which nobody has one. Emits `leave`. */

import { LitElement, css, html, nothing } from 'lit';
import type { Concert, QueueToken } from '../api/types';
import { formatClock, formatNumber, formatTime } from '../format';
import { texts } from '../i18n';
import { wallClock, type Clock } from '../stores/clock';
import { settings } from '../stores/settings';
import { Watch } from '../stores/store';
import { Ticking, base, emit } from './base';
import './hex-value';
import './live-region';

export class DrawPanel extends LitElement {
  static override styles = [base, css`
    .card { display: grid; gap: var(--s4); }
    .top { display: grid; gap: var(--s2); justify-items: center; text-align: center; padding: var(--s2) 0 0; }
    .number { font-size: clamp(3rem, 2rem + 5vw, 5rem); line-height: 1.1; font-weight: 780; letter-spacing: -0.05em; font-variant-numeric: tabular-nums; color: var(--accent-strong); }
    dl { display: grid; grid-template-columns: repeat(3, 1fr); gap: var(--s3); }
    dl > div, .bound { background: var(--raised); border: 1px solid var(--line); border-radius: var(--radius-small); padding: var(--s3); }
    dl dd { font-size: var(--t-lead); }
    .bound { display: grid; gap: var(--s2); overflow-wrap: anywhere; }
    .notice { background: var(--warn-soft); border-radius: var(--radius-small); padding: var(--s3) var(--s4); font-weight: 600; text-align: center; overflow-wrap: anywhere; }
    .leave { justify-self: end; }
    @media (max-width: 600px) { dl { grid-template-columns: 1fr; } }
  `];
  static override properties = { place: { attribute: false }, readAt: { type: Number }, concert: { attribute: false }, busy: { type: Boolean }, clock: { attribute: false } };
  declare place: QueueToken | null;
  /** When `place` was read, in milliseconds of `clock`. */
  declare readAt: number;
  declare concert: Concert | null;
  declare busy: boolean;
  declare clock: Clock;

  constructor() {
    super();
    Object.assign(this, { place: null, readAt: 0, concert: null, busy: false, clock: wallClock });
    new Watch(this, settings);
    new Ticking(this);
  }

  protected override render(): unknown {
    const { place, concert } = this;
    const lot = place?.lot ?? null;
    if (place === null || lot === null || concert === null) return nothing;
    const [words, { locale }] = [texts().draw, settings.value];
    const arrival = formatNumber(lot.arrival_number, locale);
    return html`<section class="card" aria-labelledby="title">
      <div class="top">
        <h2 id="title">${words.title}</h2>
        <p class="muted">${words.arrival}</p>
        <p class="number" data-testid="arrival">${arrival}</p>
        <p>${words.lead}</p>
      </div>
      <div role="status">${place.notice === null ? nothing : html`<p class="notice" data-testid="notice">${place.notice}</p>`}</div>
      <live-region .text=${words.say(arrival)}></live-region>
      <dl>
        <div><dt>${words.until}</dt><dd data-testid="until-draw">${this.untilDraw(place, concert)}</dd></div>
        <div><dt>${words.at}</dt><dd>${formatTime(concert.sale_opens_at, locale)}</dd></div>
        <div><dt>${texts().queue.waiting}</dt><dd>${formatNumber(place.waiting, locale)}</dd></div>
      </dl>
      ${this.bound(concert)}
      <button class="quiet leave" ?disabled=${this.busy} @click=${() => emit(this, 'leave')}>${texts().queue.leave}</button>
    </section>`;
  }

  /** Counted by the server's clock; a draw with a beacon waits for its value. */
  private untilDraw(place: QueueToken, concert: Concert): string {
    const words = texts().draw;
    const left = (Date.parse(concert.sale_opens_at) - Date.parse(place.server_time) - (this.clock.now() - this.readAt)) / 1000;
    if (left >= 1) return formatClock(left);
    const beacon = concert.prequeue?.beacon ?? null;
    return beacon === null || left > 0 ? words.soon : words.awaited(beacon);
  }

  /** What the draw is bound to, so that nobody can choose its outcome. */
  private bound({ prequeue }: Concert): unknown {
    const words = texts().draw;
    if (prequeue === null) return nothing;
    const { commitment, beacon } = prequeue;
    return html`${commitment === null ? nothing : html`<div class="bound"><h3>${words.commitment}</h3><p class="small muted">${words.commitmentLead}</p>
        <hex-value data-testid="commitment" .name=${words.commitment} .value=${commitment}></hex-value></div>`}
      ${beacon === null ? nothing : html`<div class="bound"><h3>${words.beacon}: ${beacon}</h3><p class="small muted">${words.beaconLead}</p></div>`}`;
  }
}

customElements.define('draw-panel', DrawPanel);
