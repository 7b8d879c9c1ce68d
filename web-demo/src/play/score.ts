/** How one did against the crowd, and the best that one did so far. Kept in the browser. */

import type { Statistics } from '../stores/journey-state';
import type { LevelId } from './levels';

/** Why a game is over. */
export type Ending = 'ticket' | 'sold_out' | 'timed_out' | 'left';

export interface Score {
  ending: Ending;
  level: LevelId;
  seed: number;
  /** Seconds from the opening to joining. */
  reactionSeconds: number;
  /** Seconds from the opening to the end. */
  totalSeconds: number;
  /** Of 100 others, how many had no ticket yet. */
  fasterThanPercent: number;
  statistics: Statistics;
  /** The best time on this level before, in seconds. */
  bestBefore: number | null;
}

export interface Finish {
  ending: Ending;
  level: LevelId;
  seed: number;
  opensAt: number;
  endedAt: number;
  /** How many others had bought. */
  bought: number;
  people: number;
  statistics: Statistics;
}

export function scoreOf(finish: Finish, bestBefore: number | null): Score {
  const { ending, level, seed, opensAt, endedAt, bought, people, statistics } = finish;
  const seconds = (at: number): number => Math.max(0, (at - opensAt) / 1000);
  return {
    ending, level, seed, statistics, bestBefore,
    reactionSeconds: seconds(statistics.joinedAt),
    totalSeconds: seconds(endedAt),
    fasterThanPercent: ending === 'ticket' && people > 0 ? (100 * (people - bought)) / people : 0,
  };
}

/** Whether it is the best time on its level so far. */
export function isRecord({ ending, totalSeconds, bestBefore }: Score): boolean {
  return ending === 'ticket' && (bestBefore === null || totalSeconds < bestBefore);
}

const keyOf = (level: LevelId): string => `frontrow.play.best.${level}`;

/** Seconds of the best ticket on a level. */
export function bestOn(level: LevelId): number | null {
  try {
    const kept = localStorage.getItem(keyOf(level));
    const seconds = kept === null ? Number.NaN : Number(kept);
    return Number.isFinite(seconds) ? seconds : null;
  } catch {
    return null;
  }
}

export function keepIfBest(score: Score): void {
  if (!isRecord(score)) return;
  try {
    localStorage.setItem(keyOf(score.level), score.totalSeconds.toFixed(1));
  } catch {
    // Without storage there is no best time.
  }
}
