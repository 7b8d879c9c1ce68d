/** `<journey-statistics>`: how a visitor did, from the queue to the ticket. */

import { LitElement, css, html, nothing } from 'lit';
import { formatDuration, formatNumber } from '../format';
import { texts } from '../i18n';
import type { Statistics } from '../stores/journey-state';
import { settings } from '../stores/settings';
import { Watch } from '../stores/store';
import { base } from './base';

export class JourneyStatistics extends LitElement {
  static override styles = [base, css`
    dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: var(--s4); margin-top: var(--s4); }
    dd { font-size: var(--t-lead); }
  `];
  static override properties = { statistics: { attribute: false } };
  declare statistics: Statistics | null;

  constructor() {
    super();
    this.statistics = null;
    new Watch(this, settings);
  }

  protected override render(): unknown {
    const { statistics } = this;
    if (statistics === null) return nothing;
    const [words, { locale }] = [texts().ticket, settings.value];
    const between = (from: number | null, to: number | null): string => (from === null || to === null ? '–' : formatDuration((to - from) / 1000, locale));
    const { joinedAt, admittedAt, heldAt, paidAt, quotedSeconds, joinedPosition } = statistics;
    const facts: [string, string][] = [
      [words.waited, between(joinedAt, admittedAt)],
      [words.quoted, quotedSeconds === null ? '–' : formatDuration(quotedSeconds, locale)],
      [words.joinedAt, joinedPosition === null ? '–' : formatNumber(joinedPosition, locale)],
      [words.chose, between(admittedAt, heldAt)],
      [words.gone, formatNumber(statistics.gone, locale)],
      [words.misses, formatNumber(statistics.misses, locale)],
      [words.total, between(joinedAt, paidAt)],
    ];
    return html`<section class="card" aria-labelledby="did"><h3 id="did">${words.statistics}</h3>
      <dl>${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd class="figure">${value}</dd></div>`)}</dl></section>`;
  }
}

customElements.define('journey-statistics', JourneyStatistics);
