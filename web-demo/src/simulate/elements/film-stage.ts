/** `<film-stage>`: the sale as it goes: controls, figures, curves, the hall and the crowd at the film's time. */

import { LitElement, css, html, nothing } from 'lit';
import { base } from '../../components/base';
import { simulateTexts } from '../../i18n/simulate';
import { settings } from '../../stores/settings';
import { Watch } from '../../stores/store';
import type { Part } from '../chart/picture';
import type { Series } from '../chart/plot';
import type { Session } from '../session';
import { curveOf, endMillis, type Curve, type LaneNumber } from '../state';
import { number, peopleOf } from '../words';
import type { CurveChartElement } from './curve-chart';
import './crowd-map';
import './curve-chart';
import './figure-tiles';
import './hall-view';
import './person-story';
import './run-controls';

/** Which curves are drawn together, and in which colours: those of their tiles. */
const INSIDE: [keyof Curve & ('active' | 'held' | 'sold'), string][] = [['active', '--seat-2'], ['held', '--seat-3'], ['sold', '--seat-4']];

export class FilmStageElement extends LitElement {
  static override styles = [base, css`
    :host { display: grid; gap: var(--s4); grid-template-columns: minmax(0, 1fr); }
    run-controls { position: sticky; top: var(--s2); z-index: 5; }
    .maps { display: grid; gap: var(--s4); grid-template-columns: repeat(2, minmax(0, 1fr)); }
    .charts { display: grid; gap: var(--s5); }
    .head { display: flex; flex-wrap: wrap; justify-content: space-between; gap: var(--s2); align-items: center; }
    .lanes { display: inline-flex; background: var(--raised); border: 1px solid var(--line); border-radius: var(--radius-small); padding: 3px; }
    .lanes button { border-color: transparent; background: transparent; min-height: 36px; padding: 0 var(--s4); }
    .lanes button[aria-pressed='true'] { background: var(--accent); color: var(--on-accent); }
    .maps > * { display: grid; gap: var(--s3); align-content: start; }
    select { min-height: 40px; }
    @media (max-width: 1080px) { .maps { grid-template-columns: minmax(0, 1fr); } }
    @media (max-width: 600px) { run-controls { position: static; } }
  `];
  static override properties = { session: { attribute: false } };
  declare session: Session;
  private stopWatching: (() => void)[] = [];

  constructor() {
    super();
    new Watch(this, settings);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const update = (): void => this.requestUpdate();
    this.stopWatching = [this.session.store.subscribe(update), this.session.film.subscribe(update)];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.stopWatching) stop();
  }

  /** The charts, for a picture file. */
  get pictures(): Part[] {
    return [...this.renderRoot.querySelectorAll<CurveChartElement>('curve-chart')].flatMap((chart) => chart.picture ?? []);
  }

  protected override render(): unknown {
    const { session } = this;
    const [state, film] = [session.store.value, session.film.value];
    const { opened } = state;
    if (opened === null) return nothing;
    const millis = film.frame?.millis ?? 0;
    const [first] = opened;
    const opensAt = (first?.scenario.sale_opens_at_second ?? 0) * 1000;
    const standings = opened.map(({ scenario }, lane) => ({ scenario, counts: film.frame?.lanes[lane]?.counts ?? new Float64Array(6) }));
    return html`<run-controls .millis=${millis} .end=${endMillis(state, film.frame)} .opens=${opensAt} .playing=${film.isPlaying} .done=${film.frame?.isDone === true} .sought=${film.sought} .speed=${film.speed} .forecast=${state.forecast}
        ?disabled=${state.broken !== null} @play=${() => session.play()} @pause=${() => session.pause()} @step=${() => session.step()} @restart=${() => session.toStart()} @end=${() => session.toEnd()}
        @speed=${(event: CustomEvent<number>) => session.setSpeed(event.detail)} @seek=${(event: CustomEvent<number>) => session.seek(event.detail)}></run-controls>
      <figure-tiles .standings=${standings}></figure-tiles>
      <section class="card charts">${this.charts(millis, opensAt)}</section>
      ${opened.length > 1 ? this.lanes() : nothing}
      <div class="maps">${this.hall()}${this.crowd()}</div>
      ${state.person === null ? nothing : html`<person-story .watched=${state.person} .scenario=${opened[state.watching]?.scenario ?? null} .millis=${millis} @close=${() => session.read(null)}></person-story>`}`;
  }

  private charts(millis: number, opensAt: number): unknown {
    const texts = simulateTexts();
    const { outcomes } = this.session.store.value;
    // The whole curve once it is known, else as far as the film has come.
    const curves = outcomes === null ? this.session.film.value.curves : this.whole(outcomes);
    const [longest] = [...curves].sort((one, other) => other.seconds.length - one.seconds.length);
    if (longest === undefined) return nothing;
    const series = (key: keyof Curve, colour: string, isArea = false): Series[] => curves.map((curve, lane) => ({
      name: curves.length > 1 ? `${texts.figure[key]} ${texts.lane[lane === 0 ? 'a' : 'b']}` : (texts.figure[key] ?? key),
      colour, isTwin: lane > 0, isArea: isArea && lane === 0, values: padded(curve[key], longest.seconds.length),
    }));
    const chart = (heading: string, drawn: Series[], height: number): unknown => html`<curve-chart heading=${heading} .seconds=${longest.seconds} .series=${drawn} .head=${millis / 1000} .opens=${opensAt / 1000} .height=${height} @seek=${(event: CustomEvent<number>) => this.session.seek(event.detail)}></curve-chart>`;
    return html`${chart(texts.chart.line, series('waiting', '--accent', true), 170)}${chart(texts.chart.inside, INSIDE.flatMap(([key, colour]) => series(key, colour, key === 'sold')), 190)}`;
  }

  private wholeOf: { reports: unknown; curves: Curve[] } = { reports: null, curves: [] };

  private whole(reports: Parameters<typeof curveOf>[0][]): Curve[] {
    if (this.wholeOf.reports !== reports) this.wholeOf = { reports, curves: reports.map(curveOf) };
    return this.wholeOf.curves;
  }

  private lanes(): unknown {
    const { lane } = simulateTexts();
    const { watching } = this.session.store.value;
    const choice = (which: LaneNumber, word: string): unknown => html`<button aria-pressed=${watching === which ? 'true' : 'false'} @click=${() => this.session.watch(which)}>${word}</button>`;
    return html`<div class="head"><span class="muted small">${lane.watch}</span><div class="lanes" role="group" aria-label=${lane.watch}>${choice(0, lane.a)}${choice(1, lane.b)}</div></div>`;
  }

  private hall(): unknown {
    const texts = simulateTexts();
    const { opened, watching, hall } = this.session.store.value;
    const halls = opened?.[watching]?.halls ?? [];
    const seats = this.session.film.value.frame?.lanes[watching]?.seats ?? null;
    const choose = (event: Event): void => this.session.lookAt(Number((event.target as HTMLSelectElement).value));
    return html`<section class="card"><div class="head"><h3>${texts.hall.title}</h3>${halls.length > 1 ? html`<select aria-label=${texts.hall.choose} @change=${choose}>${halls.map((_, index) => html`<option value=${index} ?selected=${index === hall}>${texts.hall.number(number(index + 1))}</option>`)}</select>` : nothing}</div>
      ${seats === null ? nothing : html`<hall-view .sections=${halls[hall] ?? []} .seats=${seats}></hall-view>`}</section>`;
  }

  private crowd(): unknown {
    const { opened, watching, person } = this.session.store.value;
    const lane = opened?.[watching];
    const stages = this.session.film.value.frame?.lanes[watching]?.stages ?? new Uint8Array();
    if (lane === undefined) return nothing;
    return html`<section class="card"><h3>${simulateTexts().crowd.title}</h3>
      <crowd-map .stages=${stages} .names=${lane.stages} .people=${peopleOf(lane.scenario)} .person=${person?.number ?? null} @person=${(event: CustomEvent<number>) => this.session.read(event.detail)}></crowd-map></section>`;
  }
}

/** As long as the other lane's, with nothing where it was over. */
function padded(values: (number | null)[], length: number): (number | null)[] {
  return values.length === length ? values : Array.from({ length }, (_, index) => values[index] ?? null);
}

customElements.define('film-stage', FilmStageElement);
