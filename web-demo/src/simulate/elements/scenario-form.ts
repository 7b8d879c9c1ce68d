/** `<scenario-form>`: everything that can be set, in groups. Emits `field-change`, `edit-lane` and `compare`. */

import type { Scenario } from '@frontrow/wasm';
import { LitElement, css, html, nothing } from 'lit';
import { base, emit } from '../../components/base';
import { simulateTexts } from '../../i18n/simulate';
import { settings } from '../../stores/settings';
import { Watch } from '../../stores/store';
import { applied, at, type Changes, type Json } from '../scenario/changes';
import { FIELDS, TASTES, isShared, type FieldProblem, type Group, type NumberField } from '../scenario/fields';
import type { LaneNumber } from '../state';
import { fieldName, number, peopleOf, reasonText, seatsOf } from '../words';
import type { FieldChange } from './number-field';
import './number-field';
import './section-list';
import './spread-field';
import './wave-list';

/** Groups that are open from the start: what the question is about. */
const OPEN: Group[] = ['admission', 'holds', 'arrivals'];

export class ScenarioFormElement extends LitElement {
  static override styles = [base, css`
    .lanes { display: grid; grid-template-columns: 1fr 1fr; gap: var(--s1); background: var(--raised); border: 1px solid var(--line); border-radius: var(--radius-small); padding: 4px; }
    .lanes button { border-color: transparent; background: transparent; min-height: 40px; }
    .lanes button[aria-pressed='true'] { background: var(--accent); color: var(--on-accent); }
    .lanes button[aria-pressed='true'].b { background: var(--gold); color: var(--on-gold); }
    details { border-top: 1px solid var(--line); }
    summary { cursor: pointer; font-weight: 650; min-height: 48px; display: flex; align-items: center; justify-content: space-between; gap: var(--s2); list-style: none; }
    summary::-webkit-details-marker { display: none; }
    summary::after { content: '＋'; color: var(--muted); font-weight: 400; }
    details[open] summary::after { content: '－'; }
    summary .small { margin-left: auto; font-weight: 400; }
    .fields { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: var(--s3); align-items: start; padding-bottom: var(--s4); }
    .wide { grid-column: 1 / -1; }
    .check { display: flex; align-items: center; gap: var(--s2); min-height: 44px; }
    .check input { width: 20px; min-height: 20px; accent-color: var(--accent); flex: none; }
    .error { color: var(--bad); font-weight: 600; font-size: var(--t-small); }
    .note { background: var(--warn-soft); border-radius: var(--radius-small); padding: var(--s2) var(--s3); font-size: var(--t-small); }
  `];
  static override properties = { scenario: { attribute: false }, twin: { attribute: false }, editing: { type: Number }, problems: { attribute: false } };
  declare scenario: Scenario;
  declare twin: Changes | null;
  declare editing: LaneNumber;
  declare problems: FieldProblem[];

  constructor() {
    super();
    Object.assign(this, { twin: null, editing: 0, problems: [] });
    new Watch(this, settings);
  }

  /** The scenario that is being changed. */
  private get shown(): Scenario {
    return this.isTwin ? applied(this.scenario, this.twin ?? {}) : this.scenario;
  }

  private get isTwin(): boolean {
    return this.editing === 1 && this.twin !== null;
  }

  /** A problem of the twin that it has of the scenario is shown with the scenario. */
  private get ours(): FieldProblem[] {
    return this.problems.filter(({ lane }) => lane === (this.isTwin ? 1 : 0));
  }

  protected override render(): unknown {
    const texts = simulateTexts();
    const scenario = this.shown;
    const { interval_seconds: every, batch_size: batch } = scenario.admission;
    const seats = scenario.halls.reduce((sum, hall) => sum + seatsOf(hall), 0);
    return html`<section class="card stack" aria-labelledby="title">
      <div class="stack"><div><h3 id="title">${texts.setup}</h3><p class="muted small">${texts.setupHint}</p></div>${this.lanes()}</div>
      ${this.problems.length === 0 ? nothing : html`<p class="error" role="status">${texts.wrong}: ${this.problems.map(({ lane, path, reason }) => `${this.twin === null ? '' : `${lane === 0 ? 'A' : 'B'} · `}${fieldName(path)} – ${reasonText(reason)}`).join('; ')}</p>`}
      <div>
        ${this.group('admission', texts.pace(number(Math.round((batch * 60) / Math.max(1, every)))), html`${this.numbers('admission')}${this.inventory()}`)}
        ${this.group('holds', '', this.numbers('holds'))}
        ${this.group('hall', texts.seats(number(seats)), html`<section-list class="wide" .halls=${scenario.halls} .problems=${this.ours}></section-list>`)}
        ${this.group('arrivals', texts.total(number(peopleOf(scenario))), html`${this.shared()}<wave-list class="wide" .waves=${scenario.arrivals} .opensAt=${scenario.sale_opens_at_second} .problems=${this.ours} ?disabled=${this.isTwin}></wave-list>${this.whole('arrivals')}`)}
        ${this.group('people', '', html`${['patience', 'think', 'payment'].map((name) => this.spread(`people.${name}`))}${this.numbers('people')}${this.weights()}${TASTES.map((field) => this.number(field))}${this.whole('people.taste')}`)}
        ${this.group('bots', '', this.numbers('bots'))}
        ${this.group('run', '', html`${this.shared()}${this.numbers('run')}`)}
      </div>
    </section>`;
  }

  private lanes(): unknown {
    const texts = simulateTexts();
    if (this.twin === null) return html`<div><button @click=${() => emit(this, 'compare', true)}>${texts.twin.start}</button></div>`;
    const lane = (which: LaneNumber, word: string): unknown => html`<button class=${which === 1 ? 'b' : 'a'} aria-pressed=${this.editing === which ? 'true' : 'false'} @click=${() => emit<LaneNumber>(this, 'edit-lane', which)}>${word}</button>`;
    return html`<div class="lanes" role="group" aria-label=${texts.lane.group}>${lane(0, texts.lane.a)}${lane(1, texts.lane.b)}</div>
      <p class="small muted">${this.isTwin ? texts.twin.hint : nothing}</p>
      <div><button class="quiet" @click=${() => emit(this, 'compare', false)}>${texts.twin.stop}</button></div>`;
  }

  private group(group: Group, more: string, fields: unknown): unknown {
    const changes = this.isTwin && Object.keys(this.twin ?? {}).some((path) => groupOf(path) === group);
    const wrong = this.ours.some(({ path }) => groupOf(path) === group);
    return html`<details ?open=${OPEN.includes(group) || changes || wrong}><summary>${simulateTexts().group[group]}<span class="small muted figure">${more}</span></summary><div class="fields">${fields}</div></details>`;
  }

  private numbers(group: keyof typeof FIELDS): unknown {
    return FIELDS[group].map((field) => this.number(field));
  }

  private number(field: NumberField): unknown {
    const { path } = field;
    const problem = this.ours.find((one) => one.path === path)?.reason ?? null;
    return html`<number-field .field=${field} .value=${at(this.shown, path) ?? null} .problem=${problem} ?changed=${this.isChanged(path)} ?disabled=${this.isTwin && isShared(path)}></number-field>`;
  }

  private spread(path: string): unknown {
    return html`<spread-field class="wide" path=${path} .value=${at(this.shown, path)} .problems=${this.ours} ?changed=${this.isChanged(path)}></spread-field>`;
  }

  private inventory(): unknown {
    const path = 'admission.inventory_aware';
    return html`<label class="check wide"><input name=${path} type="checkbox" .checked=${this.shown.admission.inventory_aware} @change=${(event: Event) => this.send(path, (event.target as HTMLInputElement).checked)} />${fieldName(path)}</label>`;
  }

  private weights(): unknown {
    const path = 'people.group_weights';
    const reason = this.ours.find((one) => one.path === path)?.reason;
    const changed = (event: Event): void => {
      const weights = (event.target as HTMLInputElement).value.split(/[\s,;]+/).filter((word) => word !== '').map(Number);
      if (weights.every(Number.isSafeInteger)) this.send(path, weights);
    };
    return html`<div class="wide"><label>${fieldName(path)}<input name=${path} .value=${this.shown.people.group_weights.join(', ')} aria-describedby="weights" aria-invalid=${reason === undefined ? 'false' : 'true'} @change=${changed} /></label>
      <p id="weights" class=${reason === undefined ? 'small muted' : 'error'}>${reason === undefined ? simulateTexts().hint[path] : reasonText(reason)}</p></div>`;
  }

  private shared(): unknown {
    return this.isTwin ? html`<p class="note wide">${simulateTexts().twin.shared}</p>` : nothing;
  }

  private whole(path: string): unknown {
    const reason = this.ours.find((one) => one.path === path)?.reason;
    return reason === undefined ? nothing : html`<p class="error wide" role="alert">${reasonText(reason)}</p>`;
  }

  private isChanged(path: string): boolean {
    return this.isTwin && Object.keys(this.twin ?? {}).some((one) => one === path || one.startsWith(`${path}.`));
  }

  private send(path: string, value: Json): void {
    emit<FieldChange>(this, 'field-change', { path, value });
  }
}

/** The group in which a path is set. */
export function groupOf(path: string): Group {
  const first = path.split('.')[0] ?? '';
  if (first === 'halls') return 'hall';
  return first in FIELDS || first === 'arrivals' ? (first as Group) : 'run';
}

customElements.define('scenario-form', ScenarioFormElement);
