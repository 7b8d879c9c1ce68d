/** `<level-list>`: the sales to practise on. Emits `start` with a level's id. */

import { LitElement, css, html } from 'lit';
import { base, emit } from '../components/base';
import { formatClock, formatNumber } from '../format';
import { texts } from '../i18n';
import { settings } from '../stores/settings';
import { Watch } from '../stores/store';
import { LEVELS, seatsOf, type Level, type LevelId } from './levels';
import { bestOn } from './score';

export class LevelList extends LitElement {
  static override styles = [base, css`
    ul { display: grid; gap: var(--s4); grid-template-columns: repeat(auto-fill, minmax(min(100%, 264px), 1fr)); }
    li { display: grid; }
    .card { display: grid; gap: var(--s4); align-content: space-between; padding: 0; overflow: hidden; transition: transform 0.2s, box-shadow 0.2s; }
    .card:hover { transform: translateY(-3px); box-shadow: 0 14px 36px rgb(58 32 160 / 18%); }
    .poster { position: relative; display: grid; align-content: end; gap: 2px; min-height: 132px; padding: var(--s4) var(--s5); color: #fff; overflow: hidden; }
    .theatre { background: linear-gradient(135deg, #0f5f55, #1d8375); }
    .arena { background: linear-gradient(135deg, #2a1c78, #5a3ee6); }
    .bots { background: linear-gradient(135deg, #1b1730, #7a2f4b); }
    .stadium { background: linear-gradient(135deg, #7a1c5b, #b3203c 60%, #b95b00); }
    .poster svg { position: absolute; inset: 0; width: 100%; height: 100%; opacity: 0.3; mask: linear-gradient(#000 35%, transparent 70%); }
    .poster > span { position: relative; font-size: var(--t-small); font-weight: 600; }
    .poster h3 { position: relative; font-size: 1.35rem; letter-spacing: -0.02em; line-height: 1.15; font-weight: 750; }
    .body { display: grid; gap: var(--s3); padding: 0 var(--s5) var(--s5); }
    dl { display: grid; grid-template-columns: repeat(3, auto); gap: var(--s3); justify-content: space-between; }
    dd { font-size: var(--t-lead); letter-spacing: -0.02em; }
    .foot { display: flex; justify-content: space-between; align-items: center; gap: var(--s3); }
    .pips { display: inline-flex; gap: 4px; }
    .pips i { width: 18px; height: 6px; border-radius: 3px; background: var(--line); }
    .pips i.on { background: var(--accent); }
    @media (min-width: 700px) { .lead { min-height: 4.5em; } }
    dl { white-space: nowrap; }
    @media (prefers-reduced-motion: reduce) { .card:hover { transform: none; } }
  `];

  constructor() {
    super();
    new Watch(this, settings);
  }

  protected override render(): unknown {
    return html`<ul>${LEVELS.map((level) => html`<li>${this.level(level)}</li>`)}</ul>`;
  }

  private level(level: Level): unknown {
    const [words, { locale }] = [texts().play, settings.value];
    const number = (value: number): string => formatNumber(value, locale);
    const odds = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(level.people / seatsOf(level));
    const best = bestOn(level.id);
    return html`<article class="card" aria-labelledby=${level.id}>
      <div class="poster ${level.id}"><svg viewBox="0 0 320 160" preserveAspectRatio="xMidYMin slice" aria-hidden="true">
          <path d="M-20 -10Q160 50 340 -10M-20 14Q160 74 340 14M-20 38Q160 98 340 38M-20 62Q160 122 340 62M-20 86Q160 146 340 86" stroke="#fff" stroke-width="5" stroke-dasharray="2 12" stroke-linecap="round" fill="none" /></svg>
        <span>${words.titles[level.id]}</span><h3 id=${level.id}>${words.levels[level.id]}</h3></div>
      <div class="body">
        <p class="muted small lead">${words.leads[level.id]}</p>
        <dl><div><dt>${words.people}</dt><dd>${number(level.people)}</dd></div><div><dt>${words.seats}</dt><dd>${number(seatsOf(level))}</dd></div><div><dt>${words.odds}</dt><dd>${words.ratio(odds)}</dd></div></dl>
        <div class="foot">
          <span class="pips" role="img" aria-label=${words.difficulty(String(level.difficulty))}>${[1, 2, 3, 4].map((pip) => html`<i class=${pip <= level.difficulty ? 'on' : ''}></i>`)}</span>
          <span class="small figure ${best === null ? 'muted' : ''}">${best === null ? words.none : words.best(formatClock(best))}</span>
        </div>
        <button class="primary wide" aria-label="${words.start}: ${words.levels[level.id]}" @click=${() => emit<LevelId>(this, 'start', level.id)}>${words.start}</button>
      </div>
    </article>`;
  }
}

customElements.define('level-list', LevelList);
