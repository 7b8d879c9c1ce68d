/**
 * The rules of Frontrow, a waiting room and a box office, in WebAssembly.
 *
 * Call the default export once and wait for it; then make a {@link World}, or simulate a whole sale with
 * {@link Simulation}.
 *
 * @packageDocumentation
 */

export { default, initSync, Simulation, World, completeScenario, simulate, story, verifyDraw } from "./frontrow_wasm.js";
export type { InitInput, InitOutput, SyncInitInput } from "./frontrow_wasm.js";
export { FrontrowError } from "./error.js";
export { STAGES } from "./stages.js";
export type * from "./draw.js";
export type * from "./simulation.js";
export type * from "./types.js";
