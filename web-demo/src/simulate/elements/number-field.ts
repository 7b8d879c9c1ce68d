/** `<number-field>`: one number with its name, unit, bounds and what is wrong with it. Emits `field-change`. */

import { LitElement, css, html, nothing } from 'lit';
import { base, emit } from '../../components/base';
import { simulateTexts } from '../../i18n/simulate';
import { settings } from '../../stores/settings';
import { Watch } from '../../stores/store';
import type { Json } from '../scenario/changes';
import { parseField, type NumberField } from '../scenario/fields';
import { fieldName, reasonText } from '../words';
import { vars } from './vars';

/** A part of the scenario is to be another one. */
export interface FieldChange {
  path: string;
  value: Json;
}

export class NumberFieldElement extends LitElement {
  static override styles = [base, css`
    label { gap: 5px; grid-template-rows: 1fr auto; height: 100%; }
    .box { position: relative; display: block; }
    input { padding-right: calc(var(--s4) + var(--unit, 0ch)); }
    input[aria-invalid='true'] { border-color: var(--bad); box-shadow: 0 0 0 1px var(--bad); }
    .unit { position: absolute; right: var(--s3); top: 0; height: 44px; display: grid; align-items: center; color: var(--muted); font-weight: 500; pointer-events: none; }
    .error { color: var(--bad); font-weight: 600; }
    .hint { font-weight: 400; }
    p { font-size: var(--t-small); margin-top: var(--s1); line-height: 1.35; }
    :host([changed]) input { border-color: var(--gold); box-shadow: inset 3px 0 var(--gold); }
    input:disabled { opacity: 0.6; background: var(--raised); }
  `];
  static override properties = { field: { attribute: false }, value: { attribute: false }, problem: { attribute: false }, disabled: { type: Boolean }, changed: { type: Boolean, reflect: true }, wrong: { state: true } };
  declare field: NumberField;
  declare value: number | null;
  /** What the engine says is wrong. */
  declare problem: string | null;
  declare disabled: boolean;
  /** Whether it differs from the twin's. */
  declare changed: boolean;
  /** What is wrong with what is written, and not yet a value. */
  declare wrong: string | null;

  constructor() {
    super();
    Object.assign(this, { value: null, problem: null, disabled: false, changed: false, wrong: null });
    new Watch(this, settings);
  }

  protected override willUpdate(changes: Map<PropertyKey, unknown>): void {
    if (changes.has('value')) this.wrong = null;
  }

  protected override render(): unknown {
    const { field } = this;
    const texts = simulateTexts();
    const unit = texts.unit[field.unit] ?? '';
    const hint = texts.hint[field.path] ?? texts.hint[field.path.split('.').at(-1) ?? ''];
    const error = this.wrong ?? this.problem;
    const described = [error === null ? '' : 'error', hint === undefined ? '' : 'hint'].join(' ').trim();
    return html`<label ${vars({ '--unit': `${unit.length + 1}ch` })}>${fieldName(field.path)}
        <span class="box"><input name=${field.path} inputmode="numeric" autocomplete="off" .value=${this.value === null ? '' : String(this.value)} ?disabled=${this.disabled}
          aria-invalid=${error === null ? 'false' : 'true'} aria-describedby=${described === '' ? nothing : described} @input=${this.typed} @keydown=${this.pressed} /><span class="unit">${unit}</span></span></label>
      ${error === null ? nothing : html`<p id="error" class="error" role="alert">${reasonText(error)}</p>`}
      ${hint === undefined ? nothing : html`<p id="hint" class="hint muted">${hint}</p>`}`;
  }

  private readonly typed = (event: Event): void => this.take((event.target as HTMLInputElement).value);

  private take(written: string): void {
    const parsed = parseField(this.field, written);
    this.wrong = 'reason' in parsed ? parsed.reason : null;
    if ('value' in parsed && parsed.value !== this.value) emit<FieldChange>(this, 'field-change', { path: this.field.path, value: parsed.value });
  }

  /** Arrows go up and down as in a number input; ten at a time with Shift. */
  private readonly pressed = (event: KeyboardEvent): void => {
    const way = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (way === undefined || this.value === null) return;
    event.preventDefault();
    const to = Math.min(this.field.max, Math.max(this.field.min, this.value + way * (event.shiftKey ? 10 : 1)));
    (event.target as HTMLInputElement).value = String(to);
    this.take(String(to));
  };
}

customElements.define('number-field', NumberFieldElement);
