/** `<live-room>`: a visitor's whole way, on a real server, with a crowd if they like. */

import { LitElement, css, html, nothing } from 'lit';
import { base } from '../components/base';
import type { Joining } from '../components/concert-list';
import { texts } from '../i18n';
import { CROWD_SIZE } from '../stores/crowd';
import { crowd, journey } from '../stores/live';
import { settings } from '../stores/settings';
import { Watch } from '../stores/store';
import '../components/concert-list';
import '../components/journey-statistics';
import './journey-screens';

/** Visitors of a crowd that stand in line before the one who brought them. */
const CROWD_AHEAD = 40;

export class LiveRoom extends LitElement {
  static override styles = [base, css`
    .hero { display: grid; gap: var(--s4); padding: var(--s6) 0 var(--s5); max-width: 46rem; }
    .hero p { font-size: var(--t-lead); color: var(--muted); }
    .result { display: grid; gap: var(--s5); justify-items: start; }
    .result > * { width: 100%; }
    .result button { width: auto; }
    @media (max-width: 820px) { .hero { padding: var(--s4) 0; } }
  `];

  constructor() {
    super();
    new Watch(this, journey.store);
    new Watch(this, settings);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const { concerts, step } = journey.store.value;
    if (concerts === null && step === 'lobby') void journey.begin();
    else if (step === 'lobby') void journey.showConcerts();
  }

  protected override render(): unknown {
    const state = journey.store.value;
    const words = texts();
    return html`${state.step !== 'lobby' ? nothing : html`
      <div class="hero"><h1>${words.lobby.title}</h1><p>${words.lobby.lead}</p></div>
      <concert-list .concerts=${state.concerts} .busy=${state.busy !== null} .crowdSize=${CROWD_SIZE} @join=${this.joined}></concert-list>`}
      <journey-screens .journey=${journey} @again=${() => journey.restart()}>
        <div slot="result" class="result"><journey-statistics .statistics=${state.statistics}></journey-statistics>
          <button class="primary" @click=${() => journey.restart()}>${words.ticket.again}</button></div>
      </journey-screens>`;
  }

  /** A crowd comes first, so that there is a line to stand in; the rest of it comes after. */
  private readonly joined = async (event: CustomEvent<Joining>): Promise<void> => {
    const { concert, crowd: together } = event.detail;
    if (together) {
      await crowd.send(concert.id, CROWD_AHEAD);
      void crowd.send(concert.id, CROWD_SIZE - CROWD_AHEAD);
    }
    await journey.join(concert);
  };
}

customElements.define('live-room', LiveRoom);
