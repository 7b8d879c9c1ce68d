/**
 * `<journey-screens>`: a visitor's way from the queue to the ticket, whoever sells. It ties a journey to the panels
 * that draw it. What is around is the room's: slot `result` stands below the ticket, slot `ended` where it is over.
 */

import { LitElement, css, html, nothing } from 'lit';
import { base, emit } from '../components/base';
import { texts } from '../i18n';
import type { Schedule } from '../api/types';
import { isDrawn, type JourneyState } from '../stores/journey-state';
import type { Journey } from '../stores/journey';
import { settings } from '../stores/settings';
import { Watch } from '../stores/store';
import '../components/draw-check';
import '../components/draw-panel';
import '../components/hold-panel';
import '../components/notice-bar';
import '../components/queue-panel';
import '../components/seat-panel';
import '../components/step-trail';
import '../components/ticket-stub';
import '../components/wallet-panel';

const STEPS: Record<JourneyState['step'], number> = { lobby: -1, waiting: 0, choosing: 1, holding: 2, ticket: 3, ended: 0 };

export class JourneyScreens extends LitElement {
  static override styles = [base, css`
    .room { display: grid; gap: var(--s5); grid-template-columns: minmax(0, 1fr); }
    .narrow { width: min(100%, 820px); margin: 0 auto; }
    .two { display: grid; gap: var(--s5); grid-template-columns: minmax(0, 1.3fr) minmax(0, 1fr); align-items: start; }
    .drawn { margin-top: var(--s5); }
    .stage:focus { outline: none; }
    .result { display: grid; gap: var(--s5); margin-top: var(--s5); }
    @media (max-width: 820px) { .two { grid-template-columns: minmax(0, 1fr); } }
  `];
  static override properties = { journey: { attribute: false } };
  declare journey: Journey | null;
  private watched: (() => void) | undefined;
  private stepShown: JourneyState['step'] = 'lobby';

  constructor() {
    super();
    this.journey = null;
    new Watch(this, settings);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.watched?.();
    this.watched = undefined;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.watch();
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('journey')) this.watch();
  }

  /** A new screen takes the focus along, so that nobody is left on a button that is gone. */
  protected override updated(): void {
    const step = this.journey?.store.value.step ?? 'lobby';
    if (step === this.stepShown) return;
    this.stepShown = step;
    this.renderRoot.querySelector<HTMLElement>('.stage')?.focus({ preventScroll: true });
    window.scrollTo({ top: 0 });
  }

  protected override render(): unknown {
    const { journey } = this;
    if (journey === null) return nothing;
    const state = journey.store.value;
    const lost = state.lost.length === 0 ? '' : state.lost.join(', ');
    const problem = state.problem ?? (lost === '' ? null : { code: 'seat_taken', detail: '' });
    return html`<div class="room">
      ${state.step === 'lobby' ? nothing : html`<step-trail .current=${STEPS[state.step]}></step-trail>`}
      <div class="stage" tabindex="-1">${this.screen(journey, state)}${this.drawn(journey, state)}</div>
      <notice-bar .problem=${problem} .more=${lost} @dismiss=${() => journey.dismiss()}></notice-bar>
    </div>`;
  }

  private screen(journey: Journey, state: JourneyState): unknown {
    const busy = state.busy !== null;
    const { clock } = journey;
    switch (state.step) {
      case 'lobby':
        return nothing;
      case 'waiting':
        if (state.place?.lot?.ticket_number === null) {
          return html`<draw-panel class="narrow" .clock=${clock} .place=${state.place} .readAt=${state.placeReadAt} .concert=${state.concert} .busy=${busy} @leave=${() => journey.leave()}></draw-panel>`;
        }
        return html`<queue-panel class="narrow" .clock=${clock} .place=${state.place} .readAt=${state.placeReadAt} .trail=${state.trail} .statistics=${state.statistics} .busy=${busy} @leave=${() => journey.leave()}></queue-panel>`;
      case 'choosing':
        return html`<seat-panel .clock=${clock} .schedules=${state.schedules} .schedule=${state.schedule} .seats=${state.seats} .chosen=${state.chosen} .currency=${state.currency}
          .most=${state.concert?.holds.max_seats_per_user ?? 1} .gone=${state.statistics?.gone ?? 0} .closesAt=${closesAt(state)} .busy=${busy}
          @seat-toggle=${(event: CustomEvent<number>) => journey.toggleSeat(event.detail)} @seats-clear=${() => journey.clearSeats()} @seats-hold=${() => journey.hold()}
          @seats-best=${(event: CustomEvent<number>) => journey.hold({ best: { count: event.detail } })}
          @schedule-choose=${(event: CustomEvent<Schedule>) => journey.chooseSchedule(event.detail)}></seat-panel>`;
      case 'holding':
        return html`<div class="two">
          <hold-panel .clock=${clock} .reservation=${state.reservation} .endsAt=${state.holdEndsAt} .total=${state.concert?.holds.hold_seconds ?? 1} .payable=${(state.balance ?? 0) >= (state.reservation?.amount ?? 0)} .busy=${busy}
            @pay=${() => journey.pay()} @release=${() => journey.release()} @lapsed=${() => journey.holdLapsed()}></hold-panel>
          <wallet-panel .balance=${state.balance} .currency=${state.currency} .required=${state.reservation?.amount ?? 0} .busy=${busy} @charge=${(event: CustomEvent<number>) => journey.charge(event.detail)}></wallet-panel>
        </div>`;
      case 'ticket':
        return html`<ticket-stub class="narrow" .concert=${state.concert} .schedule=${state.schedule} .payment=${state.payment}></ticket-stub>
          <div class="narrow result"><slot name="result"></slot></div>`;
      case 'ended':
        return html`<slot name="ended">${this.ended(state)}</slot>`;
    }
  }

  /** Whoever was drawn can check it, in line and inside. */
  private drawn(journey: Journey, state: JourneyState): unknown {
    if (!isDrawn(state.place) || state.step === 'lobby' || state.step === 'ticket' || state.step === 'ended') return nothing;
    const { place, concert, drawCheck, step } = state;
    return html`<draw-check class="drawn ${step === 'waiting' ? 'narrow' : ''}" .lot=${place?.lot ?? null} .arrivals=${concert?.prequeue?.arrivals ?? null} .result=${drawCheck} @check=${() => journey.checkDraw()}></draw-check>`;
  }

  private ended(state: JourneyState): unknown {
    const words = texts().ended;
    const [title, lead] = state.place?.state === 'left' ? [words.left, words.leftLead] : state.place?.state === 'consumed' ? [words.consumed, ''] : [words.expired, words.expiredLead];
    return html`<section class="card narrow stack"><h2>${title}</h2><p class="muted">${lead}</p>
      <div><button class="primary" @click=${() => emit(this, 'again')}>${words.again}</button></div></section>`;
  }

  private watch(): void {
    this.watched?.();
    this.watched = this.journey?.store.subscribe(() => this.requestUpdate());
  }
}

/** When choosing ends: never later than the box office says, by the journey's clock. */
function closesAt(state: JourneyState): number | null {
  const seconds = state.place?.expires_in_seconds ?? null;
  return seconds === null ? null : state.placeReadAt + seconds * 1000;
}

customElements.define('journey-screens', JourneyScreens);
