/** `<frontrow-app>`: the frame around the rooms, and the way between them. */

import { LitElement, css, html, nothing } from 'lit';
import { base } from './components/base';
import { texts } from './i18n';
import { chooseLocale, chooseTheme, settings, type Locale, type Theme } from './stores/settings';
import { Watch } from './stores/store';
import './rooms/live-room';

type Room = 'live' | 'operate';

/** The room that an address names. */
export function roomOf(hash: string): Room {
  return hash.startsWith('#/live/operate') ? 'operate' : 'live';
}

const NEXT_THEME: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' };

export class FrontrowApp extends LitElement {
  static override styles = [base, css`
    :host { display: grid; grid-template-rows: auto 1fr; }
    .skip { position: absolute; left: -999px; }
    .skip:focus { left: var(--s4); top: var(--s4); background: var(--surface); padding: var(--s3); z-index: 20; }
    header { display: flex; align-items: center; gap: var(--s2) var(--s5); padding: var(--s3) var(--s5); max-width: 1200px; width: 100%; margin: 0 auto; }
    .brand { display: inline-flex; align-items: center; gap: var(--s2); font-weight: 780; letter-spacing: -0.03em; font-size: 1.25rem; color: inherit; text-decoration: none; }
    .brand svg { width: 30px; height: 30px; }
    nav { display: flex; gap: var(--s1); flex: 1; }
    nav a { color: var(--muted); text-decoration: none; font-weight: 600; padding: 0 var(--s3); min-height: 44px; display: inline-flex; align-items: center; border-radius: var(--radius-small); white-space: nowrap; }
    nav a:hover { color: var(--ink); background: var(--accent-soft); }
    nav a[aria-current] { color: var(--ink); box-shadow: inset 0 -3px var(--accent); border-radius: 0; }
    .tools { display: flex; gap: var(--s1); }
    .tools button { padding: 0 var(--s3); }
    main { padding: var(--s4) var(--s5) var(--s8); max-width: 1200px; width: 100%; margin: 0 auto; min-width: 0; }
    main:focus { outline: none; }
    .glyph { display: inline-block; width: 1.2em; text-align: center; }
    @media (max-width: 600px) {
      header { padding: var(--s2) var(--s3); gap: var(--s1); } .brand span { display: none; } nav a { padding: 0 var(--s2); } .tools button { padding: 0 var(--s2); min-width: 44px; } .tools .word { display: none; }
      main { padding: var(--s3) var(--s4) var(--s8); }
    }
  `];
  static override properties = { room: { state: true } };
  declare room: Room;
  private readonly routed = (): void => void this.show();

  constructor() {
    super();
    this.room = 'live';
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

  /** The console is fetched when somebody goes there; visitors do not pay for it. */
  private async show(): Promise<void> {
    const room = roomOf(location.hash);
    if (room === 'operate') await import('./rooms/operator-room');
    this.room = room;
  }

  protected override render(): unknown {
    const words = texts().app;
    const { locale, theme } = settings.value;
    const other: Locale = locale === 'ko' ? 'en' : 'ko';
    const current = (room: Room): unknown => (this.room === room ? 'page' : nothing);
    const glyph = { system: '◐', light: '☀', dark: '☾' }[theme];
    return html`<a class="skip" href="#main" @click=${this.skipped}>${words.skip}</a>
      <header>
        <a class="brand" href="#/live" aria-label="Frontrow">
          <svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="9" fill="#5a3ee6" /><path d="M7 11c5 3.4 13 3.4 18 0M7 17c5 3.4 13 3.4 18 0" stroke="#fff" stroke-width="2.6" stroke-linecap="round" fill="none" opacity=".55" /><path d="M7 23c5 3.4 13 3.4 18 0" stroke="#ffc857" stroke-width="3" stroke-linecap="round" fill="none" /></svg>
          <span>Frontrow</span></a>
        <nav aria-label=${words.menu}>
          <a href="#/live" aria-current=${current('live')}>${words.book}</a>
          <a href="#/live/operate" aria-current=${current('operate')}>${words.operate}</a>
        </nav>
        <div class="tools">
          <button class="quiet" lang=${other} @click=${() => chooseLocale(other)}>${other === 'ko' ? '한국어' : 'English'}</button>
          <button class="quiet" aria-label="${words.theme}: ${words[theme]}" @click=${() => chooseTheme(NEXT_THEME[theme])}><span class="glyph" aria-hidden="true">${glyph}</span> <span class="word" aria-hidden="true">${words[theme]}</span></button>
        </div>
      </header>
      <main id="main" tabindex="-1">${this.room === 'live' ? html`<live-room></live-room>` : html`<operator-room></operator-room>`}</main>`;
  }

  /** The hash names the room, so the link moves the focus by itself. */
  private readonly skipped = (event: Event): void => {
    event.preventDefault();
    this.renderRoot.querySelector<HTMLElement>('main')?.focus();
  };
}

customElements.define('frontrow-app', FrontrowApp);
