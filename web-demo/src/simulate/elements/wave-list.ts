/** `<wave-list>`: who comes when, wave by wave. Emits `field-change` with all arrivals, or one of their numbers. */

import type { Wave } from '@frontrow/wasm';
import { LitElement, css, html, nothing } from 'lit';
import { base, emit } from '../../components/base';
import { simulateTexts } from '../../i18n/simulate';
import { settings } from '../../stores/settings';
import { Watch } from '../../stores/store';
import type { Json } from '../scenario/changes';
import { WAVES, type FieldProblem } from '../scenario/fields';
import { parseCounts, reshapedWave } from '../waves';
import { number, reasonText } from '../words';
import type { FieldChange } from './number-field';
import './number-field';

/** Most waves that are drawn well; the engine takes more. */
const WAVES_MAX = 8;
export class WaveListElement extends LitElement {
  static override styles = [base, css`
    :host { display: grid; gap: var(--s4); }
    .wave { display: grid; gap: var(--s3); grid-template-columns: repeat(2, minmax(0, 1fr)); align-items: end; }
    .wave + .wave { border-top: 1px dashed var(--line-strong); padding-top: var(--s4); }
    .head { grid-column: 1 / -1; display: flex; gap: var(--s2); align-items: end; }
    .head label { flex: 1; }
    select { width: 100%; padding: 0 var(--s2); }
    textarea { font: inherit; color: inherit; background: var(--surface); border: 1px solid var(--line-strong); border-radius: var(--radius-small); padding: var(--s2); width: 100%; min-height: 92px; resize: vertical; font-variant-numeric: tabular-nums; }
    .wide { grid-column: 1 / -1; }
    .error { color: var(--bad); font-weight: 600; font-size: var(--t-small); }
  `];
  static override properties = { waves: { attribute: false }, opensAt: { type: Number }, problems: { attribute: false }, disabled: { type: Boolean }, unreadable: { state: true } };
  declare waves: Wave[];
  declare opensAt: number;
  declare problems: FieldProblem[];
  declare disabled: boolean;
  /** The wave whose counts are not numbers, by its index. */
  declare unreadable: number | null;

  constructor() {
    super();
    Object.assign(this, { waves: [], opensAt: 0, problems: [], disabled: false, unreadable: null });
    new Watch(this, settings);
  }

  protected override render(): unknown {
    const texts = simulateTexts();
    return html`${this.waves.map((wave, index) => this.wave(wave, index))}
      ${this.waves.length >= WAVES_MAX || this.disabled ? nothing : html`<div><button class="quiet" @click=${this.added}>＋ ${texts.addWave}</button></div>`}`;
  }

  private wave(wave: Wave, index: number): unknown {
    const texts = simulateTexts();
    const path = `arrivals.${index}`;
    const values = wave as unknown as Record<string, number>;
    const name = this.waves.length === 1 ? texts.field['kind'] : texts.waveNumber(number(index + 1));
    return html`<div class="wave" role="group" aria-label=${texts.waveNumber(number(index + 1))}>
      <div class="head">
        <label>${name}<select name="${path}.kind" ?disabled=${this.disabled} @change=${(event: Event) => this.replace(index, reshapedWave(wave, (event.target as HTMLSelectElement).value, this.opensAt))}>
          ${Object.keys(WAVES).map((kind) => html`<option value=${kind} ?selected=${kind === wave.kind}>${texts.wave[kind]}</option>`)}</select></label>
        ${this.waves.length === 1 || this.disabled ? nothing : html`<button class="quiet" @click=${() => this.send(this.waves.filter((_, other) => other !== index))}>${texts.remove}</button>`}
      </div>
      ${(WAVES[wave.kind] ?? []).map((part) => html`<number-field .field=${{ ...part, path: `${path}.${part.path}` }} .value=${values[part.path] ?? null} .problem=${this.reasonFor(`${path}.${part.path}`)} ?disabled=${this.disabled}></number-field>`)}
      ${wave.kind === 'recorded' ? this.counts(wave.counts, index) : nothing}
    </div>`;
  }

  private counts(counts: number[], index: number): unknown {
    const texts = simulateTexts();
    const reason = this.unreadable === index ? texts.hint['counts'] : this.reasonFor(`arrivals.${index}.counts`);
    return html`<div class="wide"><label>${texts.field['counts']}<textarea name="arrivals.${index}.counts" spellcheck="false" ?disabled=${this.disabled} aria-invalid=${reason === null ? 'false' : 'true'} aria-describedby="counts-${index}"
      .value=${counts.join(' ')} @change=${(event: Event) => this.counted(index, (event.target as HTMLTextAreaElement).value)}></textarea></label>
      <p id="counts-${index}" class=${reason === null ? 'small muted' : 'error'}>${reason === null || reason === undefined ? texts.hint['counts'] : reasonText(reason)}</p></div>`;
  }

  private reasonFor(path: string): string | null {
    return this.problems.find((one) => one.path === path)?.reason ?? null;
  }

  private counted(index: number, written: string): void {
    const counts = parseCounts(written);
    this.unreadable = counts === null ? index : null;
    const wave = this.waves[index];
    if (counts !== null && wave?.kind === 'recorded') this.replace(index, { ...wave, counts });
  }

  private replace(index: number, wave: Wave): void {
    this.send(this.waves.map((one, other) => (other === index ? wave : one)));
  }

  private readonly added = (): void => this.send([...this.waves, { kind: 'burst', people: 500, at_second: this.opensAt }]);

  private send(waves: Wave[]): void {
    emit<FieldChange>(this, 'field-change', { path: 'arrivals', value: waves as unknown as Json });
  }
}

customElements.define('wave-list', WaveListElement);
