import type { Stage } from "./simulation.js";

/** Every {@link Stage}, in the order in which `Simulation.stages()` numbers them, from 0. */
export const STAGES: readonly Stage[];
