// The simulator through the package: the same journals as everywhere, frames that agree with the report, and a
// person at the screen.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import {
  FrontrowError, STAGES, Simulation, completeScenario, id, memory, refused, simulate, story,
} from "./sale.mjs";

const SCENARIOS = new URL("../../core/tests/scenarios/", import.meta.url);
const read = (name) => JSON.parse(readFileSync(new URL(name, SCENARIOS), "utf8"));
const HASHES = read("simulations.json");
const scenario = (name) => read(`sim/${name}.json`);
const finished = (simulation) => {
  while (!simulation.isDone) simulation.step(10_000);
  return simulation;
};

/** A scenario with the field at `path` set. */
function changed(name, path, value) {
  const copy = scenario(name);
  const fields = path.split(".");
  const last = fields.pop();
  fields.reduce((inner, field) => (inner[field] ??= {}), copy)[last] = value;
  return copy;
}

test("ten scenarios have the journals here that they have everywhere", () => {
  assert.equal(Object.keys(HASHES).length, 10);
  for (const [name, hash] of Object.entries(HASHES)) {
    const report = simulate(scenario(name));
    assert.equal(report.event_hash, hash, name);
    assert.deepEqual([report.invariants.ok, report.littles_law.ok], [true, true], name);
  }
});

test("slices of any size come to the same report", () => {
  const whole = simulate(scenario("bots"));
  const bySteps = new Simulation(scenario("bots"));
  while (!bySteps.isDone) bySteps.step(7);
  assert.deepEqual(bySteps.report(), whole);
  const byTime = new Simulation(scenario("bots"));
  for (let millis = 0; !byTime.isDone; millis += 16_667) byTime.runUntil(millis);
  assert.equal(byTime.progress, 1_000);
  assert.equal(byTime.report().event_hash, whole.event_hash);
});

test("frames agree with the report", () => {
  const simulation = finished(new Simulation(scenario("several_halls")));
  simulation.runUntil(scenario("several_halls").duration_seconds * 1_000);
  const report = simulation.report();
  const [second, came, , , held, sold] = simulation.counts();
  assert.deepEqual([second, came], [report.ended_at_second, report.people.came]);
  assert.deepEqual([held, sold], [report.seats.held, report.seats.sold]);

  const rows = report.curve.map((sample) => Object.values(sample));
  assert.deepEqual([...simulation.counts()], rows.at(-1));
  // The end is the report's last point; the curve under way has none.
  rows.pop();
  assert.deepEqual([...simulation.curve(0)], rows.flat());
  assert.deepEqual([...simulation.curve(rows.length - 1)], rows.at(-1));
  assert.equal(simulation.curve(4_294_967_295).length, 0);

  const halls = [...Array(simulation.hallCount).keys()];
  const { halls: given } = scenario("several_halls");
  assert.deepEqual(halls.map((hall) => ({ sections: simulation.sections(hall) })), given);
  const statuses = halls.flatMap((hall) => [...simulation.seatStatuses(hall)]);
  assert.equal(statuses.length, report.seats.total);
  assert.equal(statuses.filter((status) => status === 2).length, report.seats.sold);
  assert.deepEqual([simulation.sections(99), simulation.seatStatuses(99).length], [[], 0]);
});

test("a stage's number is its place in STAGES, and everybody has one", () => {
  const seen = new Set();
  for (const name of Object.keys(HASHES)) {
    const simulation = new Simulation(scenario(name));
    for (let millis = 60_000; !simulation.isDone; millis += 600_000) {
      simulation.runUntil(millis);
      const stages = simulation.stages();
      assert.equal(stages.length, simulation.counts()[1]);
      stages.forEach((stage, number) => {
        if (seen.has(stage) && number % 50 > 0) return;
        assert.equal(simulation.person(number).stage, STAGES[stage]);
        seen.add(stage);
      });
      assert.equal(simulation.person(stages.length), undefined);
    }
    simulation.free();
  }
  assert.ok(seen.size >= 8, [...seen].join());
});

test("a person at the screen stands in the same line and buys the same seats", () => {
  const simulation = new Simulation(scenario("steady"));
  const { id: concert_id } = simulation.concert();
  const [{ id: schedule_id }] = simulation.schedules();
  const me = { ticket_id: id(), user_id: id() };
  simulation.runUntil(5_000);
  simulation.execute({ command: "join", concert_id, ...me });
  assert.equal(simulation.standing(me.ticket_id).state, "waiting");
  refused(() => simulation.admitReader(me.ticket_id), "queue_token_waiting");
  while (simulation.standing(me.ticket_id).state === "waiting") {
    simulation.markSeen(me.ticket_id);
    simulation.runUntil(simulation.nowMillis + 1_000);
  }
  simulation.admitReader(me.ticket_id);
  const taken = simulation.seatStatuses(0).findIndex((status) => status > 0) + 1;
  const hold = { command: "hold", reservation_id: id(), schedule_id, ...me };
  if (taken > 0) refused(() => simulation.execute({ ...hold, choice: { seats: [taken] } }), "seat_taken");
  const { reservation } = simulation.execute({ ...hold, choice: { best: { count: 2 } } });
  assert.equal(simulation.reservationStatus(reservation.id), "held");
  assert.deepEqual(reservation.seats.map((seat) => simulation.seatStatuses(0)[seat - 1]), [1, 1]);
  const { amount } = reservation;
  assert.equal(simulation.wallet(me.user_id), undefined);
  simulation.execute({ command: "charge", transfer_id: id(), user_id: me.user_id, amount });
  simulation.execute({ command: "pay", payment_id: id(), reservation_id: reservation.id, ...me, amount });
  assert.equal(simulation.wallet(me.user_id).balance, 0);
  assert.equal(simulation.reservation(reservation.id).state.state, "confirmed");
  assert.equal(simulation.standing(me.ticket_id).state, "consumed");

  const report = finished(simulation).report();
  assert.deepEqual([report.invariants.ok, report.littles_law.ok], [true, true]);
  assert.equal(report.people.came, simulate(scenario("steady")).people.came);
  assert.equal(simulation.audit().ok, true);
  assert.deepEqual(reservation.seats.map((seat) => simulation.seatStatuses(0)[seat - 1]), [2, 2]);
});

test("a person's story ends as they do", () => {
  const simulation = finished(new Simulation(scenario("slow_payers")));
  for (let number = 0; number < 40; number += 7) {
    const lines = story(scenario("slow_payers"), number);
    assert.equal(lines[0].kind, "joined");
    const person = simulation.person(number);
    assert.equal(lines.some(({ kind }) => kind === "paid"), person.stage === "bought", `${number}`);
  }
  refused(() => story(scenario("steady"), 4_000_000_000), "malformed_request");
});

test("what makes no sense in a scenario is refused with its path", () => {
  const cases = [
    ["version", 2, "version"],
    ["seed", 2 ** 53, "seed"],
    ["seed", -1, "seed"],
    ["admission.batch_size", 0, "admission.batch_size"],
    ["admission.batch_size", 1.5, "admission.batch_size"],
    ["admission.surprise", 1, "admission"],
    ["bots.share_percent", 101, "bots.share_percent"],
    ["bots.share_percent", "1", "bots.share_percent"],
    ["halls", {}, "halls"],
    ["halls.0.sections.0.rows", null, "halls.0.sections.0.rows"],
    ["halls.0.sections.0.price", -1, "halls.0.sections.0.price"],
    ["people.patience", { kind: "fixed", seconds: 604_801 }, "people.patience.seconds"],
    ["people.patience", { kind: "never" }, "people.patience.kind"],
    ["people.group_weights", [0, 0], "people.group_weights"],
    ["arrivals.0", { kind: "burst", at_second: 1e6, people: 1 }, "arrivals.0.at_second"],
    ["surprise", 1, "scenario"],
  ];
  for (const [path, value, field] of cases) {
    for (const make of [(s) => new Simulation(s), completeScenario, simulate, (s) => story(s, 0)]) {
      const error = refused(() => make(changed("bots", path, value)), "malformed_request");
      assert.equal(error.rejection.errors[0].field, field, error.message);
      assert.ok(error.rejection.errors[0].reason.length > 0);
    }
  }
});

test("what is no scenario at all is refused", () => {
  const circle = {};
  circle.admission = circle;
  let deep = 1;
  for (let level = 0; level < 1_000; level += 1) deep = { deep };
  const waves = { ...scenario("bots"), arrivals: [{ kind: "burst", deep }] };
  const none = [
    undefined, null, 0, "x", [], Symbol("x"), () => {}, {}, new Map(), circle, waves, { deep },
    { ...scenario("bots"), people: { taste: deep } }, { x: "x".repeat(5_000_000) },
  ];
  for (const value of none) {
    for (const make of [(s) => new Simulation(s), completeScenario, simulate]) {
      refused(() => make(value), "malformed_request");
    }
  }
});

test("numbers that make no sense are refused, and the simulation goes on", () => {
  const simulation = new Simulation(scenario("steady"));
  const methods = [
    (n) => simulation.step(n), (n) => simulation.runUntil(n), (n) => simulation.curve(n), (n) => simulation.sections(n),
    (n) => simulation.seatStatuses(n), (n) => simulation.person(n), (n) => story(scenario("steady"), n),
  ];
  for (const method of methods) {
    for (const n of [undefined, null, -1, 0.5, NaN, Infinity, 2 ** 32, "1", 1n, {}, []]) {
      refused(() => method(n), "malformed_request");
    }
  }
  for (const some of [undefined, 7, "x", {}]) {
    for (const name of ["standing", "markSeen", "admitReader", "reservation", "reservationStatus", "wallet"]) {
      refused(() => simulation[name](some), "malformed_request");
    }
  }
  assert.equal(simulation.standing(id()), undefined);
  assert.equal(simulation.reservation(id()), undefined);
  assert.equal(simulation.reservationStatus(id()), undefined);
  assert.equal(simulation.wallet(id()), undefined);
  refused(() => simulation.admitReader(id()), "queue_token_invalid");
  const operators = { command: "refresh_sold_out", concert_id: simulation.concert().id };
  refused(() => simulation.execute(operators), "malformed_request");
  assert.equal(finished(simulation).report().event_hash, HASHES.steady);
});

test("a scenario's defaults are filled in, and what is filled in stays", () => {
  const { version, seed, admission, halls } = scenario("steady");
  const arrivals = [{ kind: "on_sale_spike", people: 5 }];
  const complete = completeScenario({ version, seed, admission, halls, arrivals });
  assert.equal(complete.duration_seconds, 7_200);
  assert.deepEqual(complete.arrivals, [{ ...arrivals[0], early_percent: 60, early_seconds: 120, late_seconds: 60 }]);
  assert.deepEqual(complete.people.taste, { front_first: 50, random: 30, best_available: 20 });
  assert.deepEqual(completeScenario(complete), complete);
});

test("simulations leave no memory behind", () => {
  const round = () => {
    const simulation = finished(new Simulation(scenario("burst")));
    simulation.report();
    simulation.stages();
    refused(() => simulate({}), "malformed_request");
    simulation.free();
    assert.throws(() => simulation.counts(), (error) => !(error instanceof FrontrowError));
  };
  for (let warm = 0; warm < 3; warm += 1) round();
  const before = memory.buffer.byteLength;
  for (let times = 0; times < 30; times += 1) round();
  assert.equal(memory.buffer.byteLength, before);
});
