/**
 * `<seat-map>`: a hall on a canvas, and an ARIA grid over it with one tab stop. Emits `seat-toggle`
 * with a seat's number. It draws what changed and nothing else, so ten thousand seats stay smooth.
 */

import { LitElement, css, html, nothing } from 'lit';
import type { Seat } from '../api/types';
import { formatMoney } from '../format';
import { texts } from '../i18n';
import { layOut, moved, partsOf, placeOf, seatAt, type Hall, type Move } from '../seats/geometry';
import { paintSeat, paintStage, paletteOf, type Brush, type Look } from '../seats/paint';
import { settings } from '../stores/settings';
import { Watch } from '../stores/store';
import { base, emit } from './base';
import { Surroundings } from './surroundings';

/** CSS pixels from seat to seat at no zoom: what fits is used, within these. A finger needs more than a mouse. */
const [PITCH_MIN, PITCH_MIN_TOUCHED, PITCH_MAX] = [7, 12, 30];
/** Pixels of a canvas that browsers surely take. */
const PIXELS_MAX = 16_000_000;
/** Milliseconds that a seat stays lit after somebody took it, and how many are lit at once: a rush needs no fireworks. */
const [FLASH_MS, FLASHES_MAX] = [900, 150];

const KEYS: Record<string, Move> = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down', Home: 'home', End: 'end' };

export class SeatMapElement extends LitElement {
  static override styles = [base, css`
    .frame { overflow: auto; max-height: min(68vh, 640px); border-radius: var(--radius-small); background: var(--surface); overscroll-behavior: contain; }
    .grid { position: relative; margin: 0 auto; outline: none; }
    .frame:has(.grid:focus-visible) { outline: 3px solid var(--accent-strong); outline-offset: 2px; }
    canvas { display: block; touch-action: pan-x pan-y; cursor: pointer; }
  `];
  static override properties = {
    seats: { attribute: false }, chosen: { attribute: false }, zoom: { type: Number }, currency: { type: String }, at: { state: true }, width: { state: true },
  };
  declare seats: Seat[];
  declare chosen: ReadonlySet<number>;
  declare zoom: number;
  declare currency: string;
  /** Index of the seat that the keyboard is at. */
  declare at: number;
  declare width: number;
  private hall: Hall | null = null;
  private brush: Brush | null = null;
  private looks: Look[] = [];
  private readonly flashes = new Map<number, number>();
  private frame = 0;
  private focusShown = -1;
  private drawn = '';
  private readonly touched = matchMedia('(pointer: coarse)');
  private readonly calm = matchMedia('(prefers-reduced-motion: reduce)');

  constructor() {
    super();
    this.seats = [];
    this.chosen = new Set();
    this.zoom = 1;
    this.currency = 'KRW';
    this.at = 0;
    this.width = 0;
    new Watch(this, settings);
    new Surroundings(this, ([entry]) => (this.width = Math.floor(entry?.contentRect.width ?? 0)), () => (this.drawn = ''));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    cancelAnimationFrame(this.frame);
    this.frame = 0;
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('seats')) return;
    const before = changed.get('seats') as Seat[] | undefined;
    const same = before?.length === this.seats.length && before[0]?.label === this.seats[0]?.label;
    if (!same || this.hall === null) {
      this.hall = layOut(this.seats);
      this.at = Math.max(0, this.seats.findIndex((seat) => seat.status === 'available'));
      this.drawn = '';
    }
  }

  protected override render(): unknown {
    const { hall } = this;
    if (hall === null || this.seats.length === 0) return html`<div class="frame"></div>`;
    const words = texts().seats;
    const row = hall.rows[hall.rowOf[this.at] ?? 0];
    const seat = this.seats[this.at];
    if (row === undefined || seat === undefined) return nothing;
    return html`<div class="frame">
      <div class="grid" role="grid" tabindex="0" aria-label=${words.grid} aria-describedby="help" aria-multiselectable="true" aria-rowcount=${hall.rows.length}
        aria-colcount=${hall.columns} aria-activedescendant="seat-${seat.number}" @keydown=${this.pressed} @focus=${this.paintSoon} @blur=${this.paintSoon}>
        <canvas aria-hidden="true" @click=${this.clicked}></canvas>
        <div class="hidden" role="row" aria-rowindex=${(hall.rowOf[this.at] ?? 0) + 1}>
          <span role="gridcell" id="seat-${seat.number}" aria-colindex=${this.at - row.first + 1} aria-selected=${this.chosen.has(seat.number)}>${this.describe(seat)}</span>
        </div>
      </div>
    </div>
    <p id="help" class="hidden">${words.help}</p>`;
  }

  protected override updated(): void {
    const { hall } = this;
    const canvas = this.renderRoot.querySelector('canvas');
    if (hall === null || canvas === null || this.width === 0) return;
    const { locale, theme } = settings.value;
    const drawn = [this.width, this.zoom, locale, theme].join();
    if (drawn !== this.drawn) {
      this.drawn = drawn;
      this.paintAll(canvas, hall);
    } else {
      this.paintChanges();
    }
  }

  private describe(seat: Seat): string {
    const words = texts().seats;
    const { section, row, seat: place } = partsOf(seat.label);
    const look = this.lookOf(seat);
    const state = look === 'chosen' ? words.mine : look === 'free' ? words.available : words[look];
    return [words.describe(section, row, place), formatMoney(seat.price, this.currency, settings.value.locale), state].join(', ');
  }

  private lookOf(seat: Seat): Look {
    if (this.chosen.has(seat.number)) return 'chosen';
    return seat.status === 'available' ? 'free' : seat.status;
  }

  private paintAll(canvas: HTMLCanvasElement, hall: Hall): void {
    const least = this.touched.matches ? PITCH_MIN_TOUCHED : PITCH_MIN;
    const fits = Math.min(PITCH_MAX, Math.max(least, this.width / hall.columns));
    // Whole pixels, so that a seat can be wiped without a trace.
    const pitch = Math.floor(fits * this.zoom);
    const [width, height] = [Math.ceil(hall.columns * pitch), Math.ceil(hall.height * pitch)];
    const keepsPlace = this.placeKeeper(canvas);
    const density = Math.min(devicePixelRatio, 2, Math.sqrt(PIXELS_MAX / (width * height)));
    canvas.width = Math.floor(width * density);
    canvas.height = Math.floor(height * density);
    for (const sized of [canvas, canvas.parentElement]) {
      sized?.style.setProperty('width', `${width}px`);
      sized?.style.setProperty('height', `${height}px`);
    }
    keepsPlace(width, height);
    const context = canvas.getContext('2d', { alpha: false });
    if (context === null) return;
    context.scale(density, density);
    const palette = paletteOf(this);
    context.fillStyle = palette.surface;
    context.fillRect(0, 0, width, height);
    this.brush = { context, hall, palette, pitch };
    paintStage(this.brush, texts().seats.stage);
    this.looks = this.seats.map((seat) => this.lookOf(seat));
    this.focusShown = this.hasKeyboard() ? this.at : -1;
    for (const [index, look] of this.looks.entries()) paintSeat(this.brush, index, look, index === this.focusShown);
  }

  /** What was in the middle stays there when the map grows; a new map shows the middle of its front. */
  private placeKeeper(canvas: HTMLCanvasElement): (width: number, height: number) => void {
    const frame = canvas.closest('.frame');
    if (frame === null) return () => undefined;
    const isNew = this.brush?.hall !== this.hall;
    const { clientWidth, clientHeight } = frame;
    const across = isNew ? 0.5 : (frame.scrollLeft + clientWidth / 2) / canvas.clientWidth;
    const down = isNew ? 0 : (frame.scrollTop + clientHeight / 2) / canvas.clientHeight;
    return (width, height) => frame.scrollTo(across * width - clientWidth / 2, down * height - clientHeight / 2);
  }

  private paintChanges(): void {
    const { brush } = this;
    if (brush === null) return;
    const focus = this.hasKeyboard() ? this.at : -1;
    const stale = new Set<number>();
    if (focus !== this.focusShown) stale.add(this.focusShown).add(focus);
    this.focusShown = focus;
    const now = performance.now();
    for (const [index, seat] of this.seats.entries()) {
      const look = this.lookOf(seat);
      const was = this.looks[index];
      if (look === was) continue;
      this.looks[index] = look;
      stale.add(index);
      if (was === 'free' && look !== 'chosen' && !this.calm.matches && this.flashes.size < FLASHES_MAX) this.flashes.set(index, now);
    }
    for (const index of stale) this.paintOne(index, now);
    if (this.flashes.size > 0 && this.frame === 0) this.frame = requestAnimationFrame(this.fade);
  }

  private paintOne(index: number, now: number): void {
    const look = this.looks[index];
    if (this.brush === null || look === undefined) return;
    const lit = this.flashes.get(index);
    const flash = lit === undefined ? 0 : Math.max(0, 1 - (now - lit) / FLASH_MS);
    paintSeat(this.brush, index, look, index === this.focusShown, flash);
  }

  private readonly fade = (now: number): void => {
    this.frame = 0;
    for (const [index, lit] of this.flashes) {
      this.paintOne(index, now);
      if (now - lit >= FLASH_MS) this.flashes.delete(index);
    }
    if (this.flashes.size > 0) this.frame = requestAnimationFrame(this.fade);
  };

  private readonly paintSoon = (): void => this.requestUpdate();

  private hasKeyboard(): boolean {
    return this.renderRoot.querySelector('.grid:focus-visible') !== null;
  }

  private readonly clicked = (event: MouseEvent): void => {
    if (this.hall === null || this.brush === null) return;
    const { pitch } = this.brush;
    const index = seatAt(this.hall, event.offsetX / pitch, event.offsetY / pitch);
    if (index !== null) this.choose(index);
  };

  private readonly pressed = (event: KeyboardEvent): void => {
    if (this.hall === null) return;
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      this.choose(this.at);
      return;
    }
    const far = event.ctrlKey || event.metaKey;
    const move = far && event.key === 'Home' ? 'first' : far && event.key === 'End' ? 'last' : KEYS[event.key];
    if (move === undefined) return;
    event.preventDefault();
    this.at = moved(this.hall, this.at, move);
    this.bringIntoView();
  };

  private choose(index: number): void {
    this.at = index;
    const seat = this.seats[index];
    if (seat !== undefined) emit(this, 'seat-toggle', seat.number);
  }

  private bringIntoView(): void {
    const frame = this.renderRoot.querySelector('.frame');
    if (frame === null || this.hall === null || this.brush === null) return;
    const { pitch } = this.brush;
    const place = placeOf(this.hall, this.at);
    const keep = (at: number, size: number, scrolled: number): number => Math.min(Math.max(scrolled, at + 2 * pitch - size), Math.max(0, at - 2 * pitch));
    frame.scrollLeft = keep(place.x * pitch, frame.clientWidth, frame.scrollLeft);
    frame.scrollTop = keep(place.y * pitch, frame.clientHeight, frame.scrollTop);
  }
}

customElements.define('seat-map', SeatMapElement);
