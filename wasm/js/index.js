// The package in browsers and bundlers: `init()` fetches the wasm module that lies beside this file.

export { default, initSync } from "./frontrow_wasm.js";
export * from "./exports.js";
