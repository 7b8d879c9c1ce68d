/** `<line-strip>`: the line as dots before the door, and where in it one stands. The words beside it say the same. */

import { LitElement, css, html, nothing, svg } from 'lit';
import { formatNumber } from '../format';
import { texts } from '../i18n';
import { settings } from '../stores/settings';
import { Watch } from '../stores/store';
import { base } from './base';

const [COLUMNS, ROWS, PITCH] = [44, 3, 14];
/** The dot at which one stands at first, of all: some are seen behind one, too. */
const FIRST_DOT = 96;

/** How many people one dot stands for, so that a line begins with its last one near the right. */
export function peopleADot(firstPosition: number): number {
  return Math.max(1, Math.ceil(firstPosition / FIRST_DOT));
}

export class LineStrip extends LitElement {
  static override styles = [base, css`
    svg { display: block; width: 100%; height: auto; overflow: visible; }
    .ahead { fill: var(--accent); opacity: 0.32; }
    .behind { fill: var(--line-strong); opacity: 0.3; }
    .me { fill: var(--accent-strong); stroke: var(--surface); stroke-width: 2; transition: transform 0.6s cubic-bezier(0.2, 0.8, 0.2, 1); }
    .door { fill: var(--gold); }
    p { text-align: end; }
  `];
  static override properties = { position: { type: Number }, first: { type: Number }, waiting: { type: Number } };
  declare position: number;
  /** One's place when one joined. */
  declare first: number;
  /** How many are in line in all. */
  declare waiting: number;

  constructor() {
    super();
    Object.assign(this, { position: 1, first: 1, waiting: 1 });
    new Watch(this, settings);
  }

  protected override render(): unknown {
    const people = peopleADot(this.first);
    const mine = Math.ceil(Math.max(1, this.position) / people) - 1;
    const last = Math.min(COLUMNS * ROWS, Math.ceil(Math.max(this.waiting, this.position) / people));
    const x = (dot: number): number => PITCH * (1.5 + Math.floor(dot / ROWS));
    const y = (dot: number): number => PITCH * (0.5 + (dot % ROWS));
    const dots = Array.from({ length: last }, (_, dot) => dot).filter((dot) => dot !== mine);
    return html`<svg viewBox="0 0 ${PITCH * (COLUMNS + 2)} ${PITCH * ROWS}" aria-hidden="true">
        <rect class="door" width="4" height=${PITCH * ROWS} rx="2" />
        ${dots.map((dot) => svg`<circle class=${dot < mine ? 'ahead' : 'behind'} cx=${x(dot)} cy=${y(dot)} r="4" />`)}
        <circle class="me" r="7" transform="translate(${x(mine)} ${y(mine)})" />
      </svg>
      ${people === 1 ? nothing : html`<p class="small muted">${texts().queue.dot(formatNumber(people, settings.value.locale))}</p>`}`;
  }
}

customElements.define('line-strip', LineStrip);
