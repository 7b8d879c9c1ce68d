/** The engine's worker: hands calls to the host, and typed arrays over without copying them. */

import init, { STAGES, Simulation, completeScenario, story } from '@frontrow/wasm';
import { EngineHost } from './host';
import type { Answer, Failure, Frame, Method, Request } from './protocol';

const host = init().then(() => new EngineHost({ STAGES, Simulation, completeScenario, story }));

addEventListener('message', async (event: MessageEvent<Request>) => {
  const { id, method, args } = event.data;
  try {
    const value = call(await host, method, args);
    postMessage({ id, value } satisfies Answer, { transfer: arraysOf(value) });
  } catch (error) {
    postMessage({ id, failure: failureOf(error) } satisfies Answer);
  }
});

function call(engine: EngineHost, method: Method, args: unknown[]): unknown {
  return (engine[method] as (...args: unknown[]) => unknown).apply(engine, args);
}

/** The arrays of a frame. */
function arraysOf(value: unknown): ArrayBuffer[] {
  const lanes = (value as Partial<Frame> | undefined)?.lanes ?? [];
  const arrays = lanes.flatMap(({ counts, curve, seats, stages }) => [counts, curve, seats, stages]);
  return arrays.flatMap((array) => (array === null ? [] : [array.buffer as ArrayBuffer]));
}

function failureOf(error: unknown): Failure {
  const { message = String(error), rejection = null, lane = 0 } = (error ?? {}) as Partial<Failure>;
  return { message, rejection, lane };
}
