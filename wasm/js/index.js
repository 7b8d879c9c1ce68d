// The package in browsers and bundlers: `init()` fetches the wasm module that lies beside this file.

export { default, initSync, World } from "./frontrow_wasm.js";
export { FrontrowError } from "./error.js";
