/** The only module that knows uPlot: curves over time or over values, with the theme's colours. */

import uPlot from 'uplot';
import styles from 'uplot/dist/uPlot.min.css?inline';

export { styles };

export interface Series {
  name: string;
  /** Name of a custom property. */
  colour: string;
  /** Dashed and thinner: the twin's. */
  isTwin?: boolean;
  /** Filled below. */
  isArea?: boolean;
  /** Drawn against the axis on the right. */
  isRight?: boolean;
  /** As many as there are points on the horizontal axis. */
  values: (number | null)[];
}

export interface Look {
  height: number;
  /** Texts of the axes. */
  horizontal: (value: number) => string;
  vertical: (value: number) => string;
  right?: (value: number) => string;
  /** Points are marked, and only they exist: of a sweep, not of time. */
  isSweep?: boolean;
}

export interface Marks {
  /** What lies after it is drawn faintly; `null` for nothing. */
  head: number | null;
  /** A line that is named elsewhere. */
  opens: number | null;
}

export interface Moment {
  /** Index of the point under the pointer; `null` if there is none. */
  index: number | null;
}

/** Seconds between two marks of time, as clocks have them. */
const TIME_STEPS = [1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 14_400, 28_800, 86_400];
const FONT = '12px system-ui, sans-serif';

export class Plot {
  private readonly plot: uPlot;
  private marks: Marks = { head: null, opens: null };

  constructor(private readonly into: HTMLElement, look: Look, points: number[], series: readonly Series[], pointed: (moment: Moment) => void, chosen: (value: number) => void) {
    const style = getComputedStyle(into);
    const colour = (name: string): string => style.getPropertyValue(name).trim();
    const axis = (values: (value: number) => string): uPlot.Axis => ({
      stroke: colour('--muted'), font: FONT, values: (_, splits) => splits.map(values),
      grid: { stroke: colour('--line'), width: 1 }, ticks: { stroke: colour('--line'), width: 1, size: 4 },
    });
    const right = look.right;
    this.plot = new uPlot({
      width: Math.max(200, into.clientWidth),
      height: look.height,
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, points: { size: 8 }, y: false },
      scales: { x: { time: false }, y: { range: upTo }, right: { range: upTo } },
      axes: [
        { ...axis(look.horizontal), size: 34, space: 62, ...(look.isSweep === true ? {} : { incrs: TIME_STEPS }) },
        { ...axis(look.vertical), size: 58 },
        ...(right === undefined ? [] : [{ ...axis(right), side: 1 as const, scale: 'right', size: 62, grid: { show: false } }]),
      ],
      series: [{}, ...series.map((one): uPlot.Series => lineOf(one, colour(one.colour), look.isSweep === true))],
      hooks: { draw: [(plot) => this.drawMarks(plot, colour)], setCursor: [(plot) => pointed({ index: plot.cursor.idx ?? null })] },
    }, [points, ...series.map(({ values }) => values)], into);
    this.plot.over.addEventListener('click', () => chosen(this.plot.posToVal(this.plot.cursor.left ?? 0, 'x')));
  }

  set(points: number[], series: readonly Series[]): void {
    this.plot.setData([points, ...series.map(({ values }) => values)]);
  }

  mark(marks: Marks): void {
    this.marks = marks;
    this.plot.redraw(false);
  }

  fit(height: number): void {
    this.plot.setSize({ width: Math.max(200, this.into.clientWidth), height });
  }

  /** The picture, for a file. */
  get canvas(): HTMLCanvasElement {
    return this.plot.ctx.canvas;
  }

  destroy(): void {
    this.plot.destroy();
  }

  private drawMarks({ ctx: context, bbox, valToPos }: uPlot, colour: (name: string) => string): void {
    const { head, opens } = this.marks;
    const line = (at: number, name: string, dash: number[]): void => {
      context.strokeStyle = colour(name);
      context.lineWidth = 1.5 * devicePixelRatio;
      context.setLineDash(dash.map((length) => length * devicePixelRatio));
      context.beginPath();
      context.moveTo(at, bbox.top);
      context.lineTo(at, bbox.top + bbox.height);
      context.stroke();
    };
    context.save();
    if (opens !== null) line(valToPos.call(this.plot, opens, 'x', true), '--line-strong', [2, 4]);
    if (head !== null) {
      const at = Math.min(Math.max(valToPos.call(this.plot, head, 'x', true), bbox.left), bbox.left + bbox.width);
      context.globalAlpha = 0.72;
      context.fillStyle = colour('--surface');
      context.fillRect(at, bbox.top - 2, bbox.left + bbox.width - at, bbox.height + 2);
      context.globalAlpha = 1;
      line(at, '--ink', []);
    }
    context.restore();
  }
}

/** From zero to a little above the highest value. */
function upTo(_: uPlot, __: number, most: number | null): [number, number] {
  return [0, Math.max(1e-3, most ?? 1) * 1.08];
}

function lineOf({ isTwin = false, isArea = false, isRight = false }: Series, colour: string, isSweep: boolean): uPlot.Series {
  return {
    stroke: colour,
    width: isTwin ? 1.8 : 2.4,
    scale: isRight ? 'right' : 'y',
    points: { show: isSweep, size: 8, fill: colour },
    spanGaps: isSweep,
    ...(isTwin ? { dash: [6, 5] } : {}),
    // A colour and how much of it, as hexadecimal digits.
    ...(isArea && /^#[0-9a-f]{6}$/i.test(colour) ? { fill: `${colour}22` } : {}),
  };
}
