/** `<crowd-panel>`: made-up visitors on the real server. Emits `send` and `stop`. */

import { LitElement, html } from 'lit';
import { formatNumber } from '../format';
import { texts } from '../i18n';
import { CROWD_SIZE, type CrowdState } from '../stores/crowd';
import { settings } from '../stores/settings';
import { Watch } from '../stores/store';
import { base, emit } from './base';

export class CrowdPanel extends LitElement {
  static override styles = base;
  static override properties = { crowd: { attribute: false } };
  declare crowd: CrowdState;

  constructor() {
    super();
    this.crowd = { waiting: 0, inside: 0, bought: 0 };
    new Watch(this, settings);
  }

  protected override render(): unknown {
    const words = texts().crowd;
    const number = (value: number): string => formatNumber(value, settings.value.locale);
    const { waiting, inside, bought } = this.crowd;
    return html`<section class="card stack" aria-labelledby="title">
      <div><h3 id="title">${words.title}</h3><p class="muted small">${words.lead}</p></div>
      <p class="figure">${words.count(number(waiting), number(inside), number(bought))}</p>
      <div class="row"><button @click=${() => emit(this, 'send')}>${words.send(number(CROWD_SIZE))}</button>
        <button class="quiet" ?disabled=${waiting + inside === 0} @click=${() => emit(this, 'stop')}>${words.stop}</button></div>
    </section>`;
  }
}

customElements.define('crowd-panel', CrowdPanel);
