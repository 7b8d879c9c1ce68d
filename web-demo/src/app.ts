/** `<frontrow-app>`: the frame around the rooms, and the way between them. */

import { LitElement, css, html, nothing } from 'lit';
import { base } from './components/base';
import { texts } from './i18n';
import { roomOf, ROOMS, type Room } from './routes';
import { chooseLocale, chooseTheme, settings, type Locale, type Theme } from './stores/settings';
import { Watch } from './stores/store';

const NEXT_THEME: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' };
const GLYPHS: Record<Theme, string> = { system: '◐', light: '☀', dark: '☾' };

export class FrontrowApp extends LitElement {
  static override styles = [base, css`
    :host { display: grid; grid-template-rows: auto 1fr; }
    .skip { position: absolute; left: -999px; }
    .skip:focus { left: var(--s4); top: var(--s4); background: var(--surface); padding: var(--s3); z-index: 20; }
    header { display: flex; align-items: center; gap: var(--s2) var(--s5); padding: var(--s3) var(--s5); max-width: 1200px; width: 100%; margin: 0 auto; }
    .brand { display: inline-flex; align-items: center; gap: var(--s2); font-weight: 780; letter-spacing: -0.03em; font-size: 1.25rem; color: inherit; text-decoration: none; }
    .brand svg { width: 30px; height: 30px; }
    nav { display: flex; gap: var(--s1); }
    header nav { flex: 1; }
    nav a { color: var(--muted); text-decoration: none; font-weight: 600; padding: 0 var(--s3); min-height: 44px; display: inline-flex; align-items: center; border-radius: var(--radius-small); white-space: nowrap; }
    nav a:hover { color: var(--ink); background: var(--accent-soft); }
    nav a[aria-current] { color: var(--ink); box-shadow: inset 0 -3px var(--accent); border-radius: 0; }
    .sub { margin-bottom: var(--s3); border-bottom: 1px solid var(--line); }
    .sub a { font-size: var(--t-small); }
    .tools { display: flex; gap: var(--s1); }
    .tools button { padding: 0 var(--s3); }
    main { padding: var(--s4) var(--s5) var(--s8); max-width: 1200px; width: 100%; margin: 0 auto; min-width: 0; }
    main:focus { outline: none; }
    .glyph { display: inline-block; width: 1.2em; text-align: center; }
    @media (max-width: 600px) {
      header { padding: var(--s2) var(--s3); gap: var(--s1); } .brand span { display: none; } nav a { padding: 0 var(--s2); } .tools { gap: 0; } .tools button { padding: 0 var(--s2); min-width: 44px; } .tools .word { display: none; }
      main { padding: var(--s3) var(--s4) var(--s8); }
    }
  `];
  static override properties = { room: { state: true }, failed: { state: true } };
  declare room: Room | null;
  /** Whether a room could not be fetched. */
  declare failed: boolean;
  private readonly routed = (): void => void this.show();

  constructor() {
    super();
    this.room = null;
    this.failed = false;
    new Watch(this, settings);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('hashchange', this.routed);
    void this.show();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('hashchange', this.routed);
  }

  /** A room is fetched when somebody goes there; visitors of one do not pay for the others. */
  private async show(): Promise<void> {
    const room = roomOf(location.hash);
    const loaded = await ROOMS[room].load().then(() => true, () => false);
    // Somebody may have gone on meanwhile.
    if (room !== roomOf(location.hash)) return;
    this.failed = !loaded;
    this.room = room;
  }

  protected override updated(): void {
    if (this.room !== null) document.title = `${texts().app[ROOMS[this.room].title]} · Frontrow`;
  }

  protected override render(): unknown {
    const words = texts().app;
    const { locale, theme } = settings.value;
    const other: Locale = locale === 'ko' ? 'en' : 'ko';
    return html`<a class="skip" href="#main" @click=${this.skipped}>${words.skip}</a>
      <header>
        <a class="brand" href="#/play" aria-label="Frontrow">
          <svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="9" fill="#5a3ee6" /><path d="M7 11c5 3.4 13 3.4 18 0M7 17c5 3.4 13 3.4 18 0" stroke="#fff" stroke-width="2.6" stroke-linecap="round" fill="none" opacity=".55" /><path d="M7 23c5 3.4 13 3.4 18 0" stroke="#ffc857" stroke-width="3" stroke-linecap="round" fill="none" /></svg>
          <span>Frontrow</span></a>
        <nav aria-label=${words.menu}>
          ${this.link('play', words.play)} ${this.link('simulate', words.simulate)} ${this.link('live', words.live, this.isLive)}
        </nav>
        <div class="tools">
          <button class="quiet" lang=${other} @click=${() => chooseLocale(other)}>${other === 'ko' ? '한국어' : 'English'}</button>
          <button class="quiet" aria-label="${words.theme}: ${words[theme]}" @click=${() => chooseTheme(NEXT_THEME[theme])}><span class="glyph" aria-hidden="true">${GLYPHS[theme]}</span> <span class="word" aria-hidden="true">${words[theme]}</span></button>
        </div>
      </header>
      <main id="main" tabindex="-1">
        ${this.isLive ? html`<nav class="sub" aria-label=${words.live}>${this.link('live', words.book)} ${this.link('operate', words.operate)}</nav>` : nothing}
        ${this.failed ? html`<section class="card stack" role="alert"><p>${words.failed}</p><div><button class="primary" @click=${() => location.reload()}>${words.reload}</button></div></section>` : this.room === null ? nothing : ROOMS[this.room].element()}
      </main>`;
  }

  private get isLive(): boolean {
    return this.room === 'live' || this.room === 'operate';
  }

  private link(room: Room, word: string, current = this.room === room): unknown {
    return html`<a href=${ROOMS[room].hash} aria-current=${current ? 'page' : nothing}>${word}</a>`;
  }

  /** The hash names the room, so the link moves the focus by itself. */
  private readonly skipped = (event: Event): void => {
    event.preventDefault();
    this.renderRoot.querySelector<HTMLElement>('main')?.focus();
  };
}

customElements.define('frontrow-app', FrontrowApp);
