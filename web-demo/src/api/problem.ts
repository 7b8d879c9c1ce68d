/** Refusals and failures as values: a code for the page to translate, and whether trying again helps. */

/** Codes of the page itself, beside those of the server. */
export type LocalCode = 'offline' | 'unreadable_answer' | 'engine_stopped';

export interface ProblemBody {
  code: string;
  status: number;
  detail: string;
  [field: string]: unknown;
}

export class Problem extends Error {
  readonly code: string;
  readonly status: number;
  readonly detail: string;
  readonly fields: Readonly<Record<string, unknown>>;
  /** Seconds to wait before another try, where the server named them. */
  readonly retryAfterSeconds: number | null;

  constructor(body: ProblemBody, retryAfterSeconds: number | null = null) {
    super(`${body.code}: ${body.detail}`);
    this.name = 'Problem';
    this.code = body.code;
    this.status = body.status;
    this.detail = body.detail;
    this.fields = body;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** The same request with the same key may well succeed a moment later. */
  get isTransient(): boolean {
    return this.status === 0 || this.status === 429 || this.status === 503;
  }

  /** A list of seat numbers that came along, such as those somebody else took. */
  get seats(): number[] {
    const seats = this.fields['seats'];
    return Array.isArray(seats) ? seats.filter((seat): seat is number => typeof seat === 'number') : [];
  }

  static local(code: LocalCode, detail: string): Problem {
    return new Problem({ code, status: 0, detail });
  }
}

/** Reads a problem body; whatever it is, it becomes a problem. */
export function problemOf(body: unknown, status: number, retryAfter: string | null): Problem {
  const seconds = retryAfter === null ? Number.NaN : Number(retryAfter);
  const wait = Number.isFinite(seconds) && seconds >= 0 ? seconds : null;
  if (typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'string') {
    const detail = 'detail' in body && typeof body.detail === 'string' ? body.detail : body.code;
    return new Problem({ ...body, code: body.code, status, detail }, wait);
  }
  return new Problem({ code: 'unreadable_answer', status, detail: `HTTP ${status}` }, wait);
}
