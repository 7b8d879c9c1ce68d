/** `<draw-form>`: where the operator hands in the public value that a draw waits for. Emits `draw` with it. */

import { LitElement, css, html, nothing } from 'lit';
import type { Concert, Prequeue } from '../api/types';
import { formatDateTime, formatNumber } from '../format';
import { texts } from '../i18n';
import { settings } from '../stores/settings';
import { Watch } from '../stores/store';
import { base, emit } from './base';
import './hex-value';

/** The contract's bound. */
const CHARS_MAX = 200;

export class DrawForm extends LitElement {
  static override styles = [base, css`
    dl { display: grid; gap: var(--s2); }
    dd, p, label { overflow-wrap: anywhere; min-width: 0; }
  `];
  static override properties = { concert: { attribute: false }, open: { type: Boolean }, busy: { type: Boolean } };
  declare concert: Concert | null;
  /** Whether the sale has opened. */
  declare open: boolean;
  declare busy: boolean;

  constructor() {
    super();
    Object.assign(this, { concert: null, open: false, busy: false });
    new Watch(this, settings);
  }

  protected override render(): unknown {
    const words = texts().draw.form;
    return html`<section class="card stack" aria-labelledby="title"><h3 id="title">${words.title}</h3>${this.content()}</section>`;
  }

  private content(): unknown {
    const words = texts().draw.form;
    const prequeue = this.concert?.prequeue ?? null;
    const beacon = prequeue?.beacon ?? '';
    if (this.concert === null || prequeue === null) return nothing;
    if (prequeue.seed !== null) return this.held(prequeue, prequeue.seed);
    if (!this.open) return html`<p class="muted small">${words.before(beacon, formatDateTime(this.concert.sale_opens_at, settings.value.locale))}</p>`;
    return html`<p class="muted small">${words.lead(beacon)}</p>
      <form class="stack" @submit=${this.submitted}>
        <label>${words.value(beacon)}<input name="beacon_value" required maxlength=${CHARS_MAX} autocomplete="off" spellcheck="false" /></label>
        <div><button class="primary" ?disabled=${this.busy}>${words.hold}</button></div>
      </form>`;
  }

  private held({ beacon, beacon_value, arrivals }: Prequeue, seed: string): unknown {
    const { facts, form, beacon: mixed } = texts().draw;
    return html`<p>${form.held}</p>
      <dl data-testid="draw-held">
        <div><dt>${mixed}</dt><dd>${beacon}</dd></div>
        <div><dt>${facts.beacon_value}</dt><dd data-testid="beacon-value">${beacon_value}</dd></div>
        <div><dt>${facts.seed}</dt><dd><hex-value .name=${facts.seed} .value=${seed}></hex-value></dd></div>
        <div><dt>${facts.arrivals}</dt><dd>${formatNumber(arrivals ?? 0, settings.value.locale)}</dd></div>
      </dl>`;
  }

  private readonly submitted = (event: SubmitEvent): void => {
    event.preventDefault();
    const value = new FormData(event.target as HTMLFormElement).get('beacon_value');
    if (typeof value === 'string') emit(this, 'draw', value);
  };
}

customElements.define('draw-form', DrawForm);
