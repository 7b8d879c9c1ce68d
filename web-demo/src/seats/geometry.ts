/** Where each seat stands in the hall, and which one is next to another. It knows no element and no canvas. */

import type { Seat } from '../api/types';

/** Where a row starts, and what it is called. Seats of a row have consecutive numbers. */
export interface Row {
  section: string;
  name: string;
  /** Index in the hall's seats of the row's first seat. */
  first: number;
  length: number;
  /** Distance of the row's line from the hall's top, in seat pitches. */
  y: number;
}

export interface Hall {
  rows: Row[];
  sections: string[];
  /** Row of each seat, by the seat's index. */
  rowOf: Uint32Array;
  /** Seats of the longest row. */
  columns: number;
  /** Height with stage and curve, in seat pitches. */
  height: number;
}

/** Pitches that the stage takes at the top. */
export const STAGE = 3;
/** Pitches between two sections. */
const GAP = 1.4;
/** How far the ends of the longest row bend towards the stage, as a share of its length. */
const BEND = 0.05;

/** A seat's name taken apart: section, row, seat in row. */
export function partsOf(label: string): { section: string; row: string; seat: string } {
  const seatAt = label.lastIndexOf('-');
  const rowAt = label.lastIndexOf('-', seatAt - 1);
  if (seatAt < 0 || rowAt < 0) return { section: '', row: '', seat: label };
  return { section: label.slice(0, rowAt), row: label.slice(rowAt + 1, seatAt), seat: label.slice(seatAt + 1) };
}

/** Lays out a hall from its seats in the order of their numbers: section by section, row by row. */
export function layOut(seats: readonly Pick<Seat, 'label'>[]): Hall {
  const rows: Row[] = [];
  const sections: string[] = [];
  const rowOf = new Uint32Array(seats.length);
  let y = STAGE;
  for (const [index, seat] of seats.entries()) {
    const { section, row } = partsOf(seat.label);
    const last = rows.at(-1);
    if (last === undefined || last.section !== section || last.name !== row) {
      if (last !== undefined) y += last.section === section ? 1 : 1 + GAP;
      if (!sections.includes(section)) sections.push(section);
      rows.push({ section, name: row, first: index, length: 1, y });
    } else {
      last.length += 1;
    }
    rowOf[index] = rows.length - 1;
  }
  const columns = rows.reduce((longest, row) => Math.max(longest, row.length), 1);
  return { rows, sections, rowOf, columns, height: y + 1 + columns * BEND };
}

/** How much lower a seat stands than the row's ends, `x` pitches from the hall's left edge. */
function sag(hall: Hall, x: number): number {
  const half = hall.columns / 2;
  const off = (x - half) / half;
  return hall.columns * BEND * (1 - off * off);
}

/** The middle of a seat, in pitches from the hall's upper left corner. */
export function placeOf(hall: Hall, index: number): { x: number; y: number } {
  const row = hall.rows[hall.rowOf[index] ?? 0];
  if (row === undefined) return { x: 0, y: 0 };
  const x = (hall.columns - row.length) / 2 + (index - row.first) + 0.5;
  return { x, y: row.y + 0.5 + sag(hall, x) };
}

/** The seat at a point, in pitches, if there is one. */
export function seatAt(hall: Hall, x: number, y: number): number | null {
  for (const row of hall.rows) {
    const column = Math.floor(x - (hall.columns - row.length) / 2);
    if (column < 0 || column >= row.length) continue;
    const index = row.first + column;
    if (Math.abs(placeOf(hall, index).y - y) <= 0.5) return index;
  }
  return null;
}

export type Move = 'left' | 'right' | 'up' | 'down' | 'home' | 'end' | 'first' | 'last';

/** Where a key leads from a seat. Rows are centred, so up and down keep to what is nearest on the map. */
export function moved(hall: Hall, index: number, move: Move): number {
  const at = hall.rowOf[index] ?? 0;
  const row = hall.rows[at];
  if (row === undefined) return index;
  const last = hall.rowOf.length - 1;
  const to = (next: Row | undefined): number => {
    if (next === undefined) return index;
    const column = Math.floor(index - row.first + (next.length - row.length) / 2);
    return next.first + Math.min(next.length - 1, Math.max(0, column));
  };
  switch (move) {
    case 'left': return Math.max(row.first, index - 1);
    case 'right': return Math.min(row.first + row.length - 1, index + 1);
    case 'up': return to(hall.rows[at - 1]);
    case 'down': return to(hall.rows[at + 1]);
    case 'home': return row.first;
    case 'end': return row.first + row.length - 1;
    case 'first': return 0;
    case 'last': return Math.max(0, last);
  }
}
