// Does in the npm package what was recorded of a world, and stops at the first thing that differs.
// usage: node replay.mjs PACKAGE RECORDING

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, recording] = process.argv.slice(2);
const { default: init, FrontrowError, World } = await import(pathToFileURL(join(folder, "node.js")));
await init();
const world = new World();

/** What JSON leaves of a value: JavaScript says `undefined` where Rust says nothing. */
const asJson = (value) => JSON.parse(JSON.stringify(value ?? null));

const ACTS = {
  execute(command, now) {
    try {
      return { accepted: world.execute(command, now) };
    } catch (error) {
      if (!(error instanceof FrontrowError)) throw error;
      return { refused: error.rejection };
    }
  },
  handle_timeout: (_, now) => world.handleTimeout(now),
  mark_seen: (ticketId, now) => world.markSeen(ticketId, now),
  set_served_since: (since) => world.setServedSince(since),
  look(_, now, expected) {
    const tables = Object.entries(expected).map(([table, rows]) => {
      const read = table === "standing" ? (id) => world.standing(id, now) : (id) => world[table](id);
      return [table, Object.fromEntries(Object.keys(rows).map((id) => [id, read(id)]))];
    });
    return Object.fromEntries(tables);
  },
};

const lines = readFileSync(recording, "utf8").trimEnd().split("\n");
lines.forEach((line, index) => {
  const { do: act, with: value, now, answer, events, timeout } = JSON.parse(line);
  const found = {
    answer: asJson(ACTS[act](value, now, answer)),
    events: asJson(world.pollEvents()),
    timeout: asJson(world.pollTimeout()),
  };
  const what = `line ${index + 1}: the package (actual) does not do as the world (expected) at ${now}: ${act}`;
  try {
    assert.deepEqual(found, { answer, events, timeout });
  } catch (error) {
    console.log(`${what} ${JSON.stringify(value)}\n${error.message}`);
    process.exit(1);
  }
});
console.log(`${lines.length} lines agree`);
