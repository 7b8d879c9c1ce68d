/** What a twin made different: the differences worth telling, the weightiest first. The words are elsewhere. */

import type { Report, Scenario } from '@frontrow/wasm';
import { MEASURES, type Measure } from './measures';

export interface Outcome {
  scenario: Scenario;
  report: Report;
}

export interface Difference {
  measure: Measure;
  /** Without and with the change; `null` where there is nothing to tell, such as a sell-out that never came. */
  a: number | null;
  b: number | null;
  verdict: 'better' | 'worse' | 'neutral';
}

/** Smallest difference that is told: of shares in points, of other figures as a part of the larger one. */
const [POINTS_MIN, PART_MIN] = [0.01, 0.03];
/** Smallest differences that anybody would notice: a second, two people. */
const LEAST: Partial<Record<Measure['unit'], number>> = { millis: 1000, people: 2, count: 2 };

export function isTold({ unit }: Measure, a: number | null, b: number | null): boolean {
  if (a === null || b === null) return a !== b;
  const off = Math.abs(a - b);
  if (unit === 'share') return off >= POINTS_MIN;
  return off >= (LEAST[unit] ?? 0) && off >= Math.max(Math.abs(a), Math.abs(b)) * PART_MIN;
}

export function compare(a: Outcome, b: Outcome): Difference[] {
  return MEASURES.flatMap((measure) => {
    const [before, after] = [measure.of(a.report, a.scenario), measure.of(b.report, b.scenario)];
    if (!isTold(measure, before, after)) return [];
    return [{ measure, a: before, b: after, verdict: verdictOf(measure, before, after) }];
  });
}

function verdictOf({ wanted }: Measure, a: number | null, b: number | null): Difference['verdict'] {
  if (wanted === null || a === null || b === null) return 'neutral';
  return b > a === (wanted === 'more') ? 'better' : 'worse';
}
