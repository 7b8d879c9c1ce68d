/**
 * Runs simulations for whoever asks: a session of lanes that share their clock. It knows no worker and no
 * page; the engine is handed in, so that tests bring their own.
 */

import type { Scenario, Simulation, StoryLine } from '@frontrow/wasm';
import type { Frame, LaneFrame, Methods, Opened, Wanted } from './protocol';

/** What the host needs of `@frontrow/wasm`. */
export interface Package {
  Simulation: new (scenario: Scenario) => Simulation;
  STAGES: readonly string[];
  completeScenario(scenario: unknown): Scenario;
  story(scenario: Scenario, person: number): StoryLine[];
}

/** Milliseconds of work between two looks at the clock: a slice of time is fitted to it. */
const SLICE_MS = 6;
/** Milliseconds between two looks at the invariants. */
const AUDIT_EVERY_MS = 1000;
/** Longest slice, in the scenario's milliseconds. */
const SLICE_MILLIS_MAX = 3_600_000;
/** Numbers in a row of a curve. */
const COLUMNS = 6;

interface Lane {
  scenario: Scenario;
  simulation: Simulation;
  /** Samples of the curve that were sent. */
  sent: number;
  auditedAt: number;
  auditedDone: boolean;
  broken: string | null;
}

export class EngineHost implements Methods {
  private lanes: Lane[] = [];
  /** How much of the scenario's time one slice takes, in milliseconds. */
  private slice = 1000;

  constructor(
    private readonly engine: Package,
    private readonly clock: () => number = () => performance.now(),
  ) {}

  open(scenarios: Scenario[]): Opened[] {
    const lanes: Lane[] = [];
    try {
      for (const scenario of scenarios) lanes.push(this.lane(scenario));
    } catch (error) {
      for (const lane of lanes) lane.simulation.free();
      throw Object.assign(error instanceof Error ? error : new Error(String(error)), { lane: lanes.length });
    }
    this.replace(lanes);
    return lanes.map(({ scenario, simulation }) => ({
      scenario,
      halls: Array.from({ length: simulation.hallCount }, (_, hall) => simulation.sections(hall)),
      stages: this.engine.STAGES,
    }));
  }

  restart(): void {
    this.replace(this.lanes.map((lane) => this.lane(lane.scenario)));
  }

  complete(scenario: unknown): Scenario {
    return this.engine.completeScenario(scenario);
  }

  /** Slice by slice, so that the budget is kept; what happens does not depend on where slices end. */
  advance(until: number, budget: number, wanted: Wanted, endless = false): Frame {
    const endsAt = this.clock() + budget;
    while (this.nowMillis() < until && (endless || !this.isDone())) {
      const began = this.clock();
      const next = Math.min(until, this.nowMillis() + this.slice);
      for (const { simulation } of this.lanes) simulation.runUntil(next);
      const took = this.clock() - began;
      if (took > SLICE_MS * 2) this.slice = Math.max(1, Math.floor(this.slice / 2));
      else if (took < SLICE_MS / 2) this.slice = Math.min(SLICE_MILLIS_MAX, this.slice * 2);
      if (this.clock() >= endsAt) break;
    }
    return this.look(wanted);
  }

  step(steps: number, wanted: Wanted): Frame {
    const [first, ...others] = this.lanes;
    first?.simulation.step(steps);
    // One more millisecond, so that what happens at that time has happened in every lane.
    const until = (first?.simulation.nowMillis ?? 0) + 1;
    for (const { simulation } of others) simulation.runUntil(until);
    return this.look(wanted);
  }

  look(wanted: Wanted): Frame {
    return { millis: this.nowMillis(), isDone: this.isDone(), lanes: this.lanes.map((lane) => this.frameOf(lane, wanted)) };
  }

  report(lane: number): ReturnType<Methods['report']> {
    return this.at(lane).report();
  }

  person(lane: number, number: number): ReturnType<Methods['person']> {
    return this.at(lane).person(number);
  }

  story(scenario: Scenario, person: number): StoryLine[] {
    return this.engine.story(scenario, person);
  }

  execute(...args: Parameters<Methods['execute']>): ReturnType<Methods['execute']> {
    return this.at(0).execute(...args);
  }

  markSeen(ticketId: string): void {
    this.at(0).markSeen(ticketId);
  }

  standing(ticketId: string): ReturnType<Methods['standing']> {
    return this.at(0).standing(ticketId);
  }

  concert(): ReturnType<Methods['concert']> {
    return this.at(0).concert();
  }

  schedules(): ReturnType<Methods['schedules']> {
    return this.at(0).schedules();
  }

  reservation(id: string): ReturnType<Methods['reservation']> {
    return this.at(0).reservation(id);
  }

  reservationStatus(id: string): ReturnType<Methods['reservationStatus']> {
    return this.at(0).reservationStatus(id);
  }

  wallet(userId: string): ReturnType<Methods['wallet']> {
    return this.at(0).wallet(userId);
  }

  audit(): ReturnType<Methods['audit']> {
    return this.at(0).audit();
  }

  private lane(scenario: Scenario): Lane {
    const simulation = new this.engine.Simulation(scenario);
    return { scenario, simulation, sent: 0, auditedAt: this.clock(), auditedDone: false, broken: null };
  }

  private replace(lanes: Lane[]): void {
    for (const { simulation } of this.lanes) simulation.free();
    this.lanes = lanes;
  }

  private at(lane: number): Simulation {
    const found = this.lanes[lane];
    if (found === undefined) throw new Error(`there is no lane ${lane}`);
    return found.simulation;
  }

  private nowMillis(): number {
    return Math.max(0, ...this.lanes.map(({ simulation }) => simulation.nowMillis));
  }

  private isDone(): boolean {
    return this.lanes.every(({ simulation }) => simulation.isDone);
  }

  private frameOf(lane: Lane, wanted: Wanted): LaneFrame {
    const { simulation } = lane;
    const curveFrom = lane.sent;
    const curve = simulation.curve(curveFrom);
    lane.sent += curve.length / COLUMNS;
    this.auditNowAndThen(lane);
    const { hall } = wanted;
    return {
      isDone: simulation.isDone,
      progress: simulation.progress,
      counts: simulation.counts(),
      curve,
      curveFrom,
      seats: hall === null || hall >= simulation.hallCount ? null : simulation.seatStatuses(hall),
      stages: wanted.stages ? simulation.stages() : null,
      broken: lane.broken,
    };
  }

  private auditNowAndThen(lane: Lane): void {
    const now = this.clock();
    const { isDone } = lane.simulation;
    if (isDone ? lane.auditedDone : now - lane.auditedAt < AUDIT_EVERY_MS) return;
    const { checks } = lane.simulation.audit();
    lane.broken ??= checks.find((check) => !check.ok)?.invariant ?? null;
    lane.auditedAt = this.clock();
    lane.auditedDone = isDone;
  }
}
