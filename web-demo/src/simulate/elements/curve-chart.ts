/** `<curve-chart>`: curves over time, with what they are worth at the pointer or at the film's time. Emits `seek`. */

import { LitElement, css, html, nothing, unsafeCSS } from 'lit';
import { base, emit } from '../../components/base';
import { Surroundings } from '../../components/surroundings';
import { simulateTexts } from '../../i18n/simulate';
import { settings } from '../../stores/settings';
import { Watch } from '../../stores/store';
import type { Part } from '../chart/picture';
import { plots, styles, type Plot, type Series } from '../chart/lazy';
import { clock, number } from '../words';
import { vars } from './vars';

/** Rows of the table that says the same. */
const ROWS = 12;
/** Milliseconds between two drawings while it plays. */
const DRAW_EVERY_MS = 66;

export class CurveChartElement extends LitElement {
  static override styles = [base, unsafeCSS(styles), css`
    .head { display: flex; flex-wrap: wrap; gap: var(--s1) var(--s4); align-items: baseline; justify-content: space-between; }
    .legend { display: flex; flex-wrap: wrap; gap: var(--s1) var(--s4); font-size: var(--t-small); }
    .legend b { font-variant-numeric: tabular-nums; display: inline-block; min-width: 3.2ch; }
    .line { display: inline-block; width: 18px; border-top: 3px solid var(--c); vertical-align: middle; margin-right: 6px; }
    .line.twin { border-top-style: dashed; }
    .plot { cursor: crosshair; min-width: 0; overflow: hidden; min-height: 170px; }
    .plot .u-wrap { font-family: var(--font); }
    summary { cursor: pointer; font-size: var(--t-small); color: var(--muted); min-height: 32px; display: inline-flex; align-items: center; }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; width: 100%; font-size: var(--t-small); font-variant-numeric: tabular-nums; }
    th, td { text-align: right; padding: 4px var(--s2); border-bottom: 1px solid var(--line); white-space: nowrap; }
    th:first-child, td:first-child { text-align: left; }
  `];
  static override properties = { heading: { type: String }, seconds: { attribute: false }, series: { attribute: false }, head: { type: Number }, opens: { type: Number }, height: { type: Number }, pointed: { state: true } };
  declare heading: string;
  declare seconds: number[];
  declare series: Series[];
  /** The film's time, in seconds. */
  declare head: number;
  /** When the sale opens. */
  declare opens: number;
  declare height: number;
  declare pointed: number | null;
  private plot: Plot | null = null;
  /** What the plot was made for; another language or another set of curves makes it anew. */
  private made = '';
  private drawnAt = 0;
  private later: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    Object.assign(this, { heading: '', seconds: [], series: [], head: 0, opens: 0, height: 190, pointed: null });
    new Watch(this, settings);
    new Surroundings(this, () => this.plot?.fit(this.height), () => (this.made = ''));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.later);
    this.plot?.destroy();
    this.plot = null;
    this.made = '';
  }

  /** The chart for a picture file. */
  get picture(): Part | null {
    if (this.plot === null) return null;
    return { title: this.heading, canvas: this.plot.canvas, legend: this.series.map(({ name, colour, isTwin = false }) => ({ name, colour, isTwin })) };
  }

  protected override render(): unknown {
    const texts = simulateTexts();
    const index = this.pointed ?? this.indexAt(this.head);
    const label = texts.chart.label(this.series.map(({ name }) => name).join(', '));
    return html`<div class="head"><h3>${this.heading}</h3><p class="legend">${this.series.map((one) => html`<span ${vars({ '--c': `var(${one.colour})` })}><span class="line ${one.isTwin === true ? 'twin' : ''}"></span>${one.name} <b>${number(one.values[index] ?? 0)}</b></span>`)}</p></div>
      <div class="plot" role="img" aria-label="${this.heading}. ${label}"></div>
      <details><summary>${texts.chart.table}</summary>${this.table()}</details>`;
  }

  private table(): unknown {
    const every = Math.max(1, Math.ceil(this.seconds.length / ROWS));
    const rows = this.seconds.map((second, index) => ({ second, index })).filter(({ index }) => index % every === 0 || index === this.seconds.length - 1);
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${this.heading}><table><thead><tr><th scope="col">${simulateTexts().chart.time}</th>${this.series.map(({ name }) => html`<th scope="col">${name}</th>`)}</tr></thead>
      <tbody>${rows.map(({ second, index }) => html`<tr><th scope="row">${clock(second * 1000)}</th>${this.series.map(({ values }) => html`<td>${values[index] === null || values[index] === undefined ? nothing : number(values[index])}</td>`)}</tr>`)}</tbody></table></div>`;
  }

  protected override updated(changes: Map<PropertyKey, unknown>): void {
    const into = this.renderRoot.querySelector<HTMLElement>('.plot');
    const module = plots(() => this.requestUpdate());
    if (into === null || this.seconds.length === 0 || module === null) return;
    const made = [settings.value.theme, settings.value.locale, this.height, ...this.series.map(({ name, colour }) => name + colour)].join();
    if (made !== this.made) {
      this.made = made;
      this.plot?.destroy();
      const look = { height: this.height, horizontal: (second: number) => clock(second * 1000), vertical: number };
      this.plot = new module.Plot(into, look, this.seconds, this.series, ({ index }) => (this.pointed = index), (second) => emit<number>(this, 'seek', Math.max(0, second) * 1000));
    } else if (changes.has('series') || changes.has('seconds')) {
      this.plot?.set(this.seconds, this.series);
    } else if (!changes.has('head') && !changes.has('opens')) {
      return;
    }
    this.markSoon();
  }

  /** Not at every frame: a chart is looked at, not watched. */
  private markSoon(): void {
    clearTimeout(this.later);
    const wait = this.drawnAt + DRAW_EVERY_MS - performance.now();
    const mark = (): void => {
      this.drawnAt = performance.now();
      const last = this.seconds.at(-1) ?? 0;
      this.plot?.mark({ head: this.head >= last ? null : this.head, opens: this.opens > 0 ? this.opens : null });
    };
    if (wait <= 0) mark();
    else this.later = setTimeout(mark, wait);
  }

  /** The last sample that is not after a time. */
  private indexAt(second: number): number {
    const step = (this.seconds[1] ?? 1) - (this.seconds[0] ?? 0);
    return Math.min(this.seconds.length - 1, Math.floor(second / Math.max(1, step)));
  }
}

customElements.define('curve-chart', CurveChartElement);
