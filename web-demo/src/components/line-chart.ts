/** `<line-chart>`: a few curves over time, drawn to be glanced at. The words beside it say the same. */

import { LitElement, css, html, nothing, svg } from 'lit';
import { formatNumber } from '../format';
import { settings } from '../stores/settings';
import { base } from './base';

export interface Curve {
  /** Points as time and value; time in any unit. */
  points: [number, number][];
  /** 1 is the accent, 2 the second colour. */
  tone: 1 | 2;
  /** Whether values stay until they change, as places in line do. */
  stepped?: boolean;
}

const [WIDTH, HEIGHT, PAD] = [600, 160, 6];

/** The path of a curve within the box. */
export function pathOf(curve: Curve, from: number, to: number, most: number): string {
  const x = (time: number): number => PAD + ((time - from) / Math.max(1, to - from)) * (WIDTH - 2 * PAD);
  const y = (value: number): number => HEIGHT - PAD - (value / Math.max(1, most)) * (HEIGHT - 2 * PAD);
  return curve.points
    .map(([time, value], index) => {
      const [left, top] = [x(time).toFixed(1), y(value).toFixed(1)];
      if (index === 0) return `M${left} ${top}`;
      return curve.stepped === true ? `H${left}V${top}` : `L${left} ${top}`;
    })
    .join('');
}

export class LineChart extends LitElement {
  static override styles = [base, css`
    svg { display: block; width: 100%; height: 140px; overflow: visible; }
    path { fill: none; stroke-width: 2.5; vector-effect: non-scaling-stroke; stroke-linejoin: round; stroke-linecap: round; }
    path.area { stroke: none; fill: var(--accent-soft); }
    .tone1 { stroke: var(--accent); }
    .tone2 { stroke: var(--seat-2); stroke-dasharray: 6 5; }
    line { stroke: var(--line); vector-effect: non-scaling-stroke; }
    .frame { position: relative; }
    .most { position: absolute; top: 2px; right: 4px; font-size: 0.75rem; line-height: 1.3; padding: 0 4px; border-radius: 4px; background: var(--surface); color: var(--muted); font-variant-numeric: tabular-nums; }
  `];
  static override properties = { curves: { attribute: false }, label: { type: String } };
  declare curves: Curve[];
  declare label: string;

  constructor() {
    super();
    this.curves = [];
    this.label = '';
  }

  protected override render(): unknown {
    const points = this.curves.flatMap((curve) => curve.points);
    const times = points.map(([time]) => time);
    const [from, to] = [Math.min(...times), Math.max(...times)];
    const most = Math.max(1, ...points.map(([, value]) => value));
    const floor = HEIGHT - PAD;
    return html`<div class="frame"><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label=${this.label}>
      ${[0, 0.5, 1].map((share) => svg`<line x1="0" x2=${WIDTH} y1=${PAD + share * (floor - PAD)} y2=${PAD + share * (floor - PAD)} />`)}
      ${this.curves.map((curve) => {
        if (curve.points.length < 2) return svg``;
        const path = pathOf(curve, from, to, most);
        const area = curve.tone === 1 ? svg`<path class="area" d="${path}V${floor}H${PAD}Z" />` : svg``;
        return svg`${area}<path class="tone${curve.tone}" d=${path} />`;
      })}
    </svg>${points.length < 2 ? nothing : html`<span class="most" aria-hidden="true">${formatNumber(most, settings.value.locale)}</span>`}</div>`;
  }
}

customElements.define('line-chart', LineChart);
