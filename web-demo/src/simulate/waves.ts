/** Waves of arrivals as they are changed and written. It draws nothing. */

import type { Wave } from '@frontrow/wasm';

/** What was recorded, before somebody writes what was. */
const RECORDED = [5, 20, 80, 60, 40, 30, 20, 10, 5];

/** A wave of another shape with about as many people. */
export function reshapedWave(wave: Wave, kind: string, opensAt: number): Wave {
  const people = wave.kind === 'recorded' ? wave.counts.reduce((sum, count) => sum + count, 0) : wave.people;
  if (kind === 'steady') return { kind, people, from_second: 0, seconds: 1800 };
  if (kind === 'burst') return { kind, people, at_second: opensAt };
  if (kind === 'recorded') return { kind, from_second: opensAt, counts: RECORDED };
  return { kind: 'on_sale_spike', people, early_percent: 60, early_seconds: 120, late_seconds: 60 };
}

/** Counts as they are written; `null` if they are not. */
export function parseCounts(written: string): number[] | null {
  const words = written.split(/[\s,;]+/).filter((word) => word !== '');
  const counts = words.map(Number);
  return counts.length > 0 && counts.every((count) => Number.isSafeInteger(count) && count >= 0) ? counts : null;
}
