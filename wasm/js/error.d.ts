import type { Rejection, RejectionCode } from "./types.js";

/**
 * Why the rules said no, or which argument makes no sense. Nothing else is thrown by a `World` that has
 * not been freed.
 *
 * @example
 * ```ts
 * try {
 *   world.execute(hold, Date.now());
 * } catch (error) {
 *   if (!(error instanceof FrontrowError)) throw error;
 *   if (error.rejection.code === "seat_taken") console.log(error.rejection.seats);
 * }
 * ```
 */
export class FrontrowError extends Error {
  private constructor();
  readonly name: "FrontrowError";
  /** The stable name of the refusal. */
  readonly code: RejectionCode;
  /** The refusal with what it carries; narrow it by its `code`. */
  readonly rejection: Rejection;
  /** What to tell a person, in Korean and in English. */
  readonly text: { readonly ko: string; readonly en: string };
  /** Whether the very same command may succeed later. */
  readonly isTransient: boolean;
}
