// One run of a simulation in WebAssembly: `node simulation.mjs SCENARIO.json PACKAGE` prints what it cost as one
// line of JSON, and the size of the package. The counterpart of core's bench `simulation`.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";

const [file, folder] = process.argv.slice(2);
const scenario = JSON.parse(readFileSync(file, "utf8"));
const { default: init, Simulation } = await import(pathToFileURL(join(folder, "node.js")).href);
await init();

const start = seconds();
const simulation = new Simulation(scenario);
while (!simulation.isDone) {
  simulation.step(100_000);
}
const report = simulation.report();
simulation.free();
const spent = seconds() - start;
console.log(
  JSON.stringify({
    seconds: spent,
    events: report.events,
    event_hash: report.event_hash,
    package_bytes: compressed(folder),
  }),
);

// Seconds that this thread was given by a processor; those of the clock where the system does not tell.
function seconds() {
  try {
    return Number(readFileSync("/proc/thread-self/schedstat", "utf8").split(" ")[0]) / 1e9;
  } catch {
    return performance.now() / 1e3;
  }
}

// What a browser fetches: the module and the JavaScript around it, without what is for Node.
function compressed(folder) {
  const fetched = readdirSync(folder).filter((name) => /\.(js|wasm)$/.test(name) && name !== "node.js");
  return fetched.reduce((sum, name) => sum + gzipSync(readFileSync(join(folder, name)), { level: 9 }).length, 0);
}
