/**
 * The rules of Frontrow, a waiting room and a box office, in WebAssembly.
 *
 * Call the default export once and wait for it; then make a {@link World}.
 *
 * @packageDocumentation
 */

export { default, initSync, World } from "./frontrow_wasm.js";
export type { InitInput, InitOutput, SyncInitInput } from "./frontrow_wasm.js";
export { FrontrowError } from "./error.js";
export type * from "./types.js";
