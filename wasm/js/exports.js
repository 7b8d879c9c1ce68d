// What the package offers wherever it runs; how it starts is told by `index.js` and `node.js`.

export { Simulation, World, completeScenario, simulate, story, verifyDraw } from "./frontrow_wasm.js";
export { FrontrowError } from "./error.js";
export { STAGES } from "./stages.js";
