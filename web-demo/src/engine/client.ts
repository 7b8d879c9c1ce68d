/** The page's side of the engine: calls its worker, with the types of what it answers. */

import type { Answer, Failure, Method, Methods, Request } from './protocol';

/** Why the engine did not do what was asked. */
export class EngineError extends Error {
  override readonly name = 'EngineError';

  constructor(readonly failure: Failure) {
    super(failure.message);
  }

  /** The code of the refusal, if the rules refused. */
  get code(): string | null {
    return this.failure.rejection?.code ?? null;
  }

  /** The field that makes no sense, such as `people.patience`, and why; if it is about one. */
  get field(): { path: string; reason: string } | null {
    const { rejection } = this.failure;
    if (rejection?.code !== 'malformed_request') return null;
    const first = rejection.errors[0];
    return first === undefined ? null : { path: first.field, reason: first.reason };
  }
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** What it needs of a worker. */
export type Port = Pick<Worker, 'postMessage' | 'addEventListener' | 'terminate'>;

export class Engine {
  private readonly waiting = new Map<number, Waiting>();
  private calls = 0;
  private readonly port: Port;

  constructor(port?: Port) {
    this.port = port ?? new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'frontrow-engine' });
    this.port.addEventListener('message', (event) => this.answered((event as MessageEvent<Answer>).data));
    this.port.addEventListener('error', (event) => this.stop((event as ErrorEvent).message));
  }

  /** Calls are answered in their order. */
  call<M extends Method>(method: M, ...args: Parameters<Methods[M]>): Promise<ReturnType<Methods[M]>> {
    this.calls += 1;
    const request: Request<M> = { id: this.calls, method, args };
    return new Promise((resolve, reject) => {
      this.waiting.set(request.id, { resolve: resolve as (value: unknown) => void, reject });
      this.port.postMessage(request);
    });
  }

  /** Ends the worker; what it was asked fails. */
  stop(why = 'the engine was stopped'): void {
    this.port.terminate();
    const failure: Failure = { message: why, rejection: null, lane: 0 };
    for (const { reject } of this.waiting.values()) reject(new EngineError(failure));
    this.waiting.clear();
  }

  private answered(answer: Answer): void {
    const waiting = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    if ('failure' in answer) waiting?.reject(new EngineError(answer.failure));
    else waiting?.resolve(answer.value);
  }
}
