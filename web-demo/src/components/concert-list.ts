/** `<concert-list>`: what is on sale. Emits `join` with the concert and whether a crowd comes along. */

import { LitElement, css, html, nothing } from 'lit';
import type { Concert } from '../api/types';
import { formatClock, formatDateTime, formatDuration, formatNumber } from '../format';
import { texts } from '../i18n';
import { wallClock, type Clock } from '../stores/clock';
import { settings } from '../stores/settings';
import { Watch } from '../stores/store';
import { Ticking, base, emit } from './base';

export interface Joining {
  concert: Concert;
  crowd: boolean;
}

export class ConcertList extends LitElement {
  static override styles = [base, css`
    .list { display: grid; gap: var(--s4); min-height: 240px; align-content: start; }
    article { display: grid; grid-template-columns: 1fr auto; gap: var(--s4) var(--s5); align-items: center; }
    article h2 { overflow-wrap: anywhere; }
    .facts { display: flex; flex-wrap: wrap; gap: var(--s1) var(--s4); }
    .join { min-width: 180px; }
    .way { display: grid; gap: var(--s2); justify-items: center; text-align: center; }
    .crowd .muted { font-weight: 400; }
    .crowd { display: flex; gap: var(--s3); align-items: center; font-size: var(--t-body); min-height: 44px; cursor: pointer; }
    .crowd input { width: 22px; min-height: 22px; height: 22px; accent-color: var(--accent); margin: 0; flex: none; }
    @media (max-width: 640px) { article { grid-template-columns: 1fr; } .join { width: 100%; } .way { justify-items: stretch; } }
  `];
  static override properties = { concerts: { attribute: false }, busy: { type: Boolean }, crowdSize: { type: Number }, clock: { attribute: false }, crowd: { state: true } };
  /** Null until they are known. */
  declare concerts: Concert[] | null;
  declare busy: boolean;
  declare crowdSize: number;
  declare clock: Clock;
  declare crowd: boolean;

  constructor() {
    super();
    Object.assign(this, { concerts: null, busy: false, crowdSize: 0, clock: wallClock, crowd: true });
    new Watch(this, settings);
    // A queue opens while one looks.
    new Ticking(this);
  }

  protected override render(): unknown {
    const words = texts().lobby;
    if (this.concerts === null) return html`<div class="list"><p class="muted" role="status">${words.loading}</p></div>`;
    if (this.concerts.length === 0) return html`<div class="list"><p class="card">${words.empty}</p></div>`;
    return html`<div class="list">
      ${this.crowdSize === 0 ? nothing : html`<label class="crowd"><input type="checkbox" .checked=${this.crowd} @change=${(event: Event) => (this.crowd = (event.target as HTMLInputElement).checked)} />
        <span>${words.crowd}. <span class="muted">${words.crowdHint(formatNumber(this.crowdSize, settings.value.locale))}</span></span></label>`}
      ${this.concerts.map((concert) => this.concert(concert))}
    </div>`;
  }

  private concert(concert: Concert): unknown {
    const [words, { locale }] = [texts(), settings.value];
    const { admission, holds, state, prequeue } = concert;
    const over = state === 'closed' || state === 'sold_out';
    const opensIn = prequeue === null ? 0 : (Date.parse(prequeue.opens_at) - this.clock.now()) / 1000;
    const shut = opensIn > 0;
    const tone = state === 'open' ? 'good' : over ? 'bad' : 'warn';
    return html`<article class="card">
      <div class="stack">
        <div class="row"><h2>${concert.title}</h2><span class="chip ${tone}">${words.state[state]}</span>${concert.draining && !over ? html`<span class="chip warn">${words.draining}</span>` : nothing}</div>
        <p class="facts muted small">
          ${state === 'scheduled' ? html`<span>${words.lobby.opens(formatDateTime(concert.sale_opens_at, locale))}</span>` : nothing}
          ${prequeue === null || state !== 'scheduled' ? nothing : html`<span>${words.draw.lobby.joining(formatDateTime(prequeue.opens_at, locale))}</span><span>${words.draw.lobby[prequeue.draw]}</span>`}
          <span>${words.lobby.pace(formatNumber(admission.batch_size, locale), formatDuration(admission.interval_seconds, locale))}</span>
          ${admission.max_active === null ? nothing : html`<span>${words.lobby.cap(formatNumber(admission.max_active, locale))}</span>`}
          <span>${words.lobby.hold(formatDuration(holds.hold_seconds, locale), formatNumber(holds.max_seats_per_user, locale))}</span>
        </p>
      </div>
      <div class="way">
        <button class="primary wide join" aria-describedby=${shut ? `why-${concert.id}` : nothing} ?disabled=${this.busy || over || shut} @click=${() => emit<Joining>(this, 'join', { concert, crowd: this.crowd && this.crowdSize > 0 })}>${this.busy ? words.lobby.joining : words.lobby.join}</button>
        ${shut ? html`<p class="small muted figure" id="why-${concert.id}">${words.draw.lobby.notYet(formatClock(opensIn))}</p>` : nothing}
      </div>
    </article>`;
  }
}

customElements.define('concert-list', ConcertList);
