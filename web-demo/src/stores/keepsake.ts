/** What a tab remembers of a visitor's way, so that reloading the page loses no place in line. */

import type { DemoSession } from '../api/types';
import type { Statistics } from './journey-state';

export interface Keepsake {
  session: DemoSession;
  concertId: string;
  queueToken: string;
  statistics: Statistics;
  /** What the draw was bound to before it was held. */
  commitment: string | null;
}

const KEY = 'frontrow.journey';

/** Where a journey is kept. */
export interface Keepsakes {
  remember(keepsake: Keepsake | null): void;
  recall(): Keepsake | null;
}

/** For journeys that end with the page. */
export const KEPT_NOWHERE: Keepsakes = { remember: () => undefined, recall: () => null };

function remember(keepsake: Keepsake | null): void {
  try {
    if (keepsake === null) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, JSON.stringify(keepsake));
  } catch {
    // Without storage a reload starts anew.
  }
}

function recall(): Keepsake | null {
  try {
    const kept = sessionStorage.getItem(KEY);
    return kept === null ? null : (JSON.parse(kept) as Keepsake);
  } catch {
    return null;
  }
}

/** For journeys that a reload goes on with. */
export const KEPT_IN_TAB: Keepsakes = { remember, recall };
