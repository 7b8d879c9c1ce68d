// The one class that the package throws. The glue around the wasm module imports it from here too, so
// `instanceof FrontrowError` holds.

export class FrontrowError extends Error {
  name = "FrontrowError";

  constructor(rejection, ko, en, isTransient) {
    const reasons = (rejection.errors ?? []).map(({ field, reason }) => `${field}: ${reason}`);
    super([en, ...reasons].join(" "));
    this.code = rejection.code;
    this.rejection = rejection;
    this.text = { ko, en };
    this.isTransient = isTransient;
  }
}
