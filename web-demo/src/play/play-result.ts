/** `<play-result>`: how a game ended, and what to do next. Emits `again` with `same`, `fresh` or `levels`. */

import { LitElement, css, html, nothing } from 'lit';
import { base, emit } from '../components/base';
import { formatClock, formatDuration, formatNumber } from '../format';
import { texts } from '../i18n';
import { settings } from '../stores/settings';
import { Watch } from '../stores/store';
import { isRecord, type Score } from './score';

export type Again = 'same' | 'fresh' | 'levels';

export class PlayResult extends LitElement {
  static override styles = [base, css`
    .card { display: grid; gap: var(--s5); }
    .top { display: flex; flex-wrap: wrap; gap: var(--s4) var(--s6); align-items: end; justify-content: space-between; }
    .total { font-size: clamp(2.75rem, 2rem + 4vw, 4.5rem); line-height: 1; font-weight: 780; letter-spacing: -0.04em; font-variant-numeric: tabular-nums; color: var(--accent-strong); }
    .rank { display: grid; gap: var(--s2); flex: 1 1 260px; max-width: 380px; }
    .rank strong { font-size: var(--t-lead); }
    .scale { display: block; width: 100%; height: 12px; border-radius: 6px; background: var(--line); overflow: hidden; }
    .scale rect { fill: var(--accent); }
    dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(140px, 1fr)); gap: var(--s4); }
    dd { font-size: var(--t-lead); }
    .actions { display: flex; flex-wrap: wrap; gap: var(--s3); }
    @media (max-width: 600px) { .actions button { flex: 1 1 40%; } }
  `];
  static override properties = { score: { attribute: false }, link: { type: String }, shared: { state: true } };
  declare score: Score | null;
  /** The address of this very crowd. */
  declare link: string;
  declare shared: 'no' | 'copied' | 'shown';

  constructor() {
    super();
    Object.assign(this, { score: null, link: '', shared: 'no' });
    new Watch(this, settings);
  }

  protected override render(): unknown {
    const { score } = this;
    if (score === null) return nothing;
    const [words, { locale }] = [texts().play, settings.value];
    const { over } = words;
    const got = score.ending === 'ticket';
    const share = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(Math.floor(score.fasterThanPercent * 10) / 1000);
    return html`<section class="card" aria-labelledby="over">
      ${got ? html`<h3 id="over" class="hidden">${over.ticket}</h3>` : html`<div class="stack"><h2 id="over">${over[score.ending]}</h2><p class="muted">${over.leads[score.ending]}</p></div>`}
      <div class="top">
        <div><p class="muted small">${got ? over.total : over.lasted}</p><p class="total" data-testid="total">${formatClock(score.totalSeconds)}</p></div>
        ${got ? html`<div class="rank"><strong data-testid="rank">${over.faster(share)}</strong>
          <svg class="scale" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true"><rect width=${score.fasterThanPercent} height="1" /></svg>
          ${isRecord(score) ? html`<span><span class="chip good">★ ${over.record}</span></span>` : nothing}
          ${score.bestBefore === null ? nothing : html`<span class="small muted figure">${over.before(formatClock(score.bestBefore))}</span>`}</div>` : nothing}
      </div>
      ${this.facts(score)}
      <div class="actions">
        <button class="primary" @click=${() => emit<Again>(this, 'again', 'same')}>${words.again.same}</button>
        <button @click=${() => emit<Again>(this, 'again', 'fresh')}>${words.again.fresh}</button>
        <button @click=${() => emit<Again>(this, 'again', 'levels')}>${words.again.levels}</button>
        <button class="quiet" @click=${() => this.share()}>${this.shared === 'copied' ? words.again.copied : words.again.share}</button>
      </div>
      ${this.shared === 'shown' ? html`<label>${words.again.link}<input readonly .value=${this.link} @focus=${(event: Event) => (event.target as HTMLInputElement).select()} /></label>` : nothing}
      <p class="hidden" role="status">${this.shared === 'copied' ? words.again.copied : nothing}</p>
    </section>`;
  }

  private facts(score: Score): unknown {
    const [{ over }, { locale }] = [texts().play, settings.value];
    const { joinedAt, admittedAt, heldAt, paidAt, quotedSeconds, joinedPosition, gone, misses } = score.statistics;
    const number = (value: number): string => formatNumber(value, locale);
    const between = (from: number | null, to: number | null): string => (from === null || to === null ? '–' : formatDuration((to - from) / 1000, locale));
    const reaction = new Intl.NumberFormat(locale, { maximumFractionDigits: 2, minimumFractionDigits: 2 }).format(score.reactionSeconds);
    const joined = joinedPosition !== null;
    const facts: [string, string][] = [
      [over.reaction, joined ? over.seconds(reaction) : '–'],
      [over.place, joined ? number(joinedPosition) : '–'],
      [over.quoted, quotedSeconds === null ? '–' : formatDuration(quotedSeconds, locale)],
      [over.waited, between(joinedAt, admittedAt)],
      [over.chose, between(admittedAt, heldAt)],
      [over.paid, between(heldAt, paidAt)],
      [over.gone, number(gone)],
      [over.misses, number(misses)],
    ];
    return html`<dl>${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
  }

  /** Copies the link, or shows it where that is not allowed. */
  private async share(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.link);
      this.shared = 'copied';
    } catch {
      this.shared = 'shown';
    }
  }
}

customElements.define('play-result', PlayResult);
