/** `<preset-strip>`: stories to begin with. Emits `preset`. */

import { LitElement, css, html } from 'lit';
import { base, emit } from '../../components/base';
import { simulateTexts } from '../../i18n/simulate';
import { settings } from '../../stores/settings';
import { Watch } from '../../stores/store';
import { PRESETS, type PresetName } from '../scenario/presets';

export class PresetStripElement extends LitElement {
  static override styles = [base, css`
    .strip { display: grid; gap: var(--s3); grid-template-columns: repeat(5, minmax(0, 1fr)); }
    button { text-align: left; padding: var(--s3) var(--s4); display: grid; gap: 2px; align-content: start; border-color: var(--line); border-radius: var(--radius); box-shadow: var(--shadow); font-weight: 650; line-height: 1.3; min-height: 92px; }
    button span { font-weight: 400; font-size: var(--t-small); color: var(--muted); line-height: 1.4; }
    button[aria-pressed='true'] { border-color: var(--accent); box-shadow: 0 0 0 2px var(--accent), var(--shadow); }
    @media (max-width: 960px) { .strip { display: flex; overflow-x: auto; padding: 3px 3px var(--s2); margin: -3px -3px 0; scroll-snap-type: x proximity; } button { flex: 0 0 min(64vw, 220px); scroll-snap-align: center; } }
  `];
  static override properties = { current: { attribute: false } };
  declare current: PresetName | null;

  constructor() {
    super();
    this.current = null;
    new Watch(this, settings);
  }

  protected override render(): unknown {
    const texts = simulateTexts();
    return html`<div class="strip" role="group" aria-label=${texts.presets}>${PRESETS.map((name) => {
      const [title, lead] = texts.preset[name] ?? [name, ''];
      return html`<button aria-pressed=${this.current === name ? 'true' : 'false'} @click=${() => emit<PresetName>(this, 'preset', name)}>${title}<span>${lead}</span></button>`;
    })}</div>`;
  }
}

customElements.define('preset-strip', PresetStripElement);
