// What a user of the package writes, as the strict compiler sees it. Only checked, never run.

import init, { FrontrowError, World } from "@frontrow/wasm";
import type { Command, FrontrowEvent, Outcome, Rejection, RejectionCode, Standing } from "@frontrow/wasm";

/** Fails to compile for `any`, which is assignable to and from everything. */
type NotAny<T> = 0 extends 1 & T ? never : T;

export async function buy(command: Command): Promise<NotAny<Outcome>> {
  const { memory } = await init();
  const bytes: number = memory.buffer.byteLength;
  const world = new World();
  const outcome: NotAny<ReturnType<World["execute"]>> = world.execute(command, bytes);
  if (outcome.outcome === "joined") {
    const standing: NotAny<Standing> | undefined = world.standing(outcome.ticket.id, 0);
    const position: number | null | undefined = standing?.position;
    console.log(position);
  }
  const due: number | undefined = world.pollTimeout();
  if (due !== undefined) world.handleTimeout(due);
  const statuses: Uint8Array | undefined = world.seatStatuses("", 0);
  console.log(statuses?.length);
  return outcome;
}

export function seats(event: NotAny<FrontrowEvent>): number[] {
  return event.kind === "seats_held" ? event.seats : [];
}

export function told(error: unknown): string {
  if (!(error instanceof FrontrowError)) throw error;
  const code: NotAny<RejectionCode> = error.code;
  const rejection: NotAny<Rejection> = error.rejection;
  return rejection.code === "seat_taken" ? rejection.seats.join() : code;
}

// @ts-expect-error No such command.
export const unknown: Command = { command: "no_such" };
// @ts-expect-error A field is missing.
export const incomplete: Command = { command: "join", ticket_id: "" };
// @ts-expect-error Times are numbers.
new World().handleTimeout(new Date());
