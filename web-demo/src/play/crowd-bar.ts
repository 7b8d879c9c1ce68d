/** `<crowd-bar>`: what everybody else does right now, and how fast time passes. Emits `speed` with simulated seconds in a second. */

import { LitElement, css, html, nothing } from 'lit';
import { base, emit } from '../components/base';
import { formatClock, formatNumber } from '../format';
import { texts } from '../i18n';
import { settings } from '../stores/settings';
import { Watch } from '../stores/store';
import { SPEEDS, type Crowd } from './game';

export class CrowdBar extends LitElement {
  static override styles = [base, css`
    .card { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: var(--s3) var(--s5); align-items: center; padding: var(--s3) var(--s5); }
    dl { display: grid; grid-template-columns: repeat(5, minmax(0, 1fr)); gap: var(--s3); }
    dd { font-size: var(--t-lead); letter-spacing: -0.02em; line-height: 1.25; }
    .bar { grid-column: 1 / -1; display: block; width: 100%; height: 8px; border-radius: 4px; background: var(--seat-sold); overflow: hidden; }
    .sold { fill: var(--accent); } .held { fill: var(--gold); }
    .speeds { display: inline-flex; border: 1px solid var(--line-strong); border-radius: var(--radius-small); padding: 3px; gap: 2px; }
    .speeds button { min-height: 38px; min-width: 44px; border: 0; background: none; padding: 0 var(--s2); font-variant-numeric: tabular-nums; }
    .speeds button:hover { background: var(--accent-soft); }
    .speeds button[aria-pressed='true'] { background: var(--accent); color: var(--on-accent); }
    @media (max-width: 760px) {
      .card { grid-template-columns: minmax(0, 1fr); padding: var(--s3) var(--s4); }
      dl { gap: var(--s2); } dd { font-size: var(--t-body); } dt { font-size: 0.75rem; }
      .speeds { display: grid; grid-template-columns: repeat(5, 1fr); }
    }
    @media (max-width: 420px) { dl { grid-template-columns: repeat(4, minmax(0, 1fr)); } .since { display: none; } }
  `];
  static override properties = { crowd: { attribute: false }, seats: { type: Number }, speed: { type: Number }, sinceSeconds: { type: Number }, steerable: { type: Boolean } };
  declare crowd: Crowd;
  /** Of the hall. */
  declare seats: number;
  declare speed: number;
  /** Since the sale opened; negative before it. */
  declare sinceSeconds: number;
  /** Whether time can be sped up now. */
  declare steerable: boolean;

  constructor() {
    super();
    Object.assign(this, { crowd: { came: 0, waiting: 0, active: 0, held: 0, sold: 0 }, seats: 1, speed: 1, sinceSeconds: 0, steerable: true });
    new Watch(this, settings);
  }

  protected override render(): unknown {
    const [words, { locale }] = [texts().play, settings.value];
    const { came, waiting, active, held, sold } = this.crowd;
    const fact = (id: string, name: string, value: number): unknown => html`<div><dt>${name}</dt><dd data-testid=${id}>${formatNumber(value, locale)}</dd></div>`;
    return html`<section class="card" aria-label=${words.crowd.label}>
      <dl>
        <div class="since"><dt>${words.crowd.since}</dt><dd>${formatClock(Math.max(0, Math.floor(this.sinceSeconds)))}</dd></div>
        ${fact('crowd-waiting', words.crowd.waiting, waiting)} ${fact('crowd-active', words.crowd.active, active)}
        ${fact('crowd-held', words.crowd.held, held)} ${fact('crowd-sold', words.crowd.sold, sold)}
      </dl>
      ${this.steerable ? this.speeds() : nothing}
      <svg class="bar" viewBox="0 0 ${this.seats} 1" preserveAspectRatio="none" role="img" aria-label=${words.crowd.soldShare(new Intl.NumberFormat(locale, { style: 'percent' }).format(sold / this.seats))}>
        <rect class="sold" width=${sold} height="1" /><rect class="held" x=${sold} width=${held} height="1" /></svg>
      <span class="hidden">${words.crowd.came}: ${formatNumber(came, locale)}</span>
    </section>`;
  }

  private speeds(): unknown {
    const words = texts().play.speed;
    return html`<div class="speeds" role="group" aria-label=${words.label}>${SPEEDS.map((speed) => html`
      <button aria-pressed=${speed === this.speed} aria-label=${speed === 0 ? words.pause : words.times(String(speed))} @click=${() => emit(this, 'speed', speed)}>${speed === 0 ? '❚❚' : `×${speed}`}</button>`)}</div>`;
  }
}

customElements.define('crowd-bar', CrowdBar);
