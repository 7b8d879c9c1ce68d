/** Draws seats on a canvas: one at a time, so that a change costs one seat and not the hall. */

import { placeOf, STAGE, type Hall } from './geometry';

/** What a seat looks like. Each look differs in shape as well as colour. */
export type Look = 'free' | 'held' | 'sold' | 'chosen';

export interface Palette {
  /** A colour for each section, used again when they run out. */
  sections: string[];
  held: string;
  sold: string;
  chosen: string;
  onChosen: string;
  stage: string;
  onStage: string;
  focus: string;
  flash: string;
  surface: string;
}

/** The palette that the page's theme gives to an element. */
export function paletteOf(element: Element): Palette {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  return {
    sections: ['--seat-1', '--seat-2', '--seat-3', '--seat-4'].map(colour),
    held: colour('--seat-held'), sold: colour('--seat-sold'), chosen: colour('--seat-chosen'),
    onChosen: colour('--on-seat-chosen'), stage: colour('--stage'), onStage: colour('--on-stage'),
    focus: colour('--focus'), flash: colour('--seat-flash'), surface: colour('--surface'),
  };
}

export interface Brush {
  context: CanvasRenderingContext2D;
  hall: Hall;
  palette: Palette;
  /** CSS pixels from seat to seat. */
  pitch: number;
}

/** Draws one seat over whatever stood there. `flash` from 0 to 1 lights it up. */
export function paintSeat(brush: Brush, index: number, look: Look, focused: boolean, flash = 0): void {
  const { context, hall, palette, pitch } = brush;
  const { x, y } = placeOf(hall, index);
  const [left, top] = [Math.round((x - 0.5) * pitch), Math.round((y - 0.5) * pitch)];
  context.fillStyle = palette.surface;
  context.fillRect(left, top, pitch, pitch);
  const inset = pitch * 0.12;
  const [side, radius] = [pitch - 2 * inset, pitch * 0.24];
  const box = (): void => {
    context.beginPath();
    context.roundRect(left + inset, top + inset, side, side, [radius, radius, radius * 0.6, radius * 0.6]);
  };
  const section = hall.rows[hall.rowOf[index] ?? 0]?.section ?? '';
  const ours = palette.sections[hall.sections.indexOf(section) % palette.sections.length] ?? palette.chosen;
  box();
  if (look === 'free') {
    context.fillStyle = ours;
    context.fill();
  } else if (look === 'chosen') {
    context.fillStyle = palette.chosen;
    context.fill();
    tick(context, left + pitch / 2, top + pitch / 2, side * 0.28, palette.onChosen);
  } else if (look === 'held') {
    context.strokeStyle = palette.held;
    context.lineWidth = Math.max(1, pitch * 0.08);
    context.stroke();
    stroke(context, palette.held, pitch * 0.09, [[left + inset * 2, top + pitch - inset * 2], [left + pitch - inset * 2, top + inset * 2]]);
  } else {
    context.fillStyle = palette.sold;
    context.fill();
  }
  if (flash > 0) {
    context.globalAlpha = flash;
    box();
    context.fillStyle = palette.flash;
    context.fill();
    context.globalAlpha = 1;
  }
  if (focused) {
    context.strokeStyle = palette.focus;
    context.lineWidth = 2;
    context.strokeRect(left + 1, top + 1, pitch - 2, pitch - 2);
  }
}

function tick(context: CanvasRenderingContext2D, x: number, y: number, size: number, colour: string): void {
  stroke(context, colour, size * 0.5, [[x - size, y], [x - size * 0.2, y + size * 0.75], [x + size, y - size * 0.7]]);
}

function stroke(context: CanvasRenderingContext2D, colour: string, width: number, points: [number, number][]): void {
  context.strokeStyle = colour;
  context.lineWidth = Math.max(1, width);
  context.lineCap = 'round';
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
  context.stroke();
}

/** Draws the stage: a shallow bow as wide as the hall. */
export function paintStage(brush: Brush, words: string): void {
  const { context, hall, palette, pitch } = brush;
  const width = hall.columns * pitch;
  const [left, right] = [width * 0.16, width * 0.84];
  const bottom = (STAGE - 1) * pitch;
  context.beginPath();
  context.moveTo(left, pitch * 0.2);
  context.lineTo(right, pitch * 0.2);
  context.lineTo(right, bottom * 0.62);
  context.quadraticCurveTo(width / 2, bottom * 1.25, left, bottom * 0.62);
  context.closePath();
  context.fillStyle = palette.stage;
  context.fill();
  context.fillStyle = palette.onStage;
  context.font = `600 ${Math.max(10, Math.min(14, pitch * 0.8))}px system-ui, sans-serif`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(words, width / 2, bottom * 0.54);
}
