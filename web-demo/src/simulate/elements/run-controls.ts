/** `<run-controls>`: plays, pauses, steps, goes to any time. It knows no simulation: plain state in, events out. */

import { LitElement, css, html, nothing } from 'lit';
import { base, emit } from '../../components/base';
import { simulateTexts } from '../../i18n/simulate';
import { settings } from '../../stores/settings';
import { Watch } from '../../stores/store';
import { SPEEDS } from '../state';
import { clock, duration, number, share } from '../words';
import { vars } from './vars';

export class RunControlsElement extends LitElement {
  static override styles = [base, css`
    .bar { display: grid; gap: var(--s3); padding: var(--s3) var(--s4); }
    .row { gap: var(--s2); }
    .play { min-width: 116px; display: inline-flex; align-items: center; justify-content: center; gap: var(--s2); }
    .icon { width: 44px; padding: 0; display: inline-grid; place-items: center; }
    svg { width: 18px; height: 18px; fill: currentColor; flex: none; }
    .speeds { display: inline-flex; background: var(--raised); border: 1px solid var(--line); border-radius: var(--radius-small); padding: 3px; margin-left: auto; }
    .speeds button { border-color: transparent; background: transparent; min-height: 38px; min-width: 44px; padding: 0 var(--s2); font-size: var(--t-small); color: var(--muted); }
    .speeds button[aria-pressed='true'] { background: var(--surface); color: var(--ink); box-shadow: 0 0 0 1px var(--line-strong); }
    .track { position: relative; display: grid; align-items: center; }
    input[type='range'] { appearance: none; -webkit-appearance: none; width: 100%; padding: 0; margin: 0; border: 0; min-height: 32px; background: transparent; cursor: pointer; position: relative; z-index: 1; }
    input[type='range']::-webkit-slider-runnable-track { height: 8px; border-radius: 4px; background: linear-gradient(to right, var(--accent) var(--at), var(--line) var(--at)); }
    input[type='range']::-moz-range-track { height: 8px; border-radius: 4px; background: linear-gradient(to right, var(--accent) var(--at), var(--line) var(--at)); }
    input[type='range']::-webkit-slider-thumb { -webkit-appearance: none; width: 22px; height: 22px; margin-top: -7px; border-radius: 50%; background: var(--surface); border: 5px solid var(--accent); box-shadow: var(--shadow); }
    input[type='range']::-moz-range-thumb { width: 12px; height: 12px; border-radius: 50%; background: var(--surface); border: 5px solid var(--accent); }
    .opens { position: absolute; left: calc(11px + (100% - 22px) * var(--opens)); top: 3px; bottom: 3px; border-left: 2px dotted var(--line-strong); pointer-events: none; }
    .times { display: flex; justify-content: space-between; gap: var(--s3); font-size: var(--t-small); }
    .times b { font-size: var(--t-lead); letter-spacing: -0.01em; }
    @media (max-width: 600px) { .speeds { margin-left: 0; width: 100%; } .speeds button { flex: 1; min-width: 0; } .play { flex: 1; } }
  `];
  static override properties = {
    millis: { type: Number }, end: { type: Number }, opens: { type: Number }, playing: { type: Boolean }, done: { type: Boolean }, sought: { attribute: false }, speed: { type: Number }, forecast: { attribute: false }, disabled: { type: Boolean },
  };
  declare millis: number;
  declare end: number;
  /** When the sale opens, in milliseconds. */
  declare opens: number;
  declare playing: boolean;
  declare done: boolean;
  declare sought: number | null;
  declare speed: number;
  /** Thousandths of the run to the end; `null` when it is over. */
  declare forecast: number | null;
  declare disabled: boolean;

  constructor() {
    super();
    Object.assign(this, { millis: 0, end: 1, opens: 0, playing: false, done: false, sought: null, speed: 1, forecast: null, disabled: false });
    new Watch(this, settings);
  }

  protected override render(): unknown {
    const words = simulateTexts().player;
    const at = this.sought ?? this.millis;
    const part = Math.min(1, at / this.end);
    const play = this.playing ? words.pause : this.done ? words.again : words.play;
    const icon = (path: string): unknown => html`<svg viewBox="0 0 18 18" aria-hidden="true"><path d=${path} /></svg>`;
    const since = at < this.opens ? words.opens(duration(this.opens - at)) : words.open(duration(at - this.opens));
    return html`<section class="card bar" aria-label=${words.label}>
      <div class="row">
        <button class="primary play" ?disabled=${this.disabled} @click=${() => emit(this, this.playing ? 'pause' : 'play')}>${icon(this.playing ? 'M4 2h4v14H4zM10 2h4v14h-4z' : 'M4 1.5v15l12-7.5z')}<span>${play}</span></button>
        <button class="icon" aria-label=${words.restart} title=${words.restart} ?disabled=${this.disabled} @click=${() => emit(this, 'restart')}>${icon('M2 2h3v14H2zM16 2v14L6 9z')}</button>
        <button class="icon" aria-label=${words.step} title=${words.step} ?disabled=${this.disabled} @click=${() => emit(this, 'step')}>${icon('M3 2h3.5v14H3zM8.5 2v14L16 9z')}</button>
        <button class="icon" aria-label=${words.end} title=${words.end} ?disabled=${this.disabled} @click=${() => emit(this, 'end')}>${icon('M2 2v14l10-7zM13 2h3v14h-3z')}</button>
        <div class="speeds" role="group" aria-label=${words.speed}>${SPEEDS.map((speed) => html`<button aria-pressed=${speed === this.speed ? 'true' : 'false'} @click=${() => emit<number>(this, 'speed', speed)}>${words.times(number(speed))}</button>`)}</div>
      </div>
      <div class="track" ${vars({ '--at': `${(part * 100).toFixed(2)}%`, '--opens': Math.min(1, this.opens / this.end).toFixed(4) })}>
        ${this.opens > 0 && this.opens < this.end ? html`<span class="opens"></span>` : nothing}
        <input type="range" min="0" max=${this.end} step="1000" .value=${String(at)} ?disabled=${this.disabled} aria-label=${words.time} aria-valuetext="${clock(at)}. ${since}" @input=${(event: Event) => emit<number>(this, 'seek', Number((event.target as HTMLInputElement).value))} @keydown=${this.pressed} />
      </div>
      <p class="times figure"><span><b data-testid="clock">${clock(at)}</b> <span class="muted">${since}</span></span>
        <span class="muted">${this.forecast === null ? (this.done ? words.done : words.of(clock(this.end))) : words.forecast(share(this.forecast / 1000))}</span></p>
    </section>`;
  }

  /** A second is too little, and the browser's own step is one: arrows go ten, pages a minute. */
  private readonly pressed = (event: KeyboardEvent): void => {
    const seconds = { ArrowLeft: -10, ArrowDown: -10, ArrowRight: 10, ArrowUp: 10, PageDown: -60, PageUp: 60 }[event.key];
    if (seconds === undefined) return;
    event.preventDefault();
    const to = (this.sought ?? this.millis) + seconds * 1000;
    emit<number>(this, 'seek', Math.min(this.end, Math.max(0, to)));
  };
}

customElements.define('run-controls', RunControlsElement);
