/** `<policy-form>`: N, K and the most that may be inside. Emits `apply` with the whole admission policy. */

import { LitElement, css, html } from 'lit';
import type { Admission } from '../api/types';
import { formatNumber } from '../format';
import { texts } from '../i18n';
import { settings } from '../stores/settings';
import { Watch } from '../stores/store';
import { base, emit } from './base';

/** The contract's bounds. */
const [SECONDS_MAX, PEOPLE_MAX] = [86_400, 1_000_000];

export class PolicyForm extends LitElement {
  static override styles = [base, css`
    .fields { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: var(--s3); align-items: end; }
    @media (max-width: 480px) { .fields { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); } }
  `];
  static override properties = { admission: { attribute: false }, busy: { type: Boolean }, draft: { state: true } };
  declare admission: Admission | null;
  declare busy: boolean;
  /** What was typed and not applied yet. */
  declare draft: Partial<Admission>;

  constructor() {
    super();
    Object.assign(this, { admission: null, busy: false, draft: {} });
    new Watch(this, settings);
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    const before = changed.get('admission') as Admission | null | undefined;
    if (changed.has('admission') && JSON.stringify(before) !== JSON.stringify(this.admission)) this.draft = {};
  }

  protected override render(): unknown {
    if (this.admission === null) return html``;
    const words = texts().operator;
    const { interval_seconds: every, batch_size: batch, max_active: most } = { ...this.admission, ...this.draft };
    const pace = every > 0 ? formatNumber(Math.round((batch * 60) / every), settings.value.locale) : '–';
    const typed = (event: Event): number => Number((event.target as HTMLInputElement).value);
    return html`<form class="card stack" @submit=${this.submitted}>
      <div class="row between"><h3>${words.policy}</h3><span class="chip figure">${words.admits(pace)}</span></div>
      <div class="fields">
        <label>${words.interval}<input name="interval" type="number" required min="1" max=${SECONDS_MAX} .value=${String(every)} @input=${(event: Event) => (this.draft = { ...this.draft, interval_seconds: typed(event) })} /></label>
        <label>${words.batch}<input name="batch" type="number" required min="1" max=${PEOPLE_MAX} .value=${String(batch)} @input=${(event: Event) => (this.draft = { ...this.draft, batch_size: typed(event) })} /></label>
        <label>${words.most}<input name="most" type="number" min="1" max=${PEOPLE_MAX} placeholder=${words.unlimited} .value=${most === null ? '' : String(most)} @input=${(event: Event) => (this.draft = { ...this.draft, max_active: typed(event) || null })} /></label>
      </div>
      <div><button class="primary" ?disabled=${this.busy}>${words.apply}</button></div>
    </form>`;
  }

  private readonly submitted = (event: Event): void => {
    event.preventDefault();
    if (this.admission !== null) emit<Admission>(this, 'apply', { ...this.admission, ...this.draft });
  };
}

customElements.define('policy-form', PolicyForm);
