/** `<spread-field>`: how a duration varies: its shape, and the numbers of that shape. Emits `field-change`. */

import type { Spread } from '@frontrow/wasm';
import { LitElement, css, html } from 'lit';
import { base, emit } from '../../components/base';
import { simulateTexts } from '../../i18n/simulate';
import { settings } from '../../stores/settings';
import { Watch } from '../../stores/store';
import type { Json } from '../scenario/changes';
import { SPREADS, type FieldProblem } from '../scenario/fields';
import { fieldName } from '../words';
import type { FieldChange } from './number-field';
import './number-field';

/** A spread of another shape that is about as long. */
export function reshaped(spread: Spread, kind: string): Spread {
  const typical = 'seconds' in spread ? spread.seconds : 'mean_seconds' in spread ? spread.mean_seconds : 'median_seconds' in spread ? spread.median_seconds : Math.round((spread.min_seconds + spread.max_seconds) / 2);
  const seconds = Math.max(1, typical);
  if (kind === 'fixed') return { kind, seconds };
  if (kind === 'uniform') return { kind, min_seconds: Math.floor(seconds / 2), max_seconds: Math.ceil(seconds * 1.5) };
  return kind === 'exponential' ? { kind, mean_seconds: seconds } : { kind: 'log_normal', median_seconds: seconds, sigma_percent: 60 };
}

export class SpreadFieldElement extends LitElement {
  static override styles = [base, css`
    fieldset { display: grid; gap: var(--s2); grid-template-columns: minmax(0, 1.25fr) repeat(2, minmax(0, 1fr)); align-items: end; }
    legend { font-weight: 600; font-size: var(--t-small); margin-bottom: 5px; padding: 0; }
    label { font-weight: 500; color: var(--muted); }
    select { width: 100%; padding: 0 var(--s2); color: var(--ink); }
    :host([changed]) fieldset { box-shadow: -6px 0 var(--surface), -9px 0 var(--gold); }
    @media (max-width: 420px) { fieldset { grid-template-columns: repeat(2, minmax(0, 1fr)); } label { grid-column: 1 / -1; } }
  `];
  static override properties = { path: { type: String }, value: { attribute: false }, problems: { attribute: false }, disabled: { type: Boolean }, changed: { type: Boolean, reflect: true } };
  declare path: string;
  declare value: Spread;
  declare problems: FieldProblem[];
  declare disabled: boolean;
  declare changed: boolean;

  constructor() {
    super();
    Object.assign(this, { problems: [], disabled: false, changed: false });
    new Watch(this, settings);
  }

  protected override render(): unknown {
    const texts = simulateTexts();
    const values = this.value as unknown as Record<string, number>;
    return html`<fieldset ?disabled=${this.disabled}>
      <legend>${fieldName(this.path)}</legend>
      <label><span class="hidden">${texts.field['kind']}</span>
        <select name="${this.path}.kind" @change=${this.shaped}>${Object.keys(SPREADS).map((kind) => html`<option value=${kind} ?selected=${kind === this.value.kind}>${texts.spread[kind]}</option>`)}</select></label>
      ${(SPREADS[this.value.kind] ?? []).map((part) => {
        const path = `${this.path}.${part.path}`;
        const problem = this.problems.find((one) => one.path === path || one.path === this.path)?.reason ?? null;
        return html`<number-field .field=${{ ...part, path }} .value=${values[part.path] ?? null} .problem=${problem} ?disabled=${this.disabled}></number-field>`;
      })}
    </fieldset>`;
  }

  private readonly shaped = (event: Event): void => {
    const value = reshaped(this.value, (event.target as HTMLSelectElement).value);
    emit<FieldChange>(this, 'field-change', { path: this.path, value: value as unknown as Json });
  };
}

customElements.define('spread-field', SpreadFieldElement);
