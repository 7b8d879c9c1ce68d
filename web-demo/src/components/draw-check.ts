/** `<draw-check>`: the number that somebody drew, and whether it holds. Emits `check`. */

import { LitElement, css, html, nothing } from 'lit';
import type { Lot } from '../api/types';
import { formatNumber } from '../format';
import { texts } from '../i18n';
import type { DrawCheck as Result, DrawEvidence } from '../stores/draw-check';
import { settings } from '../stores/settings';
import { Watch } from '../stores/store';
import { base, emit } from './base';
import './hex-value';

export class DrawCheck extends LitElement {
  static override styles = [base, css`
    .mark { flex: none; width: 26px; height: 26px; border-radius: 50%; display: grid; place-items: center; font-weight: 800; background: var(--good-soft); color: var(--good); }
    .broken { background: var(--bad-soft); color: var(--bad); }
    .verdict { display: flex; gap: var(--s3); align-items: start; }
    dl > div { display: grid; grid-template-columns: minmax(7rem, 1fr) 3fr; gap: var(--s3); align-items: center; padding: var(--s2) 0; border-bottom: 1px solid var(--line); }
    dl > div:last-child { border: 0; }
    dd { overflow-wrap: anywhere; min-width: 0; }
    @media (max-width: 600px) { dl > div { grid-template-columns: 1fr; gap: 0; } }
  `];
  static override properties = { lot: { attribute: false }, arrivals: { type: Number }, result: { attribute: false } };
  declare lot: Lot | null;
  /** How many were drawn; null while that isn't known. */
  declare arrivals: number | null;
  declare result: Result | 'checking' | null;

  constructor() {
    super();
    Object.assign(this, { lot: null, arrivals: null, result: null });
    new Watch(this, settings);
  }

  protected override render(): unknown {
    const [words, { locale }] = [texts().draw, settings.value];
    const drawn = this.lot?.ticket_number ?? null;
    if (drawn === null) return nothing;
    const number = formatNumber(drawn, locale);
    const said = this.arrivals === null ? words.drewAlone(number) : words.drew(number, formatNumber(this.arrivals, locale));
    const checking = this.result === 'checking';
    return html`<section class="card stack" aria-labelledby="drew">
      <div class="row between"><h3 id="drew" data-testid="drew">${said}</h3>
        <button aria-disabled=${checking} @click=${() => emit(this, 'check')}>${checking ? words.checking : words.check}</button></div>
      <div aria-live="polite">${this.result === null || this.result === 'checking' ? nothing : this.verdict(this.result)}</div>
    </section>`;
  }

  private verdict({ fault, evidence }: Result): unknown {
    const words = texts().draw;
    const holds = fault === null;
    return html`<div class="stack">
      <div class="verdict" data-testid="draw-verdict"><span class="mark ${holds ? '' : 'broken'}" aria-hidden="true">${holds ? '✓' : '✗'}</span>
        <p><strong>${holds ? words.right : fault === 'failed' ? words.unchecked : words.wrong}</strong> ${holds ? words.rightLead : words.faults[fault]}</p></div>
      ${evidence === null ? nothing : this.facts(evidence)}
    </div>`;
  }

  private facts(evidence: DrawEvidence): unknown {
    const [words, { locale }] = [texts().draw, settings.value];
    const { facts } = words;
    const hex = (name: 'seed' | 'commitment'): unknown => html`<div><dt>${facts[name]}</dt><dd><hex-value .name=${facts[name]} .value=${evidence[name]}></hex-value></dd></div>`;
    const count = (name: 'arrivals' | 'arrival_number' | 'ticket_number'): unknown => html`<div><dt>${facts[name]}</dt><dd>${formatNumber(evidence[name], locale)}</dd></div>`;
    return html`<dl>${hex('seed')}${hex('commitment')}
      <div><dt>${facts.beacon_value}</dt><dd>${evidence.beacon_value ?? words.nothingMixed}</dd></div>
      ${count('arrivals')}${count('arrival_number')}${count('ticket_number')}</dl>`;
  }
}

customElements.define('draw-check', DrawCheck);
