/** `<hold-countdown>`: the time that is left to pay. Emits `lapsed` once when there is none. */

import { LitElement, css, html } from 'lit';
import { formatClock, formatDuration } from '../format';
import { texts } from '../i18n';
import { wallClock, type Clock } from '../stores/clock';
import { secondsLeft } from '../stores/journey-state';
import { settings } from '../stores/settings';
import { Watch } from '../stores/store';
import { Ticking, base, emit } from './base';
import './live-region';

/** Seconds that are shown as urgent. */
const URGENT = 60;
const ROUND = 2 * Math.PI * 54;

export class HoldCountdown extends LitElement {
  static override styles = [base, css`
    .clock { position: relative; width: 168px; height: 168px; margin: 0 auto; display: grid; place-items: center; }
    svg { position: absolute; inset: 0; transform: rotate(-90deg); }
    circle { fill: none; stroke-width: 7; stroke: var(--line); }
    circle.left { stroke: var(--accent); stroke-linecap: round; transition: stroke-dashoffset 1s linear; }
    .urgent circle.left { stroke: var(--bad); }
    .urgent .time { color: var(--bad); }
    .time { font-size: 2.75rem; line-height: 1; font-weight: 750; letter-spacing: -0.03em; font-variant-numeric: tabular-nums; }
    .words { text-align: center; display: grid; gap: var(--s1); }
  `];
  static override properties = { endsAt: { type: Number }, total: { type: Number }, clock: { attribute: false } };
  /** In milliseconds of `clock`. */
  declare endsAt: number;
  /** Seconds that the hold lasts in all. */
  declare total: number;
  declare clock: Clock;
  private lapsed = false;

  constructor() {
    super();
    this.endsAt = 0;
    this.total = 1;
    this.clock = wallClock;
    new Watch(this, settings);
    new Ticking(this);
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('endsAt')) this.lapsed = false;
  }

  protected override updated(): void {
    if (this.endsAt > 0 && !this.lapsed && secondsLeft(this.endsAt, this.clock.now()) === 0) {
      this.lapsed = true;
      emit(this, 'lapsed');
    }
  }

  protected override render(): unknown {
    const left = secondsLeft(this.endsAt, this.clock.now());
    const words = texts().hold;
    // Said by the minute, and by ten seconds at the end.
    const step = left > URGENT ? 60 : 10;
    const said = words.say(formatDuration(Math.ceil(left / step) * step, settings.value.locale));
    return html`<div class="clock ${left < URGENT ? 'urgent' : ''}" role="timer" aria-label=${words.left}>
        <svg viewBox="0 0 120 120" aria-hidden="true"><circle cx="60" cy="60" r="54" />
          <circle class="left" cx="60" cy="60" r="54" stroke-dasharray=${ROUND} stroke-dashoffset=${ROUND * (1 - Math.min(1, left / this.total))} /></svg>
        <div class="words"><span class="time" data-testid="countdown">${formatClock(left)}</span><span class="small muted">${words.left}</span></div>
      </div>
      <live-region .text=${said}></live-region>`;
  }
}

customElements.define('hold-countdown', HoldCountdown);
