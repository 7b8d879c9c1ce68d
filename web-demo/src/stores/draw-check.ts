/** Whether one's number in a draw is the one that the published values give. */

import type { Lot, Prequeue } from '../api/types';
import type { VerifyDraw } from '../engine/draw';

/** What a draw is computed from, as it was published. */
export interface DrawEvidence {
  seed: string;
  commitment: string;
  beacon_value: string | null;
  arrivals: number;
  arrival_number: number;
  ticket_number: number;
}

/**
 * Why a draw does not hold: something of it was not published, the commitment is not the one from before the draw,
 * the seed is not the committed one, other values make no sense, or the number is another. `failed` is no fault of the
 * draw: this page could not compute it.
 */
export type DrawFault = 'unpublished' | 'commitment' | 'seed' | 'values' | 'number' | 'failed';

export interface DrawCheck {
  fault: DrawFault | null;
  /** Null where something is missing. */
  evidence: DrawEvidence | null;
}

/** @param committed the commitment that was shown before the draw, if it was seen. */
export async function checkDraw(prequeue: Prequeue | null, lot: Lot, committed: string | null, load: () => Promise<VerifyDraw>): Promise<DrawCheck> {
  const evidence = prequeue === null ? null : evidenceOf(prequeue, lot);
  if (evidence === null) return { fault: 'unpublished', evidence };
  if (committed !== null && committed !== evidence.commitment) return { fault: 'commitment', evidence };
  const { seed, commitment, beacon_value, arrivals, arrival_number, ticket_number } = evidence;
  try {
    const verify = await load();
    const computed = verify(seed, commitment, beacon_value, arrivals, arrival_number);
    return { fault: computed === ticket_number ? null : 'number', evidence };
  } catch (error) {
    const field = faultyField(error);
    return { fault: field === undefined ? 'failed' : field === 'seed' ? 'seed' : 'values', evidence };
  }
}

function evidenceOf({ seed, commitment, arrivals, beacon, beacon_value }: Prequeue, lot: Lot): DrawEvidence | null {
  const { arrival_number, ticket_number } = lot;
  if (seed === null || commitment === null || arrivals === null || ticket_number === null) return null;
  if (beacon !== null && beacon_value === null) return null;
  return { seed, commitment, beacon_value, arrivals, arrival_number, ticket_number };
}

/** The argument that the engine refused. */
function faultyField(error: unknown): unknown {
  const rejection = (error as { rejection?: { errors?: { field?: unknown }[] } } | null)?.rejection;
  return rejection?.errors?.[0]?.field;
}
