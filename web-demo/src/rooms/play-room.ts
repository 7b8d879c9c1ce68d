/** `<play-room>`: practise an on-sale against a simulated crowd. It ties games to the elements that show them. */

import { LitElement, css, html, nothing } from 'lit';
import { base } from '../components/base';
import { Engine } from '../engine/client';
import { texts } from '../i18n';
import { Game, type GameState } from '../play/game';
import { LEVELS, anySeed, challengeIn, hashOf, seatsOf, type Challenge, type LevelId } from '../play/levels';
import type { Again } from '../play/play-result';
import type { Billing } from '../play/sim-office';
import { settings } from '../stores/settings';
import { Watch } from '../stores/store';
import '../play/crowd-bar';
import '../play/doors-panel';
import '../play/level-list';
import '../play/play-result';
import './journey-screens';

/** Days until the show, which nobody ever sees. */
const DAYS_AHEAD = 30;

/** One worker for all games of this page. */
let engine: Engine | null = null;

export class PlayRoom extends LitElement {
  static override styles = [base, css`
    .room { display: grid; gap: var(--s4); grid-template-columns: minmax(0, 1fr); }
    .hero { display: grid; gap: var(--s3); padding: var(--s5) 0 var(--s4); max-width: 50rem; }
    .hero p { font-size: var(--t-lead); color: var(--muted); }
    .narrow { width: min(100%, 820px); margin: 0 auto; }
    .challenge { display: flex; flex-wrap: wrap; gap: var(--s3) var(--s5); align-items: center; justify-content: space-between; border-color: var(--accent); margin-bottom: var(--s4); }
    @media (max-width: 820px) { .hero { padding: var(--s2) 0 var(--s3); } }
  `];
  static override properties = { game: { state: true }, challenge: { state: true } };
  declare game: Game | null;
  /** What the address asks one to take on. */
  declare challenge: Challenge | null;
  private unwatch: (() => void)[] = [];
  private frame = 0;

  constructor() {
    super();
    this.game = null;
    this.challenge = challengeIn(location.hash);
    new Watch(this, settings);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('hashchange', this.addressed);
    // The engine is fetched while one reads what there is to choose.
    engine ??= new Engine();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('hashchange', this.addressed);
    this.leave();
  }

  protected override render(): unknown {
    return html`<div class="room">${this.game === null ? this.lobby() : this.play(this.game, this.game.store.value)}</div>`;
  }

  private lobby(): unknown {
    const words = texts().play;
    const { challenge } = this;
    return html`<div class="hero"><h1>${words.title}</h1><p>${words.lead}</p></div>
      ${challenge === null ? nothing : html`<section class="card challenge" aria-label=${words.challenge}>
        <div><h2>${words.challenge}</h2><p class="muted">${words.challengeLead(words.levels[challenge.level.id], String(challenge.seed))}</p></div>
        <button class="primary" @click=${() => this.begin(challenge)}>${words.accept}</button></section>`}
      <level-list @start=${(event: CustomEvent<LevelId>) => this.fresh(event.detail)}></level-list>
      <p class="muted small">${words.offline}</p>`;
  }

  private play(game: Game, state: GameState): unknown {
    const words = texts().play;
    const { level } = game.challenge;
    if (state.phase === 'failed') {
      return html`<section class="card narrow stack" role="alert"><p>${words.failed}</p><div><button class="primary" @click=${() => this.retry()}>${words.retry}</button></div></section>`;
    }
    const since = (game.clock.now() - game.opensAt) / 1000;
    const bar = html`<crowd-bar .crowd=${state.crowd} .seats=${seatsOf(level)} .speed=${state.speed} .sinceSeconds=${since} .steerable=${state.phase === 'sale'} @speed=${(event: CustomEvent<number>) => game.setSpeed(event.detail)}></crowd-bar>`;
    if (state.phase === 'loading' || state.phase === 'doors') {
      return html`${bar}<doors-panel class="narrow" .name=${words.titles[level.id]} .people=${level.people} .loading=${state.phase === 'loading'} .secondsLeft=${-since} .busy=${game.journey.store.value.busy !== null} @join=${() => game.join()}></doors-panel>`;
    }
    const result = html`<play-result slot="result" .score=${state.score} .link=${this.linkOf(game.challenge)} @again=${(event: CustomEvent<Again>) => this.again(event.detail)}></play-result>`;
    const won = game.journey.store.value.step === 'ticket';
    if (state.phase === 'over' && !won) return html`${bar}<div class="narrow">${result}</div>`;
    return html`${bar}<journey-screens .journey=${game.journey}>${result}</journey-screens>`;
  }

  private fresh(id: LevelId): void {
    const level = LEVELS.find((one) => one.id === id);
    if (level !== undefined) this.begin({ level, seed: anySeed() });
  }

  /** The address names the crowd from now on, so that it can be kept and sent. */
  private begin(challenge: Challenge): void {
    this.leave();
    history.replaceState(null, '', hashOf(challenge));
    engine ??= new Engine();
    const game = new Game(engine, challenge, billingOf(challenge.level.id));
    this.game = game;
    this.unwatch = [game.store, game.journey.store].map((store) => store.subscribe(() => this.requestUpdate()));
    this.look();
    void game.start();
  }

  private again(how: Again): void {
    const challenge = this.game?.challenge;
    if (how === 'levels' || challenge === undefined) {
      this.leave();
      history.replaceState(null, '', '#/play');
      this.challenge = null;
    } else if (how === 'same') {
      this.begin(challenge);
    } else {
      this.fresh(challenge.level.id);
    }
    window.scrollTo({ top: 0 });
  }

  /** A worker that failed is given up for another. */
  private retry(): void {
    engine?.stop();
    engine = null;
    this.again('same');
  }

  private leave(): void {
    cancelAnimationFrame(this.frame);
    for (const stop of this.unwatch) stop();
    this.unwatch = [];
    this.game?.close();
    this.game = null;
  }

  /** The countdown to the opening is drawn with every frame: half a second decides. */
  private readonly look = (): void => {
    const phase = this.game?.store.value.phase;
    if (phase !== 'loading' && phase !== 'doors') return;
    this.requestUpdate();
    this.frame = requestAnimationFrame(this.look);
  };

  /** Somebody followed a link: to the lobby, or to another crowd. */
  private readonly addressed = (): void => {
    this.leave();
    this.challenge = challengeIn(location.hash);
  };

  private linkOf(challenge: Challenge): string {
    return new URL(hashOf(challenge), location.href).href;
  }
}

/** What a level's show is called in the visitor's language, and when it is. */
function billingOf(id: LevelId): Billing {
  const words = texts().play;
  const show = new Date();
  show.setDate(show.getDate() + DAYS_AHEAD);
  show.setHours(19, 0, 0, 0);
  return { title: words.titles[id], venue: words.venues[id], startsAt: show.toISOString() };
}

customElements.define('play-room', PlayRoom);
