// What lies in the package, as those who load it see it.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const PACKAGE = fileURLToPath(new URL("../pkg/", import.meta.url));
const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const CARGO_HOME = process.env.CARGO_HOME ?? join(homedir(), ".cargo");

/** What a browser may have to load: 150 KB of gzip. */
const LOADED_BYTES_MAX = 150_000;

test("a browser loads no more than it may", () => {
  const loaded = readdirSync(PACKAGE).filter((file) => /\.(js|wasm)$/.test(file) && file !== "node.js");
  const sizes = loaded.map((file) => gzipSync(readFileSync(join(PACKAGE, file)), { level: 9 }).length);
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  assert.ok(bytes > 50_000 && bytes <= LOADED_BYTES_MAX, `${bytes} bytes`);
});

test("no file tells where it was built", () => {
  for (const file of readdirSync(PACKAGE)) {
    const text = readFileSync(join(PACKAGE, file), "latin1");
    for (const folder of [ROOT, `${CARGO_HOME}/`]) {
      assert.ok(!text.includes(folder), `${file} names ${folder}`);
    }
  }
});

test("every export has a type, and nothing else has", async () => {
  const exported = Object.keys(await import("../pkg/node.js")).sort();
  const typed = readFileSync(join(PACKAGE, "index.d.ts"), "utf8").matchAll(/^export \{([^}]*)\}/gm);
  const names = [...typed].flatMap(([, list]) => list.split(",").map((name) => name.trim()));
  assert.deepEqual(exported, names.sort());
});
