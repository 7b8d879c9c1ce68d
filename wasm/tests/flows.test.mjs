// The seven flows that the product was drawn up with, one story each, through the package.

import assert from "node:assert/strict";
import test from "node:test";
import { HOLD_MILLIS, INTERVAL_MILLIS, PRICE, Sale, refused } from "./sale.mjs";

test("flow 1: a person joins the queue, polls and is let in", () => {
  const sale = new Sale({ admission: { batch_size: 1 } });
  const first = sale.waiting();
  const person = sale.waiting();
  assert.equal(sale.standing(person).position, 2);

  // Joining again gives the same place
  const { concert_id } = sale;
  const again = { command: "join", concert_id, ...person, ticket_id: crypto.randomUUID() };
  const outcome = sale.execute(again);
  assert.equal(outcome.already_queued, true);
  assert.equal(outcome.ticket.id, person.ticket_id);

  sale.pass(INTERVAL_MILLIS);
  assert.equal(sale.standing(first).state, "active");
  assert.deepEqual([sale.standing(person).position, sale.standing(person).eta_seconds], [1, 10]);
  sale.pass(INTERVAL_MILLIS);
  assert.equal(sale.standing(person).state, "active");
});

test("flow 2: whoever was let in sees the dates that can be booked", () => {
  const sale = new Sale();
  const { world, concert_id } = sale;
  const { ticket_id } = sale.waiting();
  const look = () => {
    world.admitReader(ticket_id, concert_id, sale.now);
    return world.schedules(concert_id).filter(({ starts_at }) => sale.now < starts_at);
  };
  refused(look, "queue_token_waiting");
  sale.pass(INTERVAL_MILLIS);
  assert.deepEqual(look().map(({ id }) => id), [sale.schedule_id]);
  sale.pass(33 * 86_400_000);
  refused(look, "queue_token_expired");
});

test("flow 3: whoever was let in sees the seats of a date", () => {
  const sale = new Sale({ seats: 2 });
  const person = sale.active();
  assert.deepEqual(sale.seats(), [0, 0]);
  sale.hold(person, { seats: [1, 2] });
  assert.deepEqual(sale.seats(), [1, 1]);
  const late = sale.active();
  refused(() => sale.hold(late, { best: { count: 1 } }), "no_seats_available");
});

test("flow 4: a seat is held for five minutes, and nobody else gets it", () => {
  const sale = new Sale();
  const other = sale.waiting();
  const person = sale.active();
  const held = sale.hold(person, { seats: [7] });
  assert.equal(held.expires_at - held.held_at, HOLD_MILLIS);
  const error = refused(() => sale.hold(other, { seats: [7] }), "seat_taken");
  assert.deepEqual(error.rejection.seats, [7]);
  assert.equal(error.text.ko, "이미 선택된 좌석입니다.");
  assert.equal(error.isTransient, true);
  sale.pass(HOLD_MILLIS);
  assert.equal(sale.world.reservationStatus(held.id, sale.now), "expired");
  sale.hold(other, { seats: [7] });
});

test("flow 5: a balance is read without a queue token", () => {
  const sale = new Sale();
  const { user_id } = sale.waiting();
  assert.equal(sale.world.wallet(user_id), undefined);
  sale.charge({ user_id }, 50_000);
  assert.equal(sale.world.wallet(user_id).balance, 50_000);
});

test("flow 6: a balance is charged wholly or not at all", () => {
  const sale = new Sale();
  const person = sale.waiting();
  const most = Number.MAX_SAFE_INTEGER;
  assert.equal(sale.charge(person, most).balance_after, most);
  refused(() => sale.charge(person, 0), "amount_invalid");
  refused(() => sale.charge(person, 1), "balance_limit_exceeded");
  assert.equal(sale.world.wallet(person.user_id).balance, most);
  assert.equal(sale.world.transfers(person.user_id).length, 1);
});

test("flow 7: a payment sells the seats and uses the ticket up", () => {
  const sale = new Sale();
  const late = sale.waiting();
  const poor = sale.active();
  sale.charge(poor, PRICE - 1);
  sale.charge(late, PRICE);
  const theirs = sale.hold(poor, { seats: [1] });
  const lapsed = sale.hold(late, { seats: [2] });

  const error = refused(() => sale.pay(poor, theirs, PRICE), "insufficient_balance");
  assert.deepEqual(
    [error.rejection.balance, error.rejection.required],
    [PRICE - 1, PRICE],
  );
  sale.charge(poor, 1);
  const { transfer } = sale.pay(poor, theirs, PRICE);
  assert.equal(transfer.balance_after, 0);
  assert.equal(sale.standing(poor).state, "consumed");

  // After five minutes it is too late, and the seat is everybody's
  sale.now += HOLD_MILLIS;
  refused(() => sale.pay(late, lapsed, PRICE), "hold_expired");
  assert.equal(sale.world.wallet(late.user_id).balance, PRICE);
  assert.deepEqual(sale.seats().slice(0, 2), [2, 0]);

  const kinds = sale.world.pollEvents().map(({ kind }) => kind);
  assert.ok(kinds.includes("reservation_confirmed") && kinds.includes("reservation_expired"));
  assert.deepEqual(sale.world.pollEvents(), []);
});
