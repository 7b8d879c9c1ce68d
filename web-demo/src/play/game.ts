/**
 * One game: a sale with a simulated crowd, and the visitor at the screen in it. It ties a film of the engine's frames
 * to a clock, a box office and a journey; what these do is theirs.
 */

import type { Concert } from '../api/types';
import type { Engine } from '../engine/client';
import { Playback } from '../engine/playback';
import type { Frame } from '../engine/protocol';
import { Journey } from '../stores/journey';
import { KEPT_NOWHERE } from '../stores/keepsake';
import { Store } from '../stores/store';
import { DOORS_SECONDS, scenarioOf, seatsOf, type Challenge } from './levels';
import { bestOn, keepIfBest, scoreOf, type Ending, type Score } from './score';
import { SimClock } from './sim-clock';
import { SimOffice, type Billing } from './sim-office';

/** Simulated seconds in a second; 0 stands still. */
export const SPEEDS = [0, 1, 5, 20, 60] as const;
/** Milliseconds between two changes of the crowd's numbers: more often nobody can read them. */
const COUNTS_EVERY_MS = 120;

/** The crowd at one time. */
export interface Crowd {
  came: number;
  waiting: number;
  active: number;
  held: number;
  sold: number;
}

export interface GameState {
  /** `loading` until the engine is there; `doors` until one has joined; `sale` until it is over. */
  phase: 'loading' | 'doors' | 'sale' | 'over' | 'failed';
  speed: number;
  crowd: Crowd;
  score: Score | null;
}

const NOBODY: Crowd = { came: 0, waiting: 0, active: 0, held: 0, sold: 0 };

export class Game {
  readonly store = new Store<GameState>({ phase: 'loading', speed: 1, crowd: NOBODY, score: null });
  readonly clock: SimClock;
  readonly journey: Journey;
  /** When the sale opens, by the game's clock. */
  readonly opensAt: number;
  private readonly office: SimOffice;
  private readonly film: Playback;
  private readonly unwatch: () => void;
  private countedAt = 0;
  private concert: Concert | null = null;
  private stepSeen = 'lobby';
  private boughtStage = -1;

  constructor(
    private readonly engine: Engine,
    readonly challenge: Challenge,
    billing: Billing,
  ) {
    this.clock = new SimClock(Date.now());
    this.opensAt = this.clock.at(DOORS_SECONDS * 1000);
    this.office = new SimOffice(engine, this.clock, billing, challenge.level.sections);
    this.journey = new Journey(this.office, this.clock, KEPT_NOWHERE);
    this.unwatch = this.journey.store.subscribe(() => this.stepped());
    this.film = new Playback(engine, {
      wanted: () => ({ hall: this.looksAtSeats ? 0 : null, stages: false }),
      frame: (frame) => this.seen(frame),
      changed: () => undefined,
      failed: () => this.store.set({ phase: 'failed' }),
    });
  }

  /** Opens the sale's session and lets its time begin. */
  async start(): Promise<void> {
    const { level, seed } = this.challenge;
    try {
      const [opened] = await this.engine.call('open', [scenarioOf(level, seed)]);
      this.boughtStage = opened?.stages.indexOf('bought') ?? -1;
      this.concert = await this.office.concert();
    } catch {
      this.store.set({ phase: 'failed' });
      return;
    }
    this.store.set({ phase: 'doors' });
    this.film.opened({ endless: true });
    this.film.play(1);
  }

  get isOpen(): boolean {
    return this.clock.now() >= this.opensAt;
  }

  async join(): Promise<void> {
    if (this.concert !== null && this.isOpen) await this.journey.join(this.concert);
  }

  setSpeed(speed: number): void {
    this.store.set({ speed });
    if (speed === 0) this.film.pause();
    else this.film.play(speed);
  }

  /** Ends it for good; the engine can be used for another. */
  close(): void {
    this.film.pause();
    this.journey.stop();
    this.unwatch();
  }

  /** From the queue on, so that the first look at the seats is no old one. */
  private get looksAtSeats(): boolean {
    const { step } = this.journey.store.value;
    return step === 'waiting' || step === 'choosing' || step === 'holding';
  }

  private seen(frame: Frame): void {
    const lane = frame.lanes[0];
    if (lane === undefined) return;
    if (lane.seats !== null) this.office.see(lane.seats);
    this.count(lane.counts);
    this.clock.advance(frame.millis);
  }

  private count(counts: Float64Array): void {
    const now = performance.now();
    if (now - this.countedAt < COUNTS_EVERY_MS) return;
    this.countedAt = now;
    const [, came = 0, waiting = 0, active = 0, held = 0, sold = 0] = counts;
    this.store.set({ crowd: { came, waiting, active, held, sold } });
    const { step } = this.journey.store.value;
    const isOut = step === 'waiting' || step === 'choosing' || step === 'lobby';
    if (isOut && sold >= seatsOf(this.challenge.level)) void this.end('sold_out');
  }

  private stepped(): void {
    const { step, place } = this.journey.store.value;
    if (step === this.stepSeen) return;
    this.stepSeen = step;
    if (step === 'waiting' && this.store.value.phase === 'doors') this.store.set({ phase: 'sale' });
    // Seats are chosen by people, at a person's speed.
    if (step === 'choosing' && this.store.value.speed !== 1) this.setSpeed(1);
    if (step === 'choosing') this.store.set({ phase: 'sale' });
    if (step === 'ticket') void this.end('ticket');
    if (step === 'ended') void this.end(place?.state === 'left' ? 'left' : 'timed_out');
  }

  private async end(ending: Ending): Promise<void> {
    if (this.store.value.phase === 'over') return;
    const endedAt = this.clock.now();
    this.setSpeed(0);
    this.journey.stop();
    this.store.set({ phase: 'over' });
    const { level, seed } = this.challenge;
    const { statistics } = this.journey.store.value;
    const look = await this.engine.call('look', { hall: null, stages: true });
    const stages = look.lanes[0]?.stages ?? new Uint8Array();
    const bought = stages.reduce((count, stage) => count + Number(stage === this.boughtStage), 0);
    const never = { joinedAt: endedAt, joinedPosition: null, quotedSeconds: null, admittedAt: null, heldAt: null, paidAt: null, gone: 0, misses: 0 };
    const finish = { ending, level: level.id, seed, opensAt: this.opensAt, endedAt, bought, people: level.people, statistics: statistics ?? never };
    const score = scoreOf(finish, bestOn(level.id));
    keepIfBest(score);
    this.store.set({ score });
  }
}
