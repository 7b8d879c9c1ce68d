/** `<invariant-list>`: what must always hold, and whether it does; Little's law among it. */

import type { Report } from '@frontrow/wasm';
import { LitElement, css, html, nothing } from 'lit';
import { base } from '../../components/base';
import { texts } from '../../i18n';
import { simulateTexts } from '../../i18n/simulate';
import { settings } from '../../stores/settings';
import { Watch } from '../../stores/store';
import { duration, number } from '../words';

export class InvariantListElement extends LitElement {
  static override styles = [base, css`
    li { display: grid; grid-template-columns: 24px minmax(0, 1fr) auto; gap: var(--s2); padding: 7px 0; border-bottom: 1px solid var(--line); align-items: center; }
    li:last-child { border: 0; }
    .mark { width: 22px; height: 22px; border-radius: 50%; display: grid; place-items: center; font-size: 0.75rem; font-weight: 800; background: var(--good-soft); color: var(--good); }
    .broken { background: var(--bad-soft); color: var(--bad); }
    .why { grid-column: 2 / -1; color: var(--bad); }
    .lanes { display: grid; gap: var(--s4) var(--s6); grid-template-columns: repeat(auto-fit, minmax(min(100%, 290px), 1fr)); }
    .lane { font-weight: 700; margin-right: var(--s1); }
  `];
  static override properties = { reports: { attribute: false } };
  declare reports: Report[];

  constructor() {
    super();
    this.reports = [];
    new Watch(this, settings);
  }

  protected override render(): unknown {
    const words = simulateTexts().outcome;
    const isTwin = this.reports.length > 1;
    const all = this.reports.flatMap(({ invariants, littles_law: law }) => [...invariants.checks.map(({ ok }) => ok), law.ok]);
    const holds = all.every((ok) => ok);
    return html`<div class="stack"><p class="row between"><span>${words.invariants}</span><span class="chip ${holds ? 'good' : 'bad'}" data-testid="invariants">${holds ? words.allHold(number(all.length)) : words.broken}</span></p>
      <div class="lanes">${this.reports.map((report, lane) => html`<ul aria-label=${isTwin ? this.lane(lane) : words.invariants}>${isTwin ? html`<li><b class="lane">${this.lane(lane)}</b></li>` : nothing}${this.checks(report)}${this.little(report)}</ul>`)}</div></div>`;
  }

  private lane(lane: number): string {
    return simulateTexts().lane[lane === 0 ? 'a' : 'b'];
  }

  private checks({ invariants }: Report): unknown {
    const names = texts().operator.invariant;
    return invariants.checks.map((check) => html`<li>${mark(check.ok)}<span>${names[check.invariant] ?? check.invariant}</span>
      <span class="small muted figure">${simulateTexts().outcome.checked(number(check.checked))}</span>
      ${check.ok ? nothing : html`<span class="why small">${check.violations[0]}</span>`}</li>`);
  }

  private little({ littles_law: law }: Report): unknown {
    const words = simulateTexts().outcome;
    const said = law.ok ? words.littleOk((law.mean_line_thousandths / 1000).toFixed(1), duration(law.mean_wait_millis)) : words.littleBad;
    return html`<li>${mark(law.ok)}<span>${words.little} <span class="small muted">${said}</span></span></li>`;
  }
}

function mark(ok: boolean): unknown {
  const words = texts().operator;
  return html`<span class="mark ${ok ? '' : 'broken'}" role="img" aria-label=${ok ? words.auditOk : words.auditBad}>${ok ? '✓' : '✗'}</span>`;
}

customElements.define('invariant-list', InvariantListElement);
