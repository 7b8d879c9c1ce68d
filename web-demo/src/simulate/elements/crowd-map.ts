/** `<crowd-map>`: everybody as a dot, coloured by how they fare. Emits `person` with the number of whom to read about. */

import { LitElement, css, html, nothing } from 'lit';
import { base, emit } from '../../components/base';
import { Surroundings } from '../../components/surroundings';
import { simulateTexts } from '../../i18n/simulate';
import { settings } from '../../stores/settings';
import { Watch } from '../../stores/store';
import { COLOURS, TONES, countTones, gridFor, nextOf, personAt, tonesOf, type Grid } from '../crowd';
import { number } from '../words';
import { vars } from './vars';

const HEIGHT_MAX = 300;
/** What was not drawn yet. */
const BLANK = 255;

export class CrowdMapElement extends LitElement {
  static override styles = [base, css`
    :host { display: grid; gap: var(--s3); }
    canvas { display: block; cursor: pointer; touch-action: manipulation; }
    .legend { display: flex; flex-wrap: wrap; gap: var(--s1); margin: 0 calc(-1 * var(--s2)); }
    .legend button { display: inline-flex; align-items: center; gap: 6px; min-height: 36px; padding: 0 var(--s2); font-size: var(--t-small); font-weight: 500; border-color: transparent; background: transparent; }
    .legend button:hover:not(:disabled) { background: var(--accent-soft); }
    .legend b { font-variant-numeric: tabular-nums; }
    .dot { width: 11px; height: 11px; border-radius: 50%; background: var(--c); flex: none; }
    form { display: flex; gap: var(--s2); align-items: end; }
    form label { width: 9rem; }
  `];
  static override properties = { stages: { attribute: false }, names: { attribute: false }, people: { type: Number }, person: { attribute: false }, width: { state: true } };
  /** Everybody who has come: an index into `names`. */
  declare stages: Uint8Array;
  declare names: readonly string[];
  /** How many will have come in the end. */
  declare people: number;
  /** Whose story is read. */
  declare person: number | null;
  declare width: number;
  private tones: Uint8Array = new Uint8Array();
  private grid: Grid = { columns: 1, rows: 1, pitch: 1, each: 1 };
  private painted = new Uint8Array();
  private marked: number | null = null;
  private drawn = '';

  constructor() {
    super();
    Object.assign(this, { stages: new Uint8Array(), names: [], people: 0, person: null, width: 0 });
    new Watch(this, settings);
    new Surroundings(this, () => (this.width = this.clientWidth), () => (this.drawn = ''));
  }

  protected override willUpdate(changes: Map<PropertyKey, unknown>): void {
    if (changes.has('names')) this.tones = tonesOf(this.names);
  }

  protected override render(): unknown {
    const texts = simulateTexts();
    const counts = countTones(this.stages, this.tones, this.people);
    const said = TONES.map((tone, index) => `${texts.tone[tone]} ${number(counts[index] ?? 0)}`).join(', ');
    const { each } = this.grid;
    return html`<p class="muted small">${texts.crowd.hint} ${each > 1 ? texts.crowd.each(number(each)) : nothing}</p>
      <div role="img" aria-label="${texts.crowd.map}: ${said}"><canvas @click=${this.clicked}></canvas></div>
      <div class="legend">${TONES.map((tone, index) => {
        const count = counts[index] ?? 0;
        const name = texts.tone[tone] ?? tone;
        return html`<button ${vars({ '--c': `var(${COLOURS[tone]})` })} title=${texts.crowd.next(name)} ?disabled=${tone === 'coming' || count === 0} @click=${() => this.choose(nextOf(this.stages, this.tones, index, this.person ?? -1))}><span class="dot"></span>${name} <b>${number(count)}</b></button>`;
      })}</div>
      <form @submit=${this.submitted}>
        <label>${texts.crowd.number}<input name="person" type="number" min="1" max=${this.people} required .value=${this.person === null ? '' : String(this.person + 1)} /></label>
        <button>${texts.crowd.read}</button>
      </form>`;
  }

  protected override updated(): void {
    const canvas = this.renderRoot.querySelector('canvas');
    if (canvas === null || this.width === 0) return;
    const drawn = [this.width, this.people, settings.value.theme].join();
    if (drawn !== this.drawn) this.prepare(canvas, drawn);
    const context = canvas.getContext('2d', { alpha: false });
    if (context === null) return;
    const style = getComputedStyle(this);
    const colours = TONES.map((tone) => style.getPropertyValue(COLOURS[tone]).trim());
    if (this.marked !== this.person) this.unmark();
    const surface = style.getPropertyValue('--surface').trim();
    const { each } = this.grid;
    for (let dot = 0; dot < this.painted.length; dot += 1) {
      const stage = this.stages[dot * each];
      const tone = stage === undefined ? 0 : (this.tones[stage] ?? 0);
      if (this.painted[dot] === tone) continue;
      this.painted[dot] = tone;
      this.paint(context, dot, colours[tone] ?? '', surface);
    }
    this.mark(context, style.getPropertyValue('--ink').trim());
  }

  private prepare(canvas: HTMLCanvasElement, drawn: string): void {
    this.drawn = drawn;
    const before = this.grid.each;
    this.grid = gridFor(this.people, this.width, HEIGHT_MAX);
    const { rows, pitch, each } = this.grid;
    const density = Math.min(devicePixelRatio, 2);
    [canvas.width, canvas.height] = [Math.floor(this.width * density), Math.ceil(rows * pitch * density) + 2];
    canvas.style.width = `${this.width}px`;
    canvas.style.height = `${canvas.height / density}px`;
    const context = canvas.getContext('2d', { alpha: false });
    if (context === null) return;
    context.scale(density, density);
    context.fillStyle = getComputedStyle(this).getPropertyValue('--surface').trim();
    context.fillRect(0, 0, canvas.width, canvas.height);
    this.painted = new Uint8Array(Math.ceil(this.people / each)).fill(BLANK);
    this.marked = null;
    // The words tell how many a dot stands for.
    if (before !== each) queueMicrotask(() => this.requestUpdate());
  }

  private paint(context: CanvasRenderingContext2D, dot: number, colour: string, surface: string): void {
    const { columns, pitch } = this.grid;
    const [x, y] = [(dot % columns) * pitch, Math.floor(dot / columns) * pitch];
    context.fillStyle = surface;
    context.fillRect(x, y, pitch, pitch);
    context.fillStyle = colour;
    if (pitch < 5) {
      context.fillRect(x, y, pitch - 1, pitch - 1);
      return;
    }
    context.beginPath();
    context.arc(x + pitch / 2, y + pitch / 2, pitch * 0.38, 0, 2 * Math.PI);
    context.fill();
  }

  /** The dots under the mark are drawn again. */
  private unmark(): void {
    if (this.marked === null) return;
    const { columns, each } = this.grid;
    const dot = Math.floor(this.marked / each);
    for (const row of [-1, 0, 1]) for (const column of [-1, 0, 1]) if (dot + row * columns + column >= 0 && dot + row * columns + column < this.painted.length) this.painted[dot + row * columns + column] = BLANK;
    this.marked = null;
  }

  private mark(context: CanvasRenderingContext2D, ink: string): void {
    if (this.person === null) return;
    this.marked = this.person;
    const { columns, pitch, each } = this.grid;
    const dot = Math.floor(this.person / each);
    context.strokeStyle = ink;
    context.lineWidth = 2;
    context.strokeRect((dot % columns) * pitch, Math.floor(dot / columns) * pitch, pitch - 1, pitch - 1);
  }

  private readonly clicked = (event: MouseEvent): void => this.choose(personAt(this.grid, this.people, event.offsetX, event.offsetY));

  private readonly submitted = (event: SubmitEvent): void => {
    event.preventDefault();
    const written = Number(new FormData(event.target as HTMLFormElement).get('person'));
    if (Number.isSafeInteger(written) && written >= 1 && written <= this.people) this.choose(written - 1);
  };

  private choose(person: number | null): void {
    if (person !== null) emit<number>(this, 'person', person);
  }
}

customElements.define('crowd-map', CrowdMapElement);
