/** Calls of the HTTP contract. What they mean for a visitor is in the stores. */

import type { BoxOffice, Credentials, TaggedSeatMap } from './box-office';
import { Problem, problemOf } from './problem';
import { eventsOf } from './events';
import type {
  Audit, Balance, Charge, Concert, ConcertChange, DemoSession, Figures, Page, Payment, QueueToken,
  Reservation, Schedule, SeatChoice, SeatMap,
} from './types';

/** Tries of a call that may be sent again, the first one included. */
const TRIES_MAX = 4;
/** Milliseconds before the second try where the server names none; doubled each time. */
const BACKOFF_MS = 250;
/** Milliseconds after which a call counts as lost. */
const CALL_MS_MAX = 15_000;

interface Call extends Credentials {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  body?: unknown;
  /** Sent again with the same key, a request is carried out once. */
  idempotencyKey?: string;
  etag?: string | undefined;
  /** Of an answer that comes bit by bit: when nobody listens any more. */
  ended?: AbortSignal;
}

/** A key for one intention of the visitor. It works on plain http too, where `randomUUID` does not. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export class Client implements BoxOffice {
  readonly seatsEverySeconds = 1;

  /** @param base where the server is; relative, so that the pages work behind any path. */
  constructor(
    private readonly base: string = './',
    private readonly language: () => string = () => 'en',
    private readonly send: typeof fetch = (...request) => fetch(...request),
  ) {}

  demoSession(): Promise<DemoSession> {
    return this.json('v1/demo/sessions', { method: 'POST' });
  }

  async concerts(): Promise<Concert[]> {
    return (await this.json<Page<Concert>>('v1/concerts?limit=100', {})).data;
  }

  concert(id: string): Promise<Concert> {
    return this.json(`v1/concerts/${id}`, {});
  }

  join(concertId: string, bearer: string): Promise<QueueToken> {
    return this.json(`v1/concerts/${concertId}/queue-tokens`, { method: 'POST', bearer });
  }

  place(queueToken: string): Promise<QueueToken> {
    return this.json('v1/queue-tokens/current', { queueToken });
  }

  async watch(queueToken: string, see: (place: QueueToken) => Promise<void>, ended: AbortSignal): Promise<void> {
    if (document.hidden) return;
    // A browser opens only a few connections to a server: pages that nobody sees ask now and then.
    const unseen = new AbortController();
    const look = (): void => { if (document.hidden) unseen.abort(); };
    document.addEventListener('visibilitychange', look);
    const over = AbortSignal.any([ended, unseen.signal]);
    try {
      const response = await this.once('v1/queue-tokens/current/events', { queueToken, ended: over });
      for await (const event of eventsOf(response)) await see(JSON.parse(event) as QueueToken);
    } catch (error) {
      if (!over.aborted) throw error instanceof Problem ? error : Problem.local('offline', String(error));
    } finally {
      document.removeEventListener('visibilitychange', look);
    }
  }

  async leave(queueToken: string): Promise<void> {
    await this.respond('v1/queue-tokens/current', { method: 'DELETE', queueToken });
  }

  async schedules(concertId: string, queueToken: string): Promise<Schedule[]> {
    return (await this.json<Page<Schedule>>(`v1/concerts/${concertId}/schedules`, { queueToken })).data;
  }

  async seats(scheduleId: string, queueToken: string, etag?: string): Promise<TaggedSeatMap | null> {
    const response = await this.respond(`v1/schedules/${scheduleId}/seats?status=all`, { queueToken, etag });
    if (response.status === 304) return null;
    const map = await read<SeatMap>(response);
    return { map, etag: response.headers.get('etag') ?? undefined };
  }

  reserve(scheduleId: string, choice: SeatChoice, who: Required<Credentials>, key: string): Promise<Reservation> {
    const path = `v1/schedules/${scheduleId}/reservations`;
    return this.json(path, { method: 'POST', body: choice, idempotencyKey: key, ...who });
  }

  async reservations(userId: string, bearer: string): Promise<Reservation[]> {
    return (await this.json<Page<Reservation>>(`v1/users/${userId}/reservations`, { bearer })).data;
  }

  async release(reservationId: string, bearer: string): Promise<void> {
    await this.respond(`v1/reservations/${reservationId}`, { method: 'DELETE', bearer });
  }

  balance(userId: string, bearer: string): Promise<Balance> {
    return this.json(`v1/users/${userId}/balance`, { bearer });
  }

  charge(userId: string, amount: number, bearer: string, key: string): Promise<Charge> {
    const path = `v1/users/${userId}/charges`;
    return this.json(path, { method: 'POST', body: { amount }, idempotencyKey: key, bearer });
  }

  pay(reservation: Reservation, who: Required<Credentials>, key: string): Promise<Payment> {
    const body = { reservation_id: reservation.id, amount: reservation.amount };
    return this.json('v1/payments', { method: 'POST', body, idempotencyKey: key, ...who });
  }

  change(concertId: string, change: ConcertChange, bearer: string): Promise<Concert> {
    return this.json(`v1/concerts/${concertId}`, { method: 'PATCH', body: change, bearer });
  }

  draw(concertId: string, beaconValue: string, bearer: string): Promise<Concert> {
    return this.json(`v1/concerts/${concertId}/draw`, { method: 'POST', body: { beacon_value: beaconValue }, bearer });
  }

  figures(concertId: string, bearer: string): Promise<Figures> {
    return this.json(`v1/concerts/${concertId}/figures`, { bearer });
  }

  audit(bearer: string): Promise<Audit> {
    return this.json('v1/audit', { bearer });
  }

  private async json<T>(path: string, call: Call): Promise<T> {
    return read<T>(await this.respond(path, call));
  }

  /** Sends a call, and again where that is safe and helps. */
  private async respond(path: string, call: Call): Promise<Response> {
    const repeatable = (call.method ?? 'GET') === 'GET' || call.idempotencyKey !== undefined;
    for (let tried = 1; ; tried += 1) {
      try {
        return await this.once(path, call);
      } catch (error) {
        if (!(error instanceof Problem) || !error.isTransient || !repeatable || tried >= TRIES_MAX) throw error;
        const wait = error.retryAfterSeconds === null ? BACKOFF_MS * 2 ** tried : error.retryAfterSeconds * 1000;
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
  }

  private async once(path: string, call: Call): Promise<Response> {
    const headers: Record<string, string> = { 'accept-language': this.language() };
    if (call.bearer !== undefined) headers['authorization'] = `Bearer ${call.bearer}`;
    if (call.queueToken !== undefined) headers['x-queue-token'] = call.queueToken;
    if (call.idempotencyKey !== undefined) headers['idempotency-key'] = call.idempotencyKey;
    if (call.etag !== undefined) headers['if-none-match'] = call.etag;
    const request: RequestInit = { method: call.method ?? 'GET', headers, cache: 'no-store' };
    if (call.body !== undefined) {
      headers['content-type'] = 'application/json';
      request.body = JSON.stringify(call.body);
    }
    let response: Response;
    try {
      response = await this.send(this.base + path, { ...request, signal: call.ended ?? AbortSignal.timeout(CALL_MS_MAX) });
    } catch (error) {
      throw Problem.local('offline', String(error));
    }
    if (response.ok || response.status === 304) return response;
    const body: unknown = await response.json().catch(() => null);
    throw problemOf(body, response.status, response.headers.get('retry-after'));
  }
}

async function read<T>(response: Response): Promise<T> {
  try {
    return (await response.json()) as T;
  } catch (error) {
    throw Problem.local('unreadable_answer', String(error));
  }
}
