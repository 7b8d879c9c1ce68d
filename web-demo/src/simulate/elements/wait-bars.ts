/** `<wait-bars>`: how long people waited, and how that was against what they were told, as bars to glance at. */

import type { Report } from '@frontrow/wasm';
import { LitElement, css, html, nothing } from 'lit';
import { base } from '../../components/base';
import { simulateTexts } from '../../i18n/simulate';
import { settings } from '../../stores/settings';
import { Watch } from '../../stores/store';
import { duration, number } from '../words';
import { vars } from './vars';

const WAITS = [['p50', 'p50_millis'], ['p95', 'p95_millis'], ['p99', 'p99_millis'], ['max', 'max_millis']] as const;

export class WaitBarsElement extends LitElement {
  static override styles = [base, css`
    :host { display: grid; gap: var(--s4); }
    .waits { display: grid; gap: 6px; margin-top: var(--s2); }
    .wait { display: grid; grid-template-columns: 4.6rem minmax(0, 1fr) auto; gap: var(--s3); align-items: center; font-size: var(--t-small); }
    .bar { height: 12px; border-radius: 6px; background: var(--accent); width: max(3px, var(--w)); }
    .bar.b { background: var(--gold); }
    .bars { display: grid; gap: 3px; }
    .told { display: block; width: 100%; height: 14px; border-radius: 7px; overflow: hidden; background: var(--line); margin: var(--s2) 0 var(--s1); }
    .earlier { fill: var(--seat-2); } .exact { fill: var(--seat-1); } .later { fill: var(--seat-4); }
    .legend { display: flex; flex-wrap: wrap; gap: 2px var(--s4); font-size: var(--t-small); }
    .dot { display: inline-block; width: 11px; height: 11px; border-radius: 50%; margin-right: 6px; vertical-align: -1px; }
    .dot.earlier { background: var(--seat-2); } .dot.exact { background: var(--seat-1); } .dot.later { background: var(--seat-4); }
    .values { text-align: right; font-weight: 650; display: grid; }
  `];
  static override properties = { reports: { attribute: false } };
  declare reports: Report[];

  constructor() {
    super();
    this.reports = [];
    new Watch(this, settings);
  }

  protected override render(): unknown {
    const words = simulateTexts().waits;
    const longest = Math.max(1, ...this.reports.map(({ wait }) => wait.max_millis));
    return html`<div><h3>${words.title}</h3><div class="waits">${WAITS.map(([name, key]) => html`<div class="wait"><span class="muted">${words[name]}</span>
        <span class="bars" aria-hidden="true">${this.reports.map(({ wait }, lane) => html`<span class="bar ${lane === 0 ? 'a' : 'b'}" ${vars({ '--w': `${((wait[key] / longest) * 100).toFixed(1)}%` })}></span>`)}</span>
        <span class="values figure">${this.reports.map(({ wait }) => html`<span>${duration(wait[key])}</span>`)}</span></div>`)}</div></div>
      <div><h3>${words.told}</h3>${this.reports.map((report, lane) => this.told(report, lane))}</div>`;
  }

  private told({ eta }: Report, lane: number): unknown {
    const { waits: words, lane: names } = simulateTexts();
    const exact = eta.quoted - eta.earlier - eta.later;
    const parts = [['earlier', eta.earlier], ['exact', exact], ['later', eta.later]] as const;
    return html`<svg class="told" viewBox="0 0 ${Math.max(1, eta.quoted)} 1" preserveAspectRatio="none" aria-hidden="true"><rect class="earlier" width=${eta.earlier} height="1" /><rect class="exact" x=${eta.earlier} width=${exact} height="1" /><rect class="later" x=${eta.earlier + exact} width=${eta.later} height="1" /></svg>
      <p class="legend figure">${this.reports.length > 1 ? html`<b>${lane === 0 ? names.a : names.b}</b>` : nothing}${parts.map(([name, count]) => html`<span><span class="dot ${name}"></span>${words[name]} <b>${number(count)}</b></span>`)}</p>`;
  }
}

customElements.define('wait-bars', WaitBarsElement);
