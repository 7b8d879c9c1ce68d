/** Time as a journey and its screens see it: a browser's own, or that of a simulation. */

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls once so many milliseconds of this clock have passed; gives what calls it off. */
  after(millis: number, call: () => void): () => void;
  /** Milliseconds of the browser between two looks at a countdown. */
  readonly lookMillis: number;
}

export const wallClock: Clock = {
  now: () => Date.now(),
  after(millis, call) {
    const timer = setTimeout(call, millis);
    return () => clearTimeout(timer);
  },
  lookMillis: 1000,
};
