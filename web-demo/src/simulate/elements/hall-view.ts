/** `<hall-view>`: every seat of a hall as it stands, on a canvas that draws what changed; the sections beside it in figures. */

import type { Section } from '@frontrow/wasm';
import { LitElement, css, html } from 'lit';
import { base } from '../../components/base';
import { Surroundings } from '../../components/surroundings';
import { simulateTexts } from '../../i18n/simulate';
import { layOut, type Hall } from '../../seats/geometry';
import { paintSeat, paintStage, paletteOf, type Brush, type Look } from '../../seats/paint';
import { settings } from '../../stores/settings';
import { Watch } from '../../stores/store';
import { number, share } from '../words';
import { vars } from './vars';

const LOOKS: readonly Look[] = ['free', 'held', 'sold'];
/** CSS pixels from seat to seat, at most, and of the whole map's height. */
const [PITCH_MAX, HEIGHT_MAX] = [18, 460];
/** From which pitch on the stage has room for its name. */
const WORD_PITCH_MIN = 7;

/** The seats' names are all that the layout needs. */
function labels(sections: readonly Section[]): { label: string }[] {
  return sections.flatMap(({ name, rows, seats_per_row: perRow }) => Array.from({ length: rows * perRow }, (_, index) => ({ label: `${name}-${Math.floor(index / perRow) + 1}-${(index % perRow) + 1}` })));
}

export class HallViewElement extends LitElement {
  static override styles = [base, css`
    .map { display: grid; justify-content: center; min-height: 120px; }
    canvas { display: block; max-width: 100%; }
    .sections { display: grid; gap: var(--s2); font-size: var(--t-small); margin-top: var(--s3); }
    .section { display: grid; grid-template-columns: 3.5rem minmax(0, 1fr) auto; gap: var(--s3); align-items: center; }
    .bar { display: block; width: 100%; height: 10px; border-radius: 5px; overflow: hidden; background: var(--c); }
    .sold { fill: var(--seat-sold); } .held { fill: var(--seat-held); }
    .name { display: inline-flex; align-items: center; gap: 6px; font-weight: 650; overflow: hidden; text-overflow: ellipsis; }
    .dot { width: 11px; height: 11px; border-radius: 4px; background: var(--c); flex: none; }
    .legend { display: flex; gap: var(--s4); font-size: var(--t-small); color: var(--muted); flex-wrap: wrap; }
    .swatch { display: inline-block; width: 12px; height: 12px; border-radius: 4px; margin-right: 6px; vertical-align: -1px; }
    .swatch.free { background: linear-gradient(135deg, var(--seat-1) 50%, var(--seat-2) 50%); }
    .swatch.held { background: linear-gradient(135deg, transparent 44%, var(--seat-held) 44% 56%, transparent 56%); border: 1px solid var(--seat-held); }
    .swatch.sold { background: var(--seat-sold); }
  `];
  static override properties = { sections: { attribute: false }, seats: { attribute: false }, width: { state: true } };
  declare sections: Section[];
  /** 0 free, 1 held, 2 sold; seat 1 at index 0. */
  declare seats: Uint8Array;
  declare width: number;
  private hall: Hall | null = null;
  private brush: Brush | null = null;
  /** What is on the canvas. */
  private painted = new Uint8Array();
  private drawn = '';

  constructor() {
    super();
    Object.assign(this, { sections: [], seats: new Uint8Array(), width: 0 });
    new Watch(this, settings);
    new Surroundings(this, () => (this.width = this.clientWidth), () => (this.drawn = ''));
  }

  protected override willUpdate(changes: Map<PropertyKey, unknown>): void {
    if (!changes.has('sections')) return;
    this.hall = layOut(labels(this.sections));
    this.drawn = '';
  }

  protected override render(): unknown {
    const texts = simulateTexts();
    const counts = this.count();
    const all = counts.reduce((sum, [free, held, sold]) => [sum[0] + free, sum[1] + held, sum[2] + sold] as const, [0, 0, 0] as readonly [number, number, number]);
    return html`<div class="map" role="img" aria-label=${texts.hall.say(number(all[2]), number(all[1]), number(all[0]))}><canvas></canvas></div>
      <p class="legend" aria-hidden="true">${LOOKS.map((look) => html`<span><span class="swatch ${look}"></span>${texts.figure[look]}</span>`)}</p>
      <div class="sections">${this.sections.map(({ name }, index) => {
        const [free, held, sold] = counts[index] ?? [0, 0, 0];
        const total = Math.max(1, free + held + sold);
        return html`<div class="section" ${vars({ '--c': `var(--seat-${(index % 4) + 1})` })}><span class="name"><span class="dot"></span>${name}</span>
          <svg class="bar" viewBox="0 0 ${total} 1" preserveAspectRatio="none" aria-hidden="true"><rect class="sold" width=${sold} height="1" /><rect class="held" x=${sold} width=${held} height="1" /></svg>
          <span class="figure">${texts.figure['sold']} <b>${share(sold / total)}</b></span></div>`;
      })}</div>`;
  }

  /** Free, held and sold of each section. */
  private count(): [number, number, number][] {
    let first = 0;
    return this.sections.map(({ rows, seats_per_row: perRow }) => {
      const counts: [number, number, number] = [0, 0, 0];
      const last = first + rows * perRow;
      for (const status of this.seats.subarray(first, last)) counts[status as 0 | 1 | 2] += 1;
      first = last;
      return counts;
    });
  }

  protected override updated(): void {
    const canvas = this.renderRoot.querySelector('canvas');
    if (canvas === null || this.hall === null || this.width === 0) return;
    const drawn = [this.width, settings.value.theme, settings.value.locale].join();
    if (drawn !== this.drawn) {
      this.drawn = drawn;
      this.prepare(canvas, this.hall);
    }
    const { brush } = this;
    if (brush === null) return;
    for (const [index, status] of this.seats.entries()) {
      if (this.painted[index] === status) continue;
      this.painted[index] = status;
      paintSeat(brush, index, LOOKS[status] ?? 'free', false);
    }
  }

  private prepare(canvas: HTMLCanvasElement, hall: Hall): void {
    // Whole pixels, so that a seat can be wiped without a trace; of the screen's, where seats are small.
    const density = Math.min(devicePixelRatio, 2);
    const fits = Math.min(PITCH_MAX, this.width / hall.columns, HEIGHT_MAX / hall.height);
    const pitch = Math.max(1, Math.floor(fits * density)) / density;
    canvas.width = Math.ceil(hall.columns * pitch * density);
    canvas.height = Math.ceil(hall.height * pitch * density);
    canvas.style.width = `${canvas.width / density}px`;
    const context = canvas.getContext('2d', { alpha: false });
    if (context === null) return;
    const palette = paletteOf(this);
    context.scale(density, density);
    context.fillStyle = palette.surface;
    context.fillRect(0, 0, canvas.width, canvas.height);
    this.brush = { context, hall, palette, pitch };
    // In a small map the word is larger than the stage.
    paintStage(this.brush, pitch < WORD_PITCH_MIN ? '' : simulateTexts().hall.stage);
    this.painted = new Uint8Array(this.seats.length).fill(255);
  }
}

customElements.define('hall-view', HallViewElement);
