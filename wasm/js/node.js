// The package in Node, where `fetch` reads no files: `init()` reads the wasm module from the disk.

import { readFile } from "node:fs/promises";
import start from "./frontrow_wasm.js";

export { initSync } from "./frontrow_wasm.js";
export * from "./exports.js";

export default async function init(source) {
  const file = new URL("frontrow_wasm_bg.wasm", import.meta.url);
  return start(source ?? { module_or_path: await readFile(file) });
}
