/** `<outcome-panel>`: what comes of the whole sale: findings in words, figures, fates and refusals. */

import type { Fates } from '@frontrow/wasm';
import { LitElement, css, html, nothing, svg } from 'lit';
import { base } from '../../components/base';
import { problemText } from '../../i18n';
import { simulateTexts } from '../../i18n/simulate';
import { settings } from '../../stores/settings';
import { Watch } from '../../stores/store';
import { COLOURS, TONES, type Tone } from '../crowd';
import type { Outcome } from '../outcome/compare';
import { findings, type Finding } from '../outcome/insights';
import { MEASURES } from '../outcome/measures';
import { duration, figure, number, share } from '../words';
import { vars } from './vars';
import './wait-bars';

const MARKS: Record<Finding['tone'], string> = { good: '✓', bad: '!', warn: '!', info: 'i' };

/** A finding in a sentence. */
export function foundText(found: Finding): string {
  const words = simulateTexts().finding;
  switch (found.key) {
    case 'sold_out':
      return words.sold_out(duration(found.millis));
    case 'unsold':
      return found.tone === 'bad' ? words.unsoldBad(number(found.seats), share(found.share), number(found.without)) : words.unsoldGood(number(found.seats), share(found.share));
    case 'k_too_high':
      return words.k_too_high(share(found.share));
    case 'holds_lapse':
      return words.holds_lapse(share(found.share), number(found.holds));
    case 'bots':
      return words.bots(number(found.bots), share(found.share), number(found.bought));
    case 'long_wait':
      return words.long_wait(duration(found.millis));
    case 'eta_off':
      return words.eta_off(duration(found.millis), share(found.early));
    case 'cap_reached':
      return words.cap_reached(number(found.cap));
    case 'gave_up':
      return words.gave_up(share(found.share));
    case 'smooth':
      return words.smooth(duration(found.millis));
  }
}

/** How many people ended in each tone. */
export function fatesByTone(fates: Fates): Record<Tone, number> {
  return {
    coming: 0, waiting: fates.waiting + fates.rejoining, active: fates.active, bought: fates.bought, gone: fates.gave_up + fates.passed_over,
    without: fates.sold_out + fates.refused + fates.ran_out + fates.no_seats, failed: fates.payment_failed + fates.abandoned,
  };
}

export class OutcomePanelElement extends LitElement {
  static override styles = [base, css`
    .findings { display: grid; gap: var(--s2); }
    .findings li { display: grid; grid-template-columns: 24px minmax(0, 1fr); gap: var(--s3); align-items: start; }
    .mark { width: 24px; height: 24px; border-radius: 50%; display: grid; place-items: center; font-size: 0.8rem; font-weight: 800; }
    .mark.good { background: var(--good-soft); color: var(--good); } .mark.bad { background: var(--bad-soft); color: var(--bad); }
    .mark.warn { background: var(--warn-soft); color: var(--warn); } .mark.info { background: var(--accent-soft); color: var(--ink); }
    .lanes { display: grid; gap: var(--s5); grid-template-columns: repeat(auto-fit, minmax(min(100%, 320px), 1fr)); }
    .two { display: grid; gap: var(--s5) var(--s6); grid-template-columns: minmax(0, 1.1fr) minmax(0, 1fr); align-items: start; }
    table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
    th, td { padding: 7px 0 7px var(--s3); border-bottom: 1px solid var(--line); text-align: right; }
    tr:last-child > * { border-bottom: 0; }
    th:first-child { text-align: left; font-weight: 400; color: var(--muted); padding-left: 0; }
    td { font-weight: 650; white-space: nowrap; } thead th { font-weight: 700; }
    .scroll { overflow-x: auto; }
    .bar { display: block; width: 100%; height: 16px; margin-top: var(--s2); border-radius: 8px; overflow: hidden; background: var(--line); }
    .bar rect { fill: var(--c); }
    .legend { display: flex; flex-wrap: wrap; gap: var(--s1) var(--s4); font-size: var(--t-small); margin-top: var(--s2); }
    .dot { display: inline-block; width: 11px; height: 11px; border-radius: 50%; background: var(--c); margin-right: 6px; vertical-align: -1px; }
    .hash { font-family: ui-monospace, monospace; font-size: var(--t-small); overflow-wrap: anywhere; }
    @media (max-width: 760px) { .two { grid-template-columns: minmax(0, 1fr); } table { font-size: var(--t-small); } }
  `];
  static override properties = { outcomes: { attribute: false } };
  declare outcomes: Outcome[];

  constructor() {
    super();
    this.outcomes = [];
    new Watch(this, settings);
  }

  protected override render(): unknown {
    const words = simulateTexts().outcome;
    const isTwin = this.outcomes.length > 1;
    return html`<div class="stack">
      <div class="lanes">${this.outcomes.map((outcome, lane) => html`<div class="stack">${isTwin ? html`<h3>${this.lane(lane)}</h3>` : nothing}${this.findings(outcome)}${this.fates(outcome)}</div>`)}</div>
      <div class="two"><div><h3>${words.figures}</h3>${this.figures()}</div>
        <div class="stack"><wait-bars .reports=${this.outcomes.map(({ report }) => report)}></wait-bars><div><h3>${words.refusals}</h3>${this.refusals()}</div>
          <div><h3>${words.hash}</h3>${this.outcomes.map(({ report }, lane) => html`<p><span class="hash" data-testid="hash-${lane}">${report.event_hash}</span> <span class="small muted">${words.events(number(report.events))}</span></p>`)}<p class="small muted">${words.hashHint}</p></div></div></div>
    </div>`;
  }

  private lane(lane: number): string {
    return simulateTexts().lane[lane === 0 ? 'a' : 'b'];
  }

  private findings({ report, scenario }: Outcome): unknown {
    return html`<ul class="findings">${findings(report, scenario).map((found) => html`<li data-finding=${found.key}><span class="mark ${found.tone}" aria-hidden="true">${MARKS[found.tone]}</span><span>${foundText(found)}</span></li>`)}</ul>`;
  }

  private fates({ report }: Outcome): unknown {
    const texts = simulateTexts();
    const counts = fatesByTone(report.people);
    const tones = TONES.filter((tone) => counts[tone] > 0);
    let from = 0;
    return html`<div><h3>${texts.outcome.fates}</h3>
      <svg class="bar" viewBox="0 0 ${Math.max(1, report.people.came)} 1" preserveAspectRatio="none" aria-hidden="true">${tones.map((tone) => {
        const left = from;
        from += counts[tone];
        return svg`<rect x=${left} width=${counts[tone]} height="1" ${vars({ '--c': `var(${COLOURS[tone]})` })} />`;
      })}</svg>
      <p class="legend figure">${tones.map((tone) => html`<span ${vars({ '--c': `var(${COLOURS[tone]})` })}><span class="dot"></span>${texts.tone[tone]} <b>${number(counts[tone])}</b></span>`)}</p></div>`;
  }

  private figures(): unknown {
    const texts = simulateTexts();
    const isTwin = this.outcomes.length > 1;
    const rows = MEASURES.map((measure) => ({ measure, values: this.outcomes.map(({ report, scenario }) => measure.of(report, scenario)) })).filter(({ measure, values }) => measure.key === 'sold_out_after' || values.some((value) => value !== null));
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${texts.outcome.figures}><table>${isTwin ? html`<thead><tr><th scope="col"><span class="hidden">${texts.outcome.figures}</span></th>${this.outcomes.map((_, lane) => html`<th scope="col">${this.lane(lane)}</th>`)}</tr></thead>` : nothing}
      <tbody>${rows.map(({ measure, values }) => html`<tr><th scope="row">${texts.measure[measure.key]}</th>${values.map((value, lane) => html`<td data-testid="${measure.key}-${lane}">${figure(measure, value)}</td>`)}</tr>`)}</tbody></table></div>`;
  }

  private refusals(): unknown {
    const texts = simulateTexts();
    const codes = [...new Set(this.outcomes.flatMap(({ report }) => Object.keys(report.refusals)))].sort();
    if (codes.length === 0) return html`<p class="muted">${texts.outcome.none}</p>`;
    return html`<table><tbody>${codes.map((code) => html`<tr><th scope="row">${problemText({ code, detail: code })}</th>${this.outcomes.map(({ report }, lane) => html`<td data-testid="refused-${code}-${lane}">${number(report.refusals[code] ?? 0)}</td>`)}</tr>`)}</tbody></table>`;
  }
}

customElements.define('outcome-panel', OutcomePanelElement);
