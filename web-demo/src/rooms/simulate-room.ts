/** `<simulate-room>`. */

import { LitElement, html } from 'lit';
import { base } from '../components/base';

export class SimulateRoom extends LitElement {
  static override styles = base;

  protected override render(): unknown {
    return html`<h1>Simulate</h1>`;
  }
}

customElements.define('simulate-room', SimulateRoom);
