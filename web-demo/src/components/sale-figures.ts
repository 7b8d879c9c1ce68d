/** `<sale-figures>`: a sale's numbers as they move. */

import { LitElement, css, html, nothing } from 'lit';
import type { Figures } from '../api/types';
import { formatMoney, formatNumber } from '../format';
import { texts } from '../i18n';
import { soldPerMinute, type Moment } from '../stores/sale';
import { settings } from '../stores/settings';
import { Watch } from '../stores/store';
import { base } from './base';
import './line-chart';

export class SaleFigures extends LitElement {
  static override styles = [base, css`
    .tiles { display: grid; gap: var(--s4); grid-template-columns: repeat(4, minmax(0, 1fr)); }
    .tile { padding: var(--s4); min-height: 118px; display: grid; align-content: space-between; gap: var(--s1); }
    .tile { container-type: inline-size; }
    .tile dd { font-size: clamp(1.15rem, 13cqi, 2.1rem); letter-spacing: -0.03em; font-weight: 750; line-height: 1.15; white-space: nowrap; }
    .tile dd.more { min-height: 1.4em; font-size: var(--t-small); font-weight: 400; letter-spacing: 0; line-height: 1.4; white-space: normal; }
    .hall { display: grid; gap: var(--s3); margin-top: var(--s4); }
    .bar { display: block; width: 100%; height: 18px; border-radius: 9px; overflow: hidden; background: var(--seat-sold); }
    .sold { fill: var(--accent); } .held { fill: var(--gold); }
    .legend { display: flex; flex-wrap: wrap; gap: var(--s2) var(--s5); font-size: var(--t-small); }
    .dot { display: inline-block; width: 12px; height: 12px; border-radius: 4px; margin-right: var(--s2); background: var(--seat-sold); border: 1px solid var(--line-strong); }
    .dot.a { background: var(--accent); } .dot.b { background: var(--gold); }
    .chart { margin-top: var(--s4); display: grid; gap: var(--s3); }
    .line { display: inline-block; width: 22px; border-top: 3px solid var(--accent); vertical-align: middle; margin-right: var(--s2); }
    .line.b { border-top: 3px dashed var(--seat-2); }
    @media (max-width: 760px) { .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: var(--s3); } }
  `];
  static override properties = { figures: { attribute: false }, history: { attribute: false }, most: { type: Number } };
  declare figures: Figures | null;
  declare history: Moment[];
  /** Most that may be inside; null for no limit. */
  declare most: number | null;

  constructor() {
    super();
    Object.assign(this, { figures: null, history: [], most: null });
    new Watch(this, settings);
  }

  protected override render(): unknown {
    const { figures } = this;
    const [words, { locale }] = [texts().operator, settings.value];
    const number = (value: number | undefined): string => (value === undefined ? '–' : formatNumber(value, locale));
    const tile = (id: string, name: string, value: string, more: unknown = nothing): unknown =>
      html`<div class="card tile"><dt>${name}</dt><dd data-testid=${id}>${value}</dd><dd class="more muted">${more}</dd></div>`;
    const share = figures === null || figures.seats_total === 0 ? '' : new Intl.NumberFormat(locale, { style: 'percent' }).format(figures.seats_sold / figures.seats_total);
    return html`<dl class="tiles">
        ${tile('waiting', words.waiting, number(figures?.waiting))}
        ${tile('active', words.active, number(figures?.active), this.most === null ? words.unlimited : words.ofMost(number(this.most)))}
        ${tile('sold', words.sold, number(figures?.seats_sold), `${share} · ${words.rate(number(soldPerMinute(this.history)))}`)}
        ${tile('revenue', words.revenue, figures === null ? '–' : formatMoney(figures.revenue, figures.currency, locale))}
      </dl>
      ${figures === null ? nothing : this.hall(figures, number)}
      <section class="card chart">
        <div class="row between"><h3>${words.curve}</h3><p class="small"><span class="line"></span>${words.waiting} &nbsp; <span class="line b"></span>${words.active}</p></div>
        <line-chart label=${words.curve} .curves=${[
          { points: this.history.map((moment): [number, number] => [moment.at, moment.waiting]), tone: 1 as const },
          { points: this.history.map((moment): [number, number] => [moment.at, moment.active]), tone: 2 as const },
        ]}></line-chart>
      </section>`;
  }

  private hall(figures: Figures, number: (value: number) => string): unknown {
    const words = texts().operator;
    const { seats_total: total, seats_sold: sold, seats_held: held, seats_available: free } = figures;
    return html`<section class="card hall" aria-label=${words.seats}>
      <svg class="bar" viewBox="0 0 ${Math.max(1, total)} 1" preserveAspectRatio="none" aria-hidden="true">
        <rect class="sold" width=${sold} height="1" /><rect class="held" x=${sold} width=${held} height="1" /></svg>
      <p class="legend figure"><span><span class="dot a"></span>${words.sold} <strong>${number(sold)}</strong></span>
        <span><span class="dot b"></span>${words.held} <strong>${number(held)}</strong></span>
        <span><span class="dot"></span>${words.available} <strong data-testid="available">${number(free)}</strong></span></p>
    </section>`;
  }
}

customElements.define('sale-figures', SaleFigures);
