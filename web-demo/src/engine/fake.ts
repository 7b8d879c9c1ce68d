/** For tests: an engine that counts seconds instead of selling seats, and a port that needs no worker. */

import type { Scenario, Simulation } from '@frontrow/wasm';
import type { Port } from './client';
import { EngineHost, type Package } from './host';
import type { Answer, Request } from './protocol';

/** Lasts as many seconds as its `duration_seconds`; an invariant breaks at `breaksAt` milliseconds. */
export function fakePackage({ breaksAt = Infinity }: { breaksAt?: number } = {}): Package {
  class Counting {
    nowMillis = 0;
    readonly hallCount = 1;
    constructor(private readonly scenario: Scenario) {
      if (scenario.duration_seconds < 1) throw new Error('duration_seconds: must be 1 or more');
    }
    get isDone(): boolean {
      return this.nowMillis >= this.scenario.duration_seconds * 1000;
    }
    get progress(): number {
      return Math.floor(this.nowMillis / this.scenario.duration_seconds);
    }
    free(): void {}
    runUntil(millis: number): void {
      this.nowMillis = Math.min(millis, this.scenario.duration_seconds * 1000);
    }
    step(steps: number): void {
      this.runUntil(this.nowMillis + steps * 1000);
    }
    counts(): Float64Array {
      return Float64Array.of(Math.floor(this.nowMillis / 1000), 0, 0, 0, 0, 0);
    }
    curve(from: number): Float64Array {
      const rows: number[] = [];
      for (let second = from; second * 1000 <= this.nowMillis; second += 1) rows.push(second, second, 0, 0, 0, 0);
      return Float64Array.from(rows);
    }
    sections(): { name: string; rows: number; seats_per_row: number; price: number }[] {
      return [{ name: 'R', rows: 1, seats_per_row: 2, price: 1 }];
    }
    seatStatuses(): Uint8Array {
      return Uint8Array.of(0, 2);
    }
    stages(): Uint8Array {
      return Uint8Array.of(1);
    }
    report(): unknown {
      return { ended_at_second: Math.floor(this.nowMillis / 1000), invariants: this.audit(), curve: [] };
    }
    audit(): unknown {
      const ok = this.nowMillis < breaksAt;
      return { ok, checks: [{ invariant: 'no_overtaking', ok, checked: 1, violated: ok ? 0 : 1, violations: [] }] };
    }
  }
  return {
    Simulation: Counting as unknown as new (scenario: Scenario) => Simulation,
    STAGES: ['coming', 'waiting'],
    completeScenario: (scenario) => scenario as Scenario,
    story: () => [],
  };
}

/** A scenario of which only the length matters here. */
export function lasting(seconds: number): Scenario {
  return { duration_seconds: seconds } as Scenario;
}

/** A port to a host in the same thread; answers come later, as a worker's do. */
export function portTo(host: EngineHost): Port {
  const listeners: ((event: MessageEvent<Answer>) => void)[] = [];
  const answer = ({ id, method, args }: Request): Answer => {
    try {
      return { id, value: (host[method] as (...args: unknown[]) => unknown).apply(host, args) };
    } catch (error) {
      return { id, failure: { message: String(error), rejection: null, lane: 0 } };
    }
  };
  return {
    postMessage: (request: Request) => void Promise.resolve().then(() => listeners.forEach((listener) => listener({ data: answer(request) } as MessageEvent<Answer>))),
    addEventListener: (type: string, listener: unknown) => {
      if (type === 'message') listeners.push(listener as (typeof listeners)[number]);
    },
    terminate: () => listeners.splice(0),
  } as unknown as Port;
}
