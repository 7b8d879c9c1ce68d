// The README's example does what its comments say, with the package found as users find it.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";

const PACKAGE = fileURLToPath(new URL("../pkg", import.meta.url));

test("the README's example does what it says", () => {
  const readme = readFileSync(join(PACKAGE, "README.md"), "utf8");
  const [, example] = readme.match(/```js\n([^]*?)```/);
  const said = [...example.matchAll(/^ *console\.log\(.*\); \/\/ (.*)$/gm)].map(([, text]) => text);
  const folder = mkdtempSync(join(tmpdir(), "frontrow-"));
  try {
    mkdirSync(join(folder, "node_modules", "@frontrow"), { recursive: true });
    symlinkSync(PACKAGE, join(folder, "node_modules", "@frontrow", "wasm"));
    writeFileSync(join(folder, "example.mjs"), example);
    const output = execFileSync(process.execPath, ["example.mjs"], { cwd: folder, encoding: "utf8" });
    const lines = output.trimEnd().split("\n");
    const last = "concert_created schedule_added ticket_issued ticket_admitted tick_ran seats_held";
    assert.deepEqual(lines.slice(0, -1), said);
    assert.equal(lines.at(-1), last);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
