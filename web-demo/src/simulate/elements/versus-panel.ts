/** `<versus-panel>`: what the twin does differently, and what that changes, told in words. */

import { LitElement, css, html, nothing } from 'lit';
import { base } from '../../components/base';
import { simulateTexts } from '../../i18n/simulate';
import { settings } from '../../stores/settings';
import { Watch } from '../../stores/store';
import { compare, type Difference, type Outcome } from '../outcome/compare';
import { at, type Changes, type Json } from '../scenario/changes';
import { fieldName, figure, number, share } from '../words';

/** A value of a scenario as it is said; shapes and lists have no short word. */
function said(value: Json | undefined): string {
  if (typeof value === 'number') return number(value);
  if (value === null) return simulateTexts().sweep.none;
  return typeof value === 'boolean' ? (value ? '✓' : '✗') : '…';
}

export class VersusPanelElement extends LitElement {
  static override styles = [base, css`
    ul { display: grid; gap: var(--s2); }
    .changes { display: flex; flex-wrap: wrap; gap: var(--s2); }
    .changes li { background: var(--warn-soft); border-left: 3px solid var(--gold); border-radius: var(--radius-small); padding: 3px var(--s3); font-size: var(--t-small); font-weight: 600; }
    .told li { display: grid; grid-template-columns: 76px minmax(0, 1fr); gap: var(--s3); align-items: baseline; }
    .told .chip { justify-content: center; padding: 2px 0; }
    .by { color: var(--muted); }
  `];
  static override properties = { outcomes: { attribute: false }, changes: { attribute: false } };
  declare outcomes: Outcome[];
  declare changes: Changes;

  constructor() {
    super();
    Object.assign(this, { outcomes: [], changes: {} });
    new Watch(this, settings);
  }

  protected override render(): unknown {
    const { twin, versus } = simulateTexts();
    const [a, b] = this.outcomes;
    if (a === undefined || b === undefined) return nothing;
    const changes = Object.keys(this.changes);
    const differences = compare(a, b);
    return html`<section class="card stack" aria-labelledby="title" data-testid="versus"><h2 id="title">${versus.title}</h2>
      ${changes.length === 0 ? html`<p class="muted">${twin.same}</p>` : html`<ul class="changes">${changes.map((path) => html`<li>${versus.changed(fieldName(path), said(at(a.scenario, path)), said(at(b.scenario, path)))}</li>`)}</ul>`}
      ${changes.length > 0 && differences.length === 0 ? html`<p class="muted">${versus.same}</p>` : nothing}
      <ul class="told">${differences.map((difference) => this.told(difference))}</ul></section>`;
  }

  private told({ measure, a, b, verdict }: Difference): unknown {
    const { measure: names, versus } = simulateTexts();
    const by = a === null || b === null || a === 0 || measure.unit === 'share' ? '' : `${b > a ? '+' : '−'}${share(Math.abs(b - a) / a)}`;
    return html`<li><span class="chip ${{ better: 'good', worse: 'bad', neutral: '' }[verdict]}">${versus[verdict]}</span>
      <span>${versus.told(names[measure.key] ?? measure.key, figure(measure, a), figure(measure, b))} <span class="by">${by === '' ? nothing : versus.bySo(by)}</span></span></li>`;
  }
}

customElements.define('versus-panel', VersusPanelElement);
