/** `<section-list>`: the hall, section by section, and how often it is played. Emits `field-change` with all halls. */

import type { Hall, Section } from '@frontrow/wasm';
import { LitElement, css, html, nothing } from 'lit';
import { base, emit } from '../../components/base';
import { simulateTexts } from '../../i18n/simulate';
import { settings } from '../../stores/settings';
import { Watch } from '../../stores/store';
import type { Json } from '../scenario/changes';
import { SECTION, type FieldProblem, type NumberField } from '../scenario/fields';
import { reasonText } from '../words';
import type { FieldChange } from './number-field';
import './number-field';

/** Most sections and performances that are drawn well; the engine takes more. */
const [SECTIONS_MAX, HALLS_MAX] = [8, 20];
const PERFORMANCES: NumberField = { path: 'halls', unit: 'times', min: 1, max: HALLS_MAX };
/** What a new section is like. */
const NEW: Omit<Section, 'name'> = { rows: 10, seats_per_row: 20, price: 88_000 };

/** A name that no section has yet. */
export function freeName(sections: readonly Section[]): string {
  const taken = new Set(sections.map((section) => section.name));
  return [...'RSABCDEFGH'].find((name) => !taken.has(name)) ?? `Z${sections.length}`;
}

export class SectionListElement extends LitElement {
  static override styles = [base, css`
    :host { display: grid; gap: var(--s3); }
    .section { display: grid; gap: var(--s2); grid-template-columns: 4.2rem minmax(0, 1fr) minmax(0, 1.15fr) minmax(0, 1.7fr) auto; align-items: end; }
    .section button { padding: 0; width: 40px; }
    .error { color: var(--bad); font-weight: 600; font-size: var(--t-small); }
    .performances { width: 50%; }
    @media (max-width: 420px) { .section { grid-template-columns: repeat(2, minmax(0, 1fr)); border-bottom: 1px dashed var(--line-strong); padding-bottom: var(--s3); } .section button { width: auto; } }
  `];
  static override properties = { halls: { attribute: false }, problems: { attribute: false } };
  declare halls: Hall[];
  declare problems: FieldProblem[];

  constructor() {
    super();
    Object.assign(this, { halls: [], problems: [] });
    this.addEventListener('field-change', this.changed as EventListener);
    new Watch(this, settings);
  }

  protected override render(): unknown {
    const texts = simulateTexts();
    const sections = this.halls[0]?.sections ?? [];
    // Any hall's problem is every hall's, since they are the same.
    const whole = this.problems.find(({ path }) => path === 'halls' || /^halls\.\d+\.sections$/.test(path));
    return html`${sections.map((section, index) => this.section(section, index, sections))}
      ${whole === undefined ? nothing : html`<p class="error" role="alert">${reasonText(whole.reason)}</p>`}
      ${sections.length >= SECTIONS_MAX ? nothing : html`<div><button class="quiet" @click=${() => this.send([...sections, { name: freeName(sections), ...NEW }])}>＋ ${texts.addSection}</button></div>`}
      <number-field class="performances" .field=${PERFORMANCES} .value=${this.halls.length}></number-field>`;
  }

  private section(section: Section, index: number, sections: Section[]): unknown {
    const texts = simulateTexts();
    const path = `halls.0.sections.${index}`;
    const renamed = (event: Event): void => this.send(sections.map((one, other) => (other === index ? { ...one, name: (event.target as HTMLInputElement).value } : one)));
    const nameProblem = this.reasonFor(index, 'name');
    return html`<div class="section" role="group" aria-label="${texts.field['name']} ${section.name}">
        <label>${texts.field['name']}<input name="${path}.name" maxlength="200" .value=${section.name} aria-invalid=${nameProblem === null ? 'false' : 'true'} @change=${renamed} /></label>
        ${SECTION.map((part) => html`<number-field .field=${{ ...part, path: `${path}.${part.path}` }} .value=${section[part.path as 'rows']} .problem=${this.reasonFor(index, part.path)}></number-field>`)}
        <button class="quiet" aria-label="${texts.remove}: ${section.name}" ?disabled=${sections.length === 1} @click=${() => this.send(sections.filter((_, other) => other !== index))}>✕</button>
      </div>${nameProblem === null ? nothing : html`<p class="error" role="alert">${reasonText(nameProblem)}</p>`}`;
  }

  private reasonFor(index: number, part: string): string | null {
    const ours = new RegExp(`^halls\\.\\d+\\.sections\\.${index}\\.${part}$`);
    return this.problems.find(({ path }) => ours.test(path))?.reason ?? null;
  }

  /** A number of one section is a change of every hall. */
  private readonly changed = (event: CustomEvent<FieldChange>): void => {
    const { path, value } = event.detail;
    const from = event.composedPath()[0];
    if (from === this || typeof value !== 'number') return;
    event.stopPropagation();
    const sections = this.halls[0]?.sections ?? [];
    if (path === 'halls') {
      this.send(sections, value);
      return;
    }
    const [, , , index, part = ''] = path.split('.');
    this.send(sections.map((section, other) => (other === Number(index) ? { ...section, [part]: value } : section)));
  };

  private send(sections: Section[], count = this.halls.length): void {
    const halls = Array.from({ length: count }, () => ({ sections }));
    emit<FieldChange>(this, 'field-change', { path: 'halls', value: halls as unknown as Json });
  }
}

customElements.define('section-list', SectionListElement);
