// A concert on sale, and people who buy: what the tests share.

import { randomUUID } from "node:crypto";
import assert from "node:assert/strict";
import init, { FrontrowError, World } from "../pkg/node.js";

export * from "../pkg/node.js";

export const { memory } = await init();

export const NOW = Date.parse("2026-11-22T11:00:00Z");
export const PRICE = 154_000;
export const HOLD_MILLIS = 300_000;
export const INTERVAL_MILLIS = 10_000;
const DAY_MILLIS = 86_400_000;

export const id = () => randomUUID();

/** Asserts that `act` throws a `FrontrowError` with `code`, and gives it. */
export function refused(act, code) {
  let thrown;
  assert.throws(act, (error) => {
    thrown = error;
    return true;
  });
  assert.ok(thrown instanceof FrontrowError, `${thrown?.stack ?? thrown}`);
  assert.equal(thrown.code, code);
  return thrown;
}

/** A concert whose sale is open, and its one schedule. */
export class Sale {
  constructor({ seats = 10, admission = {} } = {}) {
    this.world = new World();
    this.now = NOW;
    this.concert_id = id();
    this.schedule_id = id();
    this.execute({ command: "create_concert", concert: concert(this.concert_id, admission) });
    this.execute({ command: "add_schedule", schedule: this.schedule(seats) });
  }

  schedule(seats) {
    const sections = [{ name: "R", rows: 1, seats_per_row: seats, price: PRICE }];
    const { schedule_id, concert_id, now } = this;
    return { id: schedule_id, concert_id, starts_at: now + 30 * DAY_MILLIS, venue: "Hall", sections };
  }

  execute(command) {
    return this.world.execute(command, this.now);
  }

  /** Moves the time, doing what is due on the way. */
  pass(millis) {
    const until = this.now + millis;
    for (let at = this.world.pollTimeout(); at !== undefined && at <= until; at = this.world.pollTimeout()) {
      this.world.handleTimeout(at);
    }
    this.now = until;
  }

  /** Somebody who stands in the queue. */
  waiting() {
    const { concert_id } = this;
    const person = { ticket_id: id(), user_id: id() };
    this.execute({ command: "join", concert_id, ...person });
    return person;
  }

  /** Somebody who was let in. */
  active() {
    const person = this.waiting();
    this.pass(INTERVAL_MILLIS);
    return person;
  }

  hold(person, choice) {
    const { schedule_id } = this;
    const command = { command: "hold", reservation_id: id(), schedule_id, ...person, choice };
    return this.execute(command).reservation;
  }

  charge({ user_id }, amount) {
    return this.execute({ command: "charge", transfer_id: id(), user_id, amount }).transfer;
  }

  pay(person, reservation, amount) {
    const command = { command: "pay", payment_id: id(), reservation_id: reservation.id, ...person, amount };
    return this.execute(command);
  }

  standing({ ticket_id }) {
    return this.world.standing(ticket_id, this.now);
  }

  seats() {
    return [...this.world.seatStatuses(this.schedule_id, this.now)];
  }
}

export function concert(concert_id, admission = {}) {
  return {
    id: concert_id,
    title: "Frontrow Live",
    sale_opens_at: NOW + INTERVAL_MILLIS,
    admission: { interval_seconds: 10, batch_size: 100, active_seconds: 600, ...admission },
    holds: {},
    paused: false,
    closed: false,
    created_at: NOW,
  };
}
