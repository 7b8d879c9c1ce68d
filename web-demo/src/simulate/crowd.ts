/** The crowd as dots: what colour each stage has, and where each person's dot is. It draws nothing. */

/** What a dot says at a glance. */
export type Tone = 'coming' | 'waiting' | 'active' | 'bought' | 'gone' | 'without' | 'failed';

export const TONES: readonly Tone[] = ['coming', 'waiting', 'active', 'bought', 'gone', 'without', 'failed'];

/** The custom property that colours each tone; in the curves the same colours mean the same. */
export const COLOURS: Record<Tone, string> = {
  coming: '--line', waiting: '--accent', active: '--seat-2', bought: '--seat-4', gone: '--line-strong', without: '--muted', failed: '--seat-3',
};

const TONE_OF: Record<string, Tone> = {
  coming: 'coming', waiting: 'waiting', active: 'active', rejoining: 'waiting', bought: 'bought', gave_up: 'gone', passed_over: 'gone',
  sold_out: 'without', refused: 'without', ran_out: 'without', no_seats: 'without', payment_failed: 'failed', abandoned: 'failed',
};

/** The tone of each stage, by the stage's number. */
export function tonesOf(stages: readonly string[]): Uint8Array {
  return Uint8Array.from(stages, (stage) => TONES.indexOf(TONE_OF[stage] ?? 'coming'));
}

/** Dots in rows, in the order of arrival. */
export interface Grid {
  columns: number;
  rows: number;
  /** CSS pixels from dot to dot. */
  pitch: number;
  /** People that one dot stands for. */
  each: number;
}

const [PITCH_MIN, PITCH_MAX] = [3, 12];

/** The largest dots with which everybody fits; where nobody could be seen any more, one stands for several. */
export function gridFor(people: number, width: number, height: number): Grid {
  for (let pitch = PITCH_MAX; pitch >= PITCH_MIN; pitch -= 1) {
    const columns = Math.max(1, Math.floor(width / pitch));
    const rows = Math.ceil(people / columns);
    if (rows * pitch <= height) return { columns, rows, pitch, each: 1 };
  }
  const columns = Math.max(1, Math.floor(width / PITCH_MIN));
  const rows = Math.max(1, Math.floor(height / PITCH_MIN));
  const each = Math.ceil(people / (columns * rows));
  return { columns, rows: Math.ceil(Math.ceil(people / each) / columns), pitch: PITCH_MIN, each };
}

/** The person under a point; `null` if there is nobody. */
export function personAt({ columns, pitch, each }: Grid, people: number, x: number, y: number): number | null {
  const column = Math.floor(x / pitch);
  if (column < 0 || column >= columns) return null;
  const person = (Math.floor(y / pitch) * columns + column) * each;
  return person >= 0 && person < people ? person : null;
}

/** How many of those who came are of each tone; the rest is still to come. */
export function countTones(stages: Uint8Array, tones: Uint8Array, people: number): number[] {
  const counts = new Array<number>(TONES.length).fill(0);
  for (const stage of stages) counts[tones[stage] ?? 0] = (counts[tones[stage] ?? 0] ?? 0) + 1;
  counts[0] = (counts[0] ?? 0) + people - stages.length;
  return counts;
}

/** The next person of a tone after one, from the beginning again after the last; `null` if there is none. */
export function nextOf(stages: Uint8Array, tones: Uint8Array, tone: number, after: number): number | null {
  for (let step = 1; step <= stages.length; step += 1) {
    const person = (after + step) % stages.length;
    if (tones[stages[person] ?? 0] === tone) return person;
  }
  return null;
}
