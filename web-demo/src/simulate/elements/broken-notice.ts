/** `<broken-notice>`: an invariant did not hold. Says which one, and gives the link that repeats it. */

import { LitElement, css, html, nothing } from 'lit';
import { base } from '../../components/base';
import { texts } from '../../i18n';
import { simulateTexts } from '../../i18n/simulate';
import { settings } from '../../stores/settings';
import { Watch } from '../../stores/store';
import type { Broken } from '../state';
import { clock } from '../words';

export class BrokenNoticeElement extends LitElement {
  static override styles = [base, css`
    .card { border: 2px solid var(--bad); background: var(--bad-soft); }
    h2 { color: var(--bad); }
    a { color: inherit; font-weight: 650; overflow-wrap: anywhere; }
  `];
  static override properties = { broken: { attribute: false } };
  declare broken: Broken | null;

  constructor() {
    super();
    this.broken = null;
    new Watch(this, settings);
  }

  protected override render(): unknown {
    const words = simulateTexts().broken;
    const { broken } = this;
    if (broken === null) return nothing;
    const name = texts().operator.invariant[broken.invariant] ?? broken.invariant;
    return html`<section class="card stack" role="alert"><h2>${words.title}</h2><p>${words.lead(name, clock(broken.second * 1000))}</p>
      <p>${words.link}: <a href=${broken.link} data-testid="repeat">${new URL(broken.link, location.href).href}</a></p></section>`;
  }
}

customElements.define('broken-notice', BrokenNoticeElement);
