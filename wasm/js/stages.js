// The stages of a person's story, in the order in which `Simulation.stages()` numbers them.

export const STAGES = Object.freeze([
  "coming",
  "waiting",
  "active",
  "rejoining",
  "bought",
  "gave_up",
  "passed_over",
  "sold_out",
  "refused",
  "ran_out",
  "no_seats",
  "payment_failed",
  "abandoned",
]);
