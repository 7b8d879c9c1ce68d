// What lies in the package, as those who load it see it.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";

const PACKAGE = fileURLToPath(new URL("../pkg/", import.meta.url));
const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const CARGO_HOME = process.env.CARGO_HOME ?? join(homedir(), ".cargo");

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
