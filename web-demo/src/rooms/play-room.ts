/** `<play-room>`. */

import { LitElement, html } from 'lit';
import { base } from '../components/base';

export class PlayRoom extends LitElement {
  static override styles = base;

  protected override render(): unknown {
    return html`<h1>Play</h1>`;
  }
}

customElements.define('play-room', PlayRoom);
