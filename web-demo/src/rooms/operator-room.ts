/** `<operator-room>`: the console of a real sale. It is locked until an admin token opens it. */

import { LitElement, css, html, nothing } from 'lit';
import type { Admission, Concert, Notice } from '../api/types';
import { base } from '../components/base';
import { texts } from '../i18n';
import { crowd, sale } from '../stores/live';
import { settings } from '../stores/settings';
import { Watch } from '../stores/store';
import '../components/audit-panel';
import '../components/crowd-panel';
import '../components/draw-form';
import '../components/notice-bar';
import '../components/notice-form';
import '../components/policy-form';
import '../components/sale-figures';

export class OperatorRoom extends LitElement {
  static override styles = [base, css`
    .room { display: grid; gap: var(--s5); grid-template-columns: minmax(0, 1fr); }
    .head { display: flex; gap: var(--s4); justify-content: space-between; align-items: end; flex-wrap: wrap; }
    .key { width: min(100%, 520px); }
    .two { display: grid; gap: var(--s5); grid-template-columns: repeat(2, minmax(0, 1fr)); align-items: start; }
    @media (max-width: 860px) { .two { grid-template-columns: minmax(0, 1fr); } }
  `];

  constructor() {
    super();
    new Watch(this, sale.store);
    new Watch(this, crowd.store);
    new Watch(this, settings);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void sale.resumeWatching();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    sale.stop();
  }

  protected override render(): unknown {
    const state = sale.store.value;
    return html`<div class="room">${state.token === '' ? this.locked() : this.open()}
      <notice-bar .problem=${state.problem} @dismiss=${() => sale.dismiss()}></notice-bar></div>`;
  }

  private locked(): unknown {
    const words = texts().operator;
    return html`<div class="stack"><h1>${words.title}</h1><p class="muted">${words.lead}</p></div>
      <form class="card stack key" @submit=${this.unlocked}>
        <label>${words.token}<input name="token" type="password" autocomplete="off" spellcheck="false" required aria-describedby="hint" /></label>
        <p id="hint" class="muted small">${words.tokenHint}</p>
        <div><button class="primary" ?disabled=${sale.store.value.busy}>${words.open}</button></div>
      </form>`;
  }

  private open(): unknown {
    const state = sale.store.value;
    const { concert } = state;
    const words = texts().operator;
    if (concert === null) return html`<h1>${words.title}</h1><p>${texts().lobby.empty}</p>`;
    const choose = (event: Event): void => {
      const next = state.concerts.find((one) => one.id === (event.target as HTMLSelectElement).value);
      if (next !== undefined) sale.choose(next);
    };
    return html`<div class="head">
        <div class="stack"><h2>${words.title}</h2>
          <div class="row">
            ${state.concerts.length > 1
              ? html`<select aria-label=${words.concert} @change=${choose}>${state.concerts.map((one) => html`<option value=${one.id} ?selected=${one.id === concert.id}>${one.title}</option>`)}</select>`
              : html`<strong>${concert.title}</strong>`}
            <span class="chip ${concert.state === 'open' ? 'good' : 'warn'}" data-testid="state">${texts().state[concert.state]}</span>
            ${concert.draining ? html`<span class="chip warn" data-testid="draining">${texts().draining}</span>` : nothing}
          </div>
        </div>
        <div class="row">
          ${concert.state === 'paused'
            ? html`<button class="primary" ?disabled=${state.busy} @click=${() => sale.pause(false)}>${words.resume}</button>`
            : html`<button ?disabled=${state.busy || concert.state === 'closed'} @click=${() => sale.pause(true)}>${words.pause}</button>`}
          <button ?disabled=${state.busy || concert.state === 'closed'} @click=${() => sale.drain(!concert.draining)}>${concert.draining ? words.refill : words.drain}</button>
          <button class="quiet" @click=${() => sale.lock()}>${words.lock}</button>
        </div>
      </div>
      <sale-figures .figures=${state.figures} .history=${state.history} .most=${concert.admission.max_active}></sale-figures>
      <div class="two">
        <div class="stack">
          <policy-form .admission=${concert.admission} .busy=${state.busy} @apply=${(event: CustomEvent<Admission>) => sale.apply(event.detail)}></policy-form>
          <p role="status" class="small muted">${state.done === null ? nothing : words[state.done]}</p>
          <notice-form .notice=${concert.notice} .busy=${state.busy} @announce=${(event: CustomEvent<Notice | null>) => sale.announce(event.detail)}></notice-form>
          ${this.draw(concert)}
          <crowd-panel .crowd=${crowd.store.value} @send=${this.sent} @stop=${() => crowd.stop()}></crowd-panel>
        </div>
        <audit-panel .audit=${state.audit} .busy=${state.busy} @run=${() => sale.runAudit()}></audit-panel>
      </div>`;
  }

  /** A draw with a beacon is the operator's to hold; the others are held by themselves. */
  private draw(concert: Concert): unknown {
    if ((concert.prequeue?.beacon ?? null) === null) return nothing;
    const { figures, busy } = sale.store.value;
    const open = figures !== null && Date.parse(figures.server_time) >= Date.parse(concert.sale_opens_at);
    return html`<draw-form .concert=${concert} .open=${open} .busy=${busy} @draw=${(event: CustomEvent<string>) => sale.draw(event.detail)}></draw-form>`;
  }

  private readonly unlocked = (event: SubmitEvent): void => {
    event.preventDefault();
    const token = new FormData(event.target as HTMLFormElement).get('token');
    if (typeof token === 'string') void sale.unlock(token.trim());
  };

  private readonly sent = (): void => {
    const { concert } = sale.store.value;
    if (concert !== null) void crowd.send(concert.id);
  };
}

customElements.define('operator-room', OperatorRoom);
