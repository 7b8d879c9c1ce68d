/** `<queue-panel>`: one's place in line as it falls. Emits `leave`. */

import { LitElement, css, html, nothing } from 'lit';
import type { QueueToken } from '../api/types';
import { formatClock, formatDuration, formatNumber } from '../format';
import { texts } from '../i18n';
import { wallClock, type Clock } from '../stores/clock';
import type { Statistics, TrailPoint } from '../stores/journey-state';
import { settings } from '../stores/settings';
import { Watch } from '../stores/store';
import { Ticking, base, emit } from './base';
import './line-chart';
import './line-strip';
import './live-region';

export class QueuePanel extends LitElement {
  static override styles = [base, css`
    .card { display: grid; gap: var(--s4); }
    .top { display: grid; gap: var(--s2); justify-items: center; text-align: center; padding: var(--s2) 0 0; }
    .place { font-size: clamp(4rem, 3rem + 6vw, 6.5rem); line-height: 1; font-weight: 780; letter-spacing: -0.05em; font-variant-numeric: tabular-nums; color: var(--accent-strong); }
    dl { display: grid; grid-template-columns: repeat(4, 1fr); gap: var(--s3); }
    dl > div { background: var(--raised); border: 1px solid var(--line); border-radius: var(--radius-small); padding: var(--s3); min-height: 76px; }
    dd { font-size: var(--t-lead); }
    .notice { background: var(--warn-soft); border-radius: var(--radius-small); padding: var(--s3) var(--s4); font-weight: 600; text-align: center; overflow-wrap: anywhere; }
    .foot { display: flex; gap: var(--s4); align-items: center; justify-content: space-between; }
    @media (max-width: 720px) { dl { grid-template-columns: 1fr 1fr; } .foot { display: grid; justify-items: center; text-align: center; } }
  `];
  static override properties = { place: { attribute: false }, readAt: { type: Number }, trail: { attribute: false }, statistics: { attribute: false }, busy: { type: Boolean }, clock: { attribute: false } };
  declare place: QueueToken | null;
  /** When `place` was read, in milliseconds of `clock`. */
  declare readAt: number;
  declare trail: TrailPoint[];
  declare statistics: Statistics | null;
  declare busy: boolean;
  declare clock: Clock;

  constructor() {
    super();
    this.place = null;
    this.readAt = 0;
    this.trail = [];
    this.statistics = null;
    this.busy = false;
    this.clock = wallClock;
    new Watch(this, settings);
    new Ticking(this);
  }

  protected override render(): unknown {
    const { place, statistics } = this;
    if (place === null) return nothing;
    const [words, { locale }] = [texts().queue, settings.value];
    const since = (this.clock.now() - this.readAt) / 1000;
    const number = (value: number): string => formatNumber(value, locale);
    const duration = (seconds: number | null | undefined): string => (seconds === null || seconds === undefined ? words.unknown : formatDuration(seconds, locale));
    const position = place.position ?? 0;
    const eta = place.eta_seconds === null ? null : Math.max(0, place.eta_seconds - since);
    const next = place.next_admission_in_seconds === null ? null : place.next_admission_in_seconds - since;
    const paused = place.concert_state === 'paused';
    const said = words.say(number(position), place.eta_seconds === null ? '' : words.sayEta(duration(place.eta_seconds)));
    return html`<section class="card" aria-labelledby="title">
      <div class="top">
        <h2 id="title">${words.title}</h2>
        <p class="muted">${words.position}</p>
        <p class="place" data-testid="position">${number(position)}</p>
        <p>${position > 1 ? words.ahead(number(position - 1)) : words.next}</p>
      </div>
      <div role="status">${place.notice === null ? nothing : html`<p class="notice" data-testid="notice">${place.notice}</p>`}</div>
      <live-region .text=${said}></live-region>
      <line-strip .position=${position} .first=${statistics?.joinedPosition ?? position} .waiting=${place.waiting}></line-strip>
      <dl>
        <div><dt>${words.eta}</dt><dd data-testid="eta">${eta === null ? words.unknown : eta < 1 ? words.atOnce : duration(eta)}</dd></div>
        <div><dt>${words.quoted}</dt><dd>${duration(statistics?.quotedSeconds)}</dd></div>
        <div><dt>${words.waited}</dt><dd>${duration(statistics === null ? 0 : (this.clock.now() - statistics.joinedAt) / 1000)}</dd></div>
        <div><dt>${words.admission}</dt><dd>${paused ? texts().state.paused : next === null ? words.unknown : next < 1 ? words.atOnce : formatClock(next)}</dd></div>
      </dl>
      <line-chart label=${words.trail} .curves=${[{ points: this.points(position), tone: 1, stepped: true }]}></line-chart>
      <div class="foot">
        <p class="muted small">${paused ? words.paused : words.stay} ${words.waiting}: <span class="figure">${number(place.waiting)}</span></p>
        <button class="quiet" ?disabled=${this.busy} @click=${() => emit(this, 'leave')}>${words.leave}</button>
      </div>
    </section>`;
  }

  /** The trail up to this moment. */
  private points(position: number): [number, number][] {
    const points = this.trail.map((point): [number, number] => [point.at, point.position]);
    return [...points, [this.clock.now(), position]];
  }
}

customElements.define('queue-panel', QueuePanel);
