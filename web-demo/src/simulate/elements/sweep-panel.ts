/** `<sweep-panel>`: the same crowd, once for each value of one number. Emits `field-change` with a value to keep. */

import type { Scenario } from '@frontrow/wasm';
import { LitElement, css, html, nothing, unsafeCSS } from 'lit';
import { base, emit } from '../../components/base';
import { simulateTexts } from '../../i18n/simulate';
import { settings } from '../../stores/settings';
import { Watch } from '../../stores/store';
import { Plot, styles, type Series } from '../chart/plot';
import { measureOf, type MeasureKey } from '../outcome/measures';
import { parseValues, suggestedValues, type SweepPoint } from '../outcome/sweep';
import { SWEPT, type NumberField } from '../scenario/fields';
import type { SweepRun } from '../sweep-run';
import { clock, fieldName, figure, number, reasonText } from '../words';
import type { FieldChange } from './number-field';
import { vars } from './vars';

const COLUMNS: MeasureKey[] = ['sell_through', 'sold_out_after', 'bought', 'wait_p50', 'wait_p95', 'empty_handed', 'gave_up', 'lapsed'];
const HEIGHT = 240;


export class SweepPanelElement extends LitElement {
  static override styles = [base, unsafeCSS(styles), css`
    form { display: grid; gap: var(--s3); grid-template-columns: minmax(0, 1fr) minmax(0, 1.4fr) auto; align-items: end; }
    select { width: 100%; }
    .error { color: var(--bad); font-weight: 600; font-size: var(--t-small); }
    progress { width: 100%; height: 8px; accent-color: var(--accent); }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: var(--t-small); }
    th, td { padding: 6px var(--s3); border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
    thead th { white-space: normal; vertical-align: bottom; color: var(--muted); font-weight: 600; line-height: 1.3; }
    th:first-child { text-align: left; font-weight: 700; padding-left: 0; }
    td button { min-height: 36px; padding: 0 var(--s3); }
    .legend { display: flex; flex-wrap: wrap; gap: var(--s1) var(--s4); font-size: var(--t-small); }
    .line { display: inline-block; width: 18px; border-top: 3px solid var(--c); vertical-align: middle; margin-right: 6px; }
    .plot:empty { display: none; }
    @media (max-width: 700px) { form { grid-template-columns: minmax(0, 1fr); } }
  `];
  static override properties = { scenario: { attribute: false }, sweep: { attribute: false }, path: { state: true }, written: { state: true }, wrong: { state: true } };
  declare scenario: Scenario;
  declare sweep: SweepRun;
  declare path: string;
  /** What was written as values; `null` for what is suggested. */
  declare written: string | null;
  declare wrong: string | null;
  private plot: Plot | null = null;
  private stopWatching: (() => void) | undefined;
  private readonly resized = new ResizeObserver(() => this.plot?.fit(HEIGHT));

  constructor() {
    super();
    Object.assign(this, { path: 'admission.batch_size', written: null, wrong: null });
    new Watch(this, settings);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.stopWatching = this.sweep.store.subscribe(() => this.requestUpdate());
    this.resized.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stopWatching?.();
    this.resized.disconnect();
    this.sweep.stop();
    this.plot?.destroy();
    this.plot = null;
  }

  private get field(): NumberField {
    return SWEPT.find(({ path }) => path === this.path) ?? (SWEPT[0] as NumberField);
  }

  private get values(): string {
    return this.written ?? suggestedValues(this.scenario, this.field).join(', ');
  }

  /** What can be varied here: arrivals as recorded have no number of people. */
  private get fields(): NumberField[] {
    return SWEPT.filter(({ path }) => path !== 'arrivals.0.people' || this.scenario.arrivals[0]?.kind !== 'recorded');
  }

  protected override render(): unknown {
    const words = simulateTexts().sweep;
    const { running, points, all, reason } = this.sweep.store.value;
    const wrong = this.wrong ?? reason;
    return html`<section class="card stack" aria-labelledby="title">
      <div><h2 id="title">${words.title}</h2><p class="muted">${words.lead}</p></div>
      <form @submit=${this.submitted}>
        <label>${words.parameter}<select name="path" @change=${this.chosen}>${this.fields.map(({ path }) => html`<option value=${path} ?selected=${path === this.path}>${fieldName(path)}</option>`)}</select></label>
        <label>${words.values}<input name="values" autocomplete="off" .value=${this.values} aria-describedby="hint" aria-invalid=${wrong === null ? 'false' : 'true'} @input=${(event: Event) => (this.written = (event.target as HTMLInputElement).value)} /></label>
        ${running ? html`<button type="button" @click=${() => this.sweep.stop()}>${words.stop}</button>` : html`<button class="primary">${words.run}</button>`}
      </form>
      <p id="hint" class=${wrong === null ? 'small muted' : 'error'}>${wrong === null ? words.valuesHint : reasonText(wrong)}</p>
      <div role="status">${running ? html`<progress max=${all} .value=${points.length} aria-label=${words.title}></progress> <span class="small muted">${words.progress(number(points.length), number(all))}</span>` : nothing}</div>
      ${points.length === 0 ? nothing : this.results(points)}
    </section>`;
  }

  private results(points: SweepPoint[]): unknown {
    const texts = simulateTexts();
    const { path } = this.sweep.store.value;
    return html`<p class="legend">${this.series(points).map((one) => html`<span ${vars({ '--c': `var(${one.colour})` })}><span class="line"></span>${one.name}</span>`)}</p>
      <div class="plot" role="img" aria-label=${texts.sweep.chart(fieldName(path))}></div>
      <div class="scroll" tabindex="0" role="region" aria-label=${texts.sweep.title}><table><thead><tr><th scope="col">${fieldName(path)}</th>${COLUMNS.map((key) => html`<th scope="col">${texts.measure[key]}</th>`)}<td></td></tr></thead>
        <tbody>${points.map(({ value, report, scenario }) => html`<tr><th scope="row">${value === null ? texts.sweep.none : number(value)}</th>${COLUMNS.map((key) => html`<td data-testid="sweep-${value}-${key}">${figure(measureOf(key), measureOf(key).of(report, scenario))}</td>`)}
          <td><button aria-label=${texts.sweep.useValue(number(value ?? 0))} @click=${() => emit<FieldChange>(this, 'field-change', { path, value })}>${texts.sweep.use}</button></td></tr>`)}</tbody></table></div>`;
  }

  /** Shares on the left, the wait on the right. */
  private series(points: SweepPoint[]): Series[] {
    const names = simulateTexts().measure;
    const line = (key: MeasureKey, colour: string, factor: number, isRight = false): Series => ({
      name: names[key] ?? key, colour, isRight, values: points.map(({ report, scenario }) => scaled(measureOf(key).of(report, scenario), factor)),
    });
    return [line('sell_through', '--seat-4', 100), line('empty_handed', '--seat-3', 100), line('wait_p50', '--accent', 0.001, true)];
  }

  protected override updated(): void {
    const { points } = this.sweep.store.value;
    this.plot?.destroy();
    this.plot = null;
    const into = this.renderRoot.querySelector<HTMLElement>('.plot');
    if (into === null || points.length < 2) return;
    const look = { height: HEIGHT, isSweep: true, horizontal: number, vertical: (value: number) => `${number(value)}%`, right: (value: number) => clock(value * 1000) };
    this.plot = new Plot(into, look, points.map(({ value }) => value ?? 0), this.series(points), () => {}, () => {});
  }

  private readonly chosen = (event: Event): void => {
    this.path = (event.target as HTMLSelectElement).value;
    this.written = null;
    this.wrong = null;
  };

  private readonly submitted = (event: Event): void => {
    event.preventDefault();
    const parsed = parseValues(this.field, this.values);
    this.wrong = 'reason' in parsed ? parsed.reason : null;
    if ('values' in parsed) void this.sweep.start(this.scenario, this.path, parsed.values);
  };
}

function scaled(value: number | null, factor: number): number | null {
  return value === null ? null : value * factor;
}

customElements.define('sweep-panel', SweepPanelElement);
