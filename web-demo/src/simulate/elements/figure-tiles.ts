/** `<figure-tiles>`: how a sale stands at the film's time; a twin's figures stand beside them. */

import type { Scenario } from '@frontrow/wasm';
import { LitElement, css, html, nothing } from 'lit';
import { base } from '../../components/base';
import { simulateTexts } from '../../i18n/simulate';
import { settings } from '../../stores/settings';
import { Watch } from '../../stores/store';
import { number, peopleOf, seatsOf, share } from '../words';
import { vars } from './vars';

export interface Standing {
  scenario: Scenario;
  /** Second, came, waiting, active, held, sold. */
  counts: Float64Array;
}

export class FigureTilesElement extends LitElement {
  static override styles = [base, css`
    .tiles { display: grid; gap: var(--s3); grid-template-columns: repeat(4, minmax(0, 1fr)); }
    .tile { padding: var(--s3) var(--s4); display: grid; gap: 2px; align-content: start; border-top: 4px solid var(--c); min-height: 104px; }
    .values { display: flex; gap: var(--s3); align-items: baseline; flex-wrap: wrap; }
    .value { font-size: clamp(1.3rem, 1rem + 1.2vw, 1.9rem); font-weight: 750; letter-spacing: -0.03em; line-height: 1.15; font-variant-numeric: tabular-nums; }
    .two .value { font-size: clamp(1.05rem, 0.9rem + 0.7vw, 1.35rem); }
    .value .lane { font-size: 0.7rem; font-weight: 700; letter-spacing: 0; color: var(--muted); margin-right: 3px; }
    .more { font-size: var(--t-small); font-weight: 400; color: var(--muted); }
    .meter { height: 6px; border-radius: 3px; background: var(--line); overflow: hidden; margin-top: 4px; }
    .meter i { display: block; height: 100%; background: var(--c); width: var(--w); }
    @media (max-width: 760px) { .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
  `];
  static override properties = { standings: { attribute: false } };
  declare standings: Standing[];

  constructor() {
    super();
    this.standings = [];
    new Watch(this, settings);
  }

  protected override render(): unknown {
    const texts = simulateTexts();
    const [first] = this.standings;
    if (first === undefined) return nothing;
    const [cap, seats] = [first.scenario.admission.max_active, first.scenario.halls.reduce((sum, hall) => sum + seatsOf(hall), 0)];
    const counts = first.counts;
    const [came, sold] = [counts[1] ?? 0, counts[5] ?? 0];
    const people = peopleOf(first.scenario);
    return html`<dl class="tiles ${this.standings.length > 1 ? 'two' : ''}">
      ${this.tile('waiting', 2, '--accent', `${texts.figure['came']} ${number(came)} ${texts.ofPeople(number(people))}`, came / Math.max(1, people))}
      ${this.tile('active', 3, '--seat-2', cap === null ? texts.noCap : texts.ofCap(number(cap)), cap === null ? null : (counts[3] ?? 0) / cap)}
      ${this.tile('held', 4, '--seat-3', texts.ofSeats(share((counts[4] ?? 0) / Math.max(1, seats))), (counts[4] ?? 0) / Math.max(1, seats))}
      ${this.tile('sold', 5, '--seat-4', texts.ofSeats(share(sold / Math.max(1, seats))), sold / Math.max(1, seats))}
    </dl>`;
  }

  private tile(name: string, index: number, colour: string, more: string, part: number | null): unknown {
    const texts = simulateTexts();
    const isTwin = this.standings.length > 1;
    return html`<div class="card tile" ${vars({ '--c': `var(${colour})` })}><dt>${texts.figure[name]}</dt>
      <dd class="values">${this.standings.map(({ counts }, lane) => html`<span class="value" data-testid="${name}-${lane}">${isTwin ? html`<span class="lane">${lane === 0 ? texts.lane.a : texts.lane.b}</span>` : nothing}${number(counts[index] ?? 0)}</span>`)}</dd>
      <dd class="more">${isTwin ? nothing : more}${part === null || isTwin ? nothing : html`<div class="meter" ${vars({ '--w': `${(Math.min(1, part) * 100).toFixed(1)}%` })}><i></i></div>`}</dd></div>`;
  }
}

customElements.define('figure-tiles', FigureTilesElement);
