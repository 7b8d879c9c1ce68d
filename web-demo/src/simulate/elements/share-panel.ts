/** `<share-panel>`: takes the experiment along: as a link, as figures, as a picture. Emits `picture`. */

import { LitElement, css, html, nothing } from 'lit';
import { base, emit } from '../../components/base';
import { simulateTexts } from '../../i18n/simulate';
import { settings } from '../../stores/settings';
import { Watch } from '../../stores/store';
import type { Outcome } from '../outcome/compare';
import { curveCsv, download, outcomeJson } from '../outcome/files';

export class SharePanelElement extends LitElement {
  static override styles = [base, css`
    .buttons { display: flex; flex-wrap: wrap; gap: var(--s2); }
    @media (max-width: 600px) { .buttons button { flex: 1 1 46%; } }
  `];
  static override properties = { outcomes: { attribute: false }, link: { type: String }, copied: { state: true } };
  declare outcomes: Outcome[];
  /** The address from `#` on. */
  declare link: string;
  declare copied: 'yes' | 'no' | null;

  constructor() {
    super();
    Object.assign(this, { outcomes: [], link: '', copied: null });
    new Watch(this, settings);
  }

  protected override willUpdate(changes: Map<PropertyKey, unknown>): void {
    if (changes.has('link')) this.copied = null;
  }

  protected override render(): unknown {
    const words = simulateTexts().share;
    const isEmpty = this.outcomes.length === 0;
    const file = (type: string, content: string): Blob => new Blob([content], { type });
    const reports = this.outcomes.map(({ report }) => report);
    return html`<section class="card stack" aria-labelledby="title"><div><h2 id="title">${words.title}</h2><p class="muted">${words.hint}</p></div>
      <div class="buttons"><button class="primary" @click=${this.copy}>${words.link}</button>
        <button ?disabled=${isEmpty} @click=${() => download('frontrow-curve.csv', file('text/csv', curveCsv(reports)))}>${words.csv}</button>
        <button ?disabled=${isEmpty} @click=${() => download('frontrow-simulation.json', file('application/json', outcomeJson(this.outcomes, this.address)))}>${words.json}</button>
        <button ?disabled=${isEmpty} @click=${() => emit(this, 'picture')}>${words.png}</button></div>
      <p role="status" class="small">${this.copied === null ? nothing : this.copied === 'yes' ? words.copied : words.failed}</p></section>`;
  }

  private get address(): string {
    return new URL(this.link, location.href).href;
  }

  private readonly copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(this.address);
      this.copied = 'yes';
    } catch {
      this.copied = 'no';
    }
  };
}

customElements.define('share-panel', SharePanelElement);
