/** `<person-story>`: what one person lives through, line by line. Emits `close`. */

import type { Scenario, StoryLine } from '@frontrow/wasm';
import { LitElement, css, html, nothing } from 'lit';
import { base, emit } from '../../components/base';
import { problemText } from '../../i18n';
import { simulateTexts } from '../../i18n/simulate';
import { settings } from '../../stores/settings';
import { Watch } from '../../stores/store';
import type { Watched } from '../state';
import { clock, duration, money, number, seatLabel } from '../words';

/** Kinds that end well, and kinds that don't. */
const TONES: Record<string, string> = { paid: 'good', held: 'accent', admitted: 'accent', taken: 'warn', payment_failed: 'warn', payment_refused: 'warn', hold_lapsed: 'bad', timed_out: 'bad', sold_out: 'bad', refused: 'bad', gave_up: 'bad', passed_over: 'bad', abandoned: 'bad', left: 'bad', found_none: 'warn' };

/** A line of a story in words. */
export function told(line: StoryLine, { halls }: Pick<Scenario, 'halls'>): string {
  const words = simulateTexts().story;
  const seats = (hall: number, numbers: readonly number[]): string => (numbers.length === 0 ? words.best : numbers.map((seat) => seatLabel(halls[hall]?.sections ?? [], seat)).join(', '));
  const why = (code: string): string => problemText({ code, detail: code });
  switch (line.kind) {
    case 'joined':
      return words.joined(line.position === null ? '–' : number(line.position), line.quoted_seconds === null ? words.noWait : words.toldWait(duration(line.quoted_seconds * 1000)));
    case 'refused':
      return words.refused(why(line.code));
    case 'admitted':
      return words.admitted(duration(line.waited_millis));
    case 'gave_up':
      return line.told ? words.gaveUpTold : words.gaveUp;
    case 'looked':
      return line.seats.length === 0 ? words.lookedBest : words.looked(seats(line.hall, line.seats));
    case 'taken':
      return words.taken(seats(line.hall, line.seats), why(line.code));
    case 'held':
      return words.held(seats(line.hall, line.seats), money(line.amount));
    case 'payment_refused':
      return words.payment_refused(why(line.code));
    case 'paid':
      return words.paid(money(line.amount));
    default:
      return words[line.kind];
  }
}

export class PersonStoryElement extends LitElement {
  static override styles = [base, css`
    ol { position: relative; }
    li { display: grid; grid-template-columns: 4.2rem 14px minmax(0, 1fr); gap: var(--s3); padding: 6px 0; align-items: baseline; }
    .when { color: var(--muted); font-size: var(--t-small); text-align: right; font-variant-numeric: tabular-nums; }
    .mark { width: 12px; height: 12px; border-radius: 50%; background: var(--line-strong); align-self: start; margin-top: 6px; box-shadow: 0 0 0 3px var(--surface); position: relative; }
    li:not(:last-child) .mark::after { content: ''; position: absolute; left: 5px; top: 14px; height: calc(100% + 18px); border-left: 2px solid var(--line); }
    .good { background: var(--good); } .accent { background: var(--accent); } .warn { background: var(--gold); } .bad { background: var(--bad); }
    .later { opacity: 0.75; } .later .mark { background: var(--surface); border: 2px solid var(--line-strong); }
    .head { display: flex; justify-content: space-between; gap: var(--s3); align-items: start; }
  `];
  static override properties = { watched: { attribute: false }, scenario: { attribute: false }, millis: { type: Number } };
  declare watched: Watched | null;
  declare scenario: Scenario | null;
  /** The film's time. */
  declare millis: number;

  constructor() {
    super();
    Object.assign(this, { watched: null, scenario: null, millis: 0 });
    new Watch(this, settings);
  }

  protected override render(): unknown {
    const texts = simulateTexts();
    const words = texts.story;
    const { watched, scenario } = this;
    if (watched === null || scenario === null) return nothing;
    const { view, lines } = watched;
    return html`<section class="card stack" aria-labelledby="title">
      <div class="head"><div><h3 id="title">${words.title(number(watched.number + 1))} ${view?.is_bot === true ? html`<span class="chip warn">${words.bot}</span>` : nothing}</h3>
        <p class="muted small">${view === null ? nothing : words.wants(texts.seats(number(view.group)), words.taste[view.taste] ?? '')}</p></div>
        <button class="quiet" @click=${() => emit(this, 'close')}>${words.close}</button></div>
      <div role="status">${lines === null ? html`<p class="muted">${words.loading}</p>` : lines.length === 0 ? html`<p class="muted">${words.empty}</p>` : nothing}</div>
      <ol>${lines?.map((line) => this.line(line, scenario))}</ol>
    </section>`;
  }

  private line(line: StoryLine, scenario: Scenario): unknown {
    const isLater = line.at_millis > this.millis;
    return html`<li class=${isLater ? 'later' : ''}><span class="when">${clock(line.at_millis)}</span><span class="mark ${TONES[line.kind] ?? ''}" aria-hidden="true"></span>
      <span>${told(line, scenario)}${isLater ? html` <span class="hidden">(${simulateTexts().story.later})</span>` : nothing}</span></li>`;
  }
}

customElements.define('person-story', PersonStoryElement);
