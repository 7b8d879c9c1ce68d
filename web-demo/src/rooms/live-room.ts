/** `<live-room>`: a visitor's whole way, on a real server. It ties the journey to the panels that draw it. */

import { LitElement, css, html, nothing } from 'lit';
import { texts } from '../i18n';
import type { Schedule } from '../api/types';
import { base } from '../components/base';
import type { Joining } from '../components/concert-list';
import { CROWD_SIZE } from '../stores/crowd';
import type { JourneyState } from '../stores/journey-state';
import { crowd, journey } from '../stores/live';
import { settings } from '../stores/settings';
import { Watch } from '../stores/store';
import '../components/concert-list';
import '../components/hold-panel';
import '../components/notice-bar';
import '../components/queue-panel';
import '../components/seat-panel';
import '../components/step-trail';
import '../components/ticket-stub';
import '../components/wallet-panel';

const STEPS: Record<JourneyState['step'], number> = { lobby: -1, waiting: 0, choosing: 1, holding: 2, ticket: 3, ended: 0 };

/** Visitors of a crowd that stand in line before the one who brought them. */
const CROWD_AHEAD = 40;

export class LiveRoom extends LitElement {
  static override styles = [base, css`
    .room { display: grid; gap: var(--s5); grid-template-columns: minmax(0, 1fr); }
    .hero { display: grid; gap: var(--s4); padding: var(--s6) 0 var(--s4); max-width: 46rem; }
    .hero p { font-size: var(--t-lead); color: var(--muted); }
    .narrow { width: min(100%, 820px); margin: 0 auto; }
    .two { display: grid; gap: var(--s5); grid-template-columns: minmax(0, 1.3fr) minmax(0, 1fr); align-items: start; }
    .stage:focus { outline: none; }
    @media (max-width: 820px) { .two { grid-template-columns: minmax(0, 1fr); } .hero { padding: var(--s4) 0; } }
  `];
  private stepShown: JourneyState['step'] = 'lobby';

  constructor() {
    super();
    new Watch(this, journey.store);
    new Watch(this, settings);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (journey.store.value.concerts === null && journey.store.value.step === 'lobby') void journey.begin();
    else if (journey.store.value.step === 'lobby') void journey.showConcerts();
  }

  /** A new screen takes the focus along, so that nobody is left on a button that is gone. */
  protected override updated(): void {
    const { step } = journey.store.value;
    if (step === this.stepShown) return;
    this.stepShown = step;
    this.renderRoot.querySelector<HTMLElement>('.stage')?.focus({ preventScroll: true });
    window.scrollTo({ top: 0 });
  }

  protected override render(): unknown {
    const state = journey.store.value;
    const lost = state.lost.length === 0 ? '' : state.lost.join(', ');
    const problem = state.problem ?? (lost === '' ? null : { code: 'seat_taken', detail: '' });
    return html`<div class="room">
      ${state.step === 'lobby' ? nothing : html`<step-trail .current=${STEPS[state.step]}></step-trail>`}
      <div class="stage" tabindex="-1">${this.screen(state)}</div>
      <notice-bar .problem=${problem} .more=${lost} @dismiss=${() => journey.dismiss()}></notice-bar>
    </div>`;
  }

  private screen(state: JourneyState): unknown {
    const busy = state.busy !== null;
    switch (state.step) {
      case 'lobby':
        return html`<div class="hero"><h1>${texts().lobby.title}</h1><p>${texts().lobby.lead}</p></div>
          <concert-list .concerts=${state.concerts} .busy=${busy} .crowdSize=${CROWD_SIZE} @join=${this.joined}></concert-list>`;
      case 'waiting':
        return html`<queue-panel class="narrow" .place=${state.place} .readAt=${state.placeReadAt} .trail=${state.trail} .statistics=${state.statistics} .busy=${busy} @leave=${() => journey.leave()}></queue-panel>`;
      case 'choosing':
        return html`<seat-panel .schedules=${state.schedules} .schedule=${state.schedule} .seats=${state.seats} .chosen=${state.chosen} .currency=${state.currency}
          .most=${state.concert?.holds.max_seats_per_user ?? 1} .gone=${state.statistics?.gone ?? 0} .closesAt=${closesAt(state)} .busy=${busy}
          @seat-toggle=${(event: CustomEvent<number>) => journey.toggleSeat(event.detail)} @seats-clear=${() => journey.clearSeats()} @seats-hold=${() => journey.hold()}
          @seats-best=${(event: CustomEvent<number>) => journey.hold({ best: { count: event.detail } })}
          @schedule-choose=${(event: CustomEvent<Schedule>) => journey.chooseSchedule(event.detail)}></seat-panel>`;
      case 'holding':
        return html`<div class="two">
          <hold-panel .reservation=${state.reservation} .endsAt=${state.holdEndsAt} .total=${state.concert?.holds.hold_seconds ?? 1} .payable=${(state.balance ?? 0) >= (state.reservation?.amount ?? 0)} .busy=${busy}
            @pay=${() => journey.pay()} @release=${() => journey.release()} @lapsed=${() => journey.holdLapsed()}></hold-panel>
          <wallet-panel .balance=${state.balance} .currency=${state.currency} .required=${state.reservation?.amount ?? 0} .busy=${busy} @charge=${(event: CustomEvent<number>) => journey.charge(event.detail)}></wallet-panel>
        </div>`;
      case 'ticket':
        return html`<ticket-stub class="narrow" .concert=${state.concert} .schedule=${state.schedule} .payment=${state.payment} .statistics=${state.statistics} @again=${() => journey.restart()}></ticket-stub>`;
      case 'ended':
        return this.ended(state);
    }
  }

  private ended(state: JourneyState): unknown {
    const words = texts().ended;
    const [title, lead] = state.place?.state === 'left' ? [words.left, words.leftLead] : state.place?.state === 'consumed' ? [words.consumed, ''] : [words.expired, words.expiredLead];
    return html`<section class="card narrow stack"><h2>${title}</h2><p class="muted">${lead}</p>
      <div><button class="primary" @click=${() => journey.restart()}>${words.again}</button></div></section>`;
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

/** When choosing ends: never later than the server says, by the browser's clock. */
function closesAt(state: JourneyState): number | null {
  const seconds = state.place?.expires_in_seconds ?? null;
  return seconds === null ? null : state.placeReadAt + seconds * 1000;
}

customElements.define('live-room', LiveRoom);
