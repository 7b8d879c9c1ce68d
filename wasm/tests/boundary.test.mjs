// What JavaScript can hand in is anything: it is refused with a type, the world goes on, and no memory
// stays behind.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { NOW, PRICE, Sale, World, concert, id, memory, refused, verifyDraw } from "./sale.mjs";

const circle = { command: "join" };
circle.ticket_id = circle;
let deep = 1;
for (let level = 0; level < 100_000; level += 1) deep = [deep];
const getter = { get command() { throw new Error("no"); } };
const proxy = new Proxy({}, { ownKeys() { throw new Error("no"); } });

const NO_COMMANDS = [
  undefined, null, true, 1, -1, NaN, Infinity, 1n, "", "join", Symbol("join"), () => {}, [], {}, new Map(),
  new Date(NaN), circle, { command: "join", ticket_id: deep }, getter, proxy,
  { command: "no_such" }, { command: 1 }, { command: "join" }, { command: 'a"b' },
  { command: "leave", ticket_id: "not-a-uuid" }, { command: "leave", ticket_id: 7 },
  { command: "charge", transfer_id: id(), user_id: id(), amount: 1.5 },
  { command: "charge", transfer_id: id(), user_id: id(), amount: -1 },
  { command: "charge", transfer_id: id(), user_id: id(), amount: 1e300 },
  { command: "charge", transfer_id: id(), user_id: id(), amount: 1n },
  { command: "charge", transfer_id: id(), user_id: id(), amount: "1" },
  { command: "create_concert", concert: { ...concert(id()), title: "x".repeat(2_000_000) } },
  { command: "create_concert", concert: { ...concert(id()), title: "" } },
  { command: "create_concert", concert: concert(id(), { batch_size: 0 }) },
  { command: "create_concert", concert: concert(id(), { batch_size: 2 ** 32 }) },
  { command: "create_concert", concert: { ...concert(id()), sale_opens_at: Number.MAX_SAFE_INTEGER } },
];

const NO_TIMES = [
  undefined, null, "", "1", NaN, Infinity, -Infinity, 1.5, 8.64e15 + 2, 1n, {}, [], Symbol("now"), new Date(),
];
const NO_IDS = [undefined, null, 7, "", "x", {}, [], Symbol("id"), 1n, "x".repeat(100_000)];

test("what is no command is refused, and the world goes on", () => {
  const sale = new Sale();
  sale.world.pollEvents();
  for (const command of NO_COMMANDS) {
    const error = refused(() => sale.execute(command), "malformed_request");
    assert.ok(error.rejection.errors[0].reason.length > 0);
    assert.equal(error.isTransient, false);
  }
  assert.deepEqual(sale.world.pollEvents(), []);
  sale.active();
});

test("an error names the fields that are out of their bounds", () => {
  const command = { command: "create_concert", concert: concert(id(), { batch_size: 0 }) };
  const error = refused(() => new World().execute(command, NOW), "malformed_request");
  assert.deepEqual(error.rejection.errors.map(({ field }) => field), ["admission.batch_size"]);
  assert.match(error.message, /^The request is malformed\. admission\.batch_size: must be 1 to/);
  assert.equal(error.name, "FrontrowError");
});

test("fields are found by name in any order; one that lacks, or that nobody reads, is told with where it is", () => {
  const backwards = (value) =>
    value instanceof Object && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).reverse().map(([name, part]) => [name, backwards(part)]))
      : value;
  const whole = { command: "create_concert", concert: concert(id()) };
  new World().execute(backwards(whole), NOW);

  const told = (change) => {
    const command = structuredClone(whole);
    change(command);
    const error = refused(() => new World().execute(command, NOW), "malformed_request");
    const [{ field, reason }] = error.rejection.errors;
    return `${field}: ${reason}`;
  };
  assert.equal(told(({ concert }) => delete concert.title), "concert: missing field `title`");
  assert.equal(
    told(({ concert }) => delete concert.admission.batch_size),
    "concert.admission: missing field `batch_size`",
  );
  assert.match(told((command) => (command.also = 1)), /^command: unknown field `also`, expected `concert`/);
  assert.match(told(({ concert }) => (concert.state = "open")), /^concert: unknown field `state`, expected one of /);
  assert.match(told(({ concert }) => (concert.holds = [])), /^concert\.holds: must be an object/);
  // What is read as an own field is not what every object has.
  assert.match(told(({ concert }) => (concert.constructor = 1)), /^concert: unknown field `constructor`/);
});

test("what is no time is refused by every method that takes one", () => {
  const { world, concert_id, schedule_id } = new Sale();
  const some = id();
  const methods = [
    (now) => world.execute({ command: "leave", ticket_id: some }, now),
    (now) => world.handleTimeout(now),
    (now) => world.markSeen(some, now),
    (now) => world.setServedSince(now),
    (now) => world.standing(some, now),
    (now) => world.admitReader(some, concert_id, now),
    (now) => world.concertState(concert_id, now),
    (now) => world.seatStatuses(schedule_id, now),
    (now) => world.reservationStatus(some, now),
  ];
  for (const method of methods) {
    for (const now of NO_TIMES) refused(() => method(now), "malformed_request");
  }
});

test("what is no id is refused by every method that takes one", () => {
  const { world, concert_id } = new Sale();
  const methods = [
    (some) => world.markSeen(some, NOW),
    (some) => world.standing(some, NOW),
    (some) => world.admitReader(some, concert_id, NOW),
    (some) => world.admitReader(id(), some, NOW),
    (some) => world.concert(some),
    (some) => world.concertState(some, NOW),
    (some) => world.queue(some),
    (some) => world.schedule(some),
    (some) => world.schedules(some),
    (some) => world.seatStatuses(some, NOW),
    (some) => world.seatLabel(some, 1),
    (some) => world.ticket(some),
    (some) => world.reservation(some),
    (some) => world.reservationStatus(some, NOW),
    (some) => world.wallet(some),
    (some) => world.transfers(some),
  ];
  for (const method of methods) {
    for (const some of NO_IDS) refused(() => method(some), "malformed_request");
  }
});

test("what is not there is undefined", () => {
  const world = new World();
  assert.equal(world.pollTimeout(), undefined);
  for (const row of ["concert", "queue", "schedule", "ticket", "reservation", "wallet"]) {
    assert.equal(world[row](id()), undefined);
  }
  assert.equal(world.standing(id(), NOW), undefined);
  assert.equal(world.seatStatuses(id(), NOW), undefined);
  assert.equal(world.seatLabel(id(), 1), undefined);
  refused(() => world.admitReader(id(), id(), NOW), "queue_token_invalid");
});

test("a command that calls the world while it is read is refused", () => {
  const sale = new Sale();
  const command = { get command() { return sale.waiting() && "leave"; }, ticket_id: id() };
  refused(() => sale.execute(command), "malformed_request");
  sale.waiting();
});

test("the ends of time do no harm", () => {
  for (const now of [-8.64e15, -1, 0, 8.64e15]) {
    const sale = new Sale();
    sale.now = now;
    sale.waiting();
    sale.world.handleTimeout(now);
    sale.world.pollTimeout();
    sale.world.pollEvents();
  }
});

test("a world that was freed says so", () => {
  const world = new World();
  world.free();
  assert.throws(() => world.pollEvents(), Error);
  new World().free();
});

test("a world that nobody holds is given back with the garbage", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc");
  const sale = () => new Sale({ seats: 1_000 }).active();
  const round = async () => {
    for (let times = 0; times < 50; times += 1) sale();
    collect();
    // Those who are told of it are told later.
    await new Promise((done) => setTimeout(done, 10));
  };
  for (let warm = 0; warm < 3; warm += 1) await round();
  const before = memory.buffer.byteLength;
  for (let times = 0; times < 20; times += 1) await round();
  assert.equal(memory.buffer.byteLength, before);
});

test("neither worlds nor refusals leave memory behind", () => {
  const round = () => {
    const sale = new Sale();
    const person = sale.active();
    sale.charge(person, PRICE);
    sale.pay(person, sale.hold(person, { best: { count: 1 } }), PRICE);
    for (const command of NO_COMMANDS) refused(() => sale.execute(command), "malformed_request");
    sale.world.pollEvents();
    sale.world.free();
  };
  for (let warm = 0; warm < 10; warm += 1) round();
  const before = memory.buffer.byteLength;
  for (let times = 0; times < 100; times += 1) round();
  assert.equal(memory.buffer.byteLength, before);
});

test("a draw is checked, and an argument that makes no sense is named", () => {
  const seed = "07".repeat(32);
  const commitment = createHash("sha256").update(Buffer.from(seed, "hex")).digest("hex");
  assert.equal(verifyDraw(seed, commitment, null, 1_000_000, 1), 292_137);
  assert.equal(verifyDraw(seed, commitment, "b5d8", 7, 3), 5);
  const wrong = [
    ["seed", "08".repeat(32), commitment, null, 7, 3], ["seed", "no", commitment, null, 7, 3],
    ["commitment", seed, undefined, null, 7, 3], ["beaconValue", seed, commitment, 17, 7, 3],
    ["arrivals", seed, commitment, null, 0, 1], ["arrivals", seed, commitment, null, 1.5, 1],
    ["arrivalNumber", seed, commitment, null, 7, 8], ["arrivalNumber", seed, commitment, null, 7, "3"],
  ];
  for (const [field, ...args] of wrong) {
    const error = refused(() => verifyDraw(...args), "malformed_request");
    assert.equal(error.rejection.errors[0].field, field);
  }
});
