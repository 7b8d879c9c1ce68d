// The README's examples do what their comments say, with the package found as users find it.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";

const PACKAGE = fileURLToPath(new URL("../pkg", import.meta.url));

/** The README's examples, as the text of modules. */
const readme = readFileSync(join(PACKAGE, "README.md"), "utf8");
const EXAMPLES = [...readme.matchAll(/```js\n([^]*?)```/g)].map(([, example]) => example);

/** Runs an example, and gives the lines that it writes. */
function run(example) {
  const folder = mkdtempSync(join(tmpdir(), "frontrow-"));
  try {
    mkdirSync(join(folder, "node_modules", "@frontrow"), { recursive: true });
    symlinkSync(PACKAGE, join(folder, "node_modules", "@frontrow", "wasm"));
    writeFileSync(join(folder, "example.mjs"), example);
    const output = execFileSync(process.execPath, ["example.mjs"], { cwd: folder, encoding: "utf8" });
    return output.trimEnd().split("\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What its comments say that it writes. */
const said = (example) => [...example.matchAll(/^ *console\.log\(.*\); \/\/ (.*)$/gm)].map(([, text]) => text);

test("the README's sale does what it says", () => {
  const lines = run(EXAMPLES[0]);
  const last = "concert_created schedule_added ticket_issued ticket_admitted tick_ran seats_held";
  assert.ok(lines.length > 3);
  assert.deepEqual(lines, [...said(EXAMPLES[0]), last]);
});

test("the README's simulation does what it says", () => {
  const lines = run(EXAMPLES[1]);
  assert.ok(lines.length > 4);
  assert.deepEqual(lines, said(EXAMPLES[1]));
});
