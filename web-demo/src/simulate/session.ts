/**
 * The room's behaviour: opens what was set up, plays it, runs it to its end ahead of the film, and reads
 * people's stories. Two engines, so that neither has to wait for the other.
 */

import { Engine, EngineError } from '../engine/client';
import { Playback, type Screen } from '../engine/playback';
import type { Frame } from '../engine/protocol';
import { Store } from '../stores/store';
import { applied, changed, differences, type Json } from './scenario/changes';
import { isShared, uncomfortable } from './scenario/fields';
import { linkOf, readLink } from './scenario/link';
import { BASE, preset, type PresetName } from './scenario/presets';
import { emptyCurve, endMillis, extended, fittingSpeed, type FilmState, type LaneNumber, type SessionState } from './state';
import type { Scenario } from '@frontrow/wasm';

/** Later than any scenario's end, in milliseconds. */
const FOREVER = 700_000_000;
/** Milliseconds of work on the run to the end between two looks at whether it is still wanted. */
const AHEAD_BUDGET_MS = 120;
/** Milliseconds after the last change until it is simulated: numbers are typed digit by digit. */
const SETTLED_MS = 250;

export interface World {
  engine: () => Engine;
  screen?: Screen;
  /** Whether films may start by themselves. */
  moves: () => boolean;
  /** Writes the address. */
  address: (link: string) => void;
}

export class Session {
  readonly store = new Store<SessionState>({
    scenario: BASE, twin: null, editing: 0, watching: 0, hall: 0, phase: 'opening', problems: [], opened: null, forecast: null, outcomes: null, broken: null, unread: [], person: null,
  });
  readonly film = new Store<FilmState>({ frame: null, curves: [], isPlaying: false, speed: 60, sought: null });
  private stage: Engine | null = null;
  private ahead: Engine | null = null;
  private playback: Playback | null = null;
  /** Counts what was opened, so that answers about the past are known as such. */
  private turn = 0;
  private settling: ReturnType<typeof setTimeout> | undefined;
  /** Where films don't start by themselves, the end is shown as soon as it is known, unless somebody chose a time. */
  private endIsWanted = false;

  constructor(private readonly world: World) {}

  /** Goes to what an address names; one that names nothing keeps what there is, or begins with the first preset. */
  async visit(hash: string): Promise<void> {
    const read = readLink(hash);
    if (read === null) {
      if (this.store.value.opened === null) return this.choose('calm');
      return this.writeAddress();
    }
    this.store.set({ scenario: read.scenario, twin: read.twin, editing: read.twin === null ? 0 : 1, watching: 0, hall: 0, unread: read.unread, person: null });
    await this.begin(read.at === null ? null : read.at * 1000);
  }

  choose(name: PresetName): Promise<void> {
    this.store.set({ scenario: preset(name), twin: null, editing: 0, watching: 0, hall: 0, unread: [], person: null });
    return this.begin(null);
  }

  /** A number of the scenario, or of its twin, is another one; what runs is run again up to where the film is. */
  change(path: string, value: Json): void {
    const { scenario, twin, editing } = this.store.value;
    if (editing === 0 || twin === null) this.store.set({ scenario: changed(scenario, path, value) });
    else if (!isShared(path)) this.store.set({ twin: differences(scenario, changed(applied(scenario, twin), path, value)) });
    clearTimeout(this.settling);
    this.settling = setTimeout(() => void this.reopen(this.film.value.frame?.millis ?? 0), SETTLED_MS);
  }

  /** Begins or ends the comparison. */
  async compare(wanted: boolean): Promise<void> {
    this.store.set({ twin: wanted ? {} : null, editing: wanted ? 1 : 0, watching: 0 });
    await this.reopen(this.film.value.frame?.millis ?? 0);
  }

  edit(editing: LaneNumber): void {
    this.store.set({ editing });
  }

  watch(watching: LaneNumber): void {
    this.store.set({ watching });
    this.playback?.refresh();
    this.reread();
  }

  lookAt(hall: number): void {
    this.store.set({ hall });
    this.playback?.refresh();
  }

  play(): void {
    this.endIsWanted = false;
    if (this.film.value.frame?.isDone === true) this.playback?.seek(0);
    this.playback?.play(this.film.value.speed);
  }

  pause(): void {
    this.playback?.pause();
  }

  setSpeed(speed: number): void {
    this.film.set({ speed });
    if (this.film.value.isPlaying) this.playback?.play(speed);
  }

  step(): void {
    this.playback?.step();
  }

  seek(millis: number): void {
    this.endIsWanted = false;
    this.playback?.seek(millis);
  }

  toEnd(): void {
    this.pause();
    this.seek(endMillis(this.store.value, this.film.value.frame));
  }

  toStart(): void {
    this.pause();
    this.seek(0);
  }

  dismissUnread(): void {
    this.store.set({ unread: [] });
  }

  /** The address of the experiment as it stands. */
  link(second: number | null = null): string {
    const { scenario, twin } = this.store.value;
    return linkOf({ scenario, twin, at: second });
  }

  /** The scenarios of both lanes, or of the only one. */
  scenarios(): Scenario[] {
    const { scenario, twin } = this.store.value;
    return twin === null ? [scenario] : [scenario, applied(scenario, twin)];
  }

  /** Reads the story of a person; `null` closes it. */
  async read(number: number | null): Promise<void> {
    if (number === null) {
      this.store.set({ person: null });
      return;
    }
    const { turn } = this;
    const lane = this.store.value.watching;
    const scenario = this.store.value.opened?.[lane]?.scenario;
    if (scenario === undefined || this.stage === null || this.ahead === null) return;
    this.store.set({ person: { number, view: null, lines: null } });
    const current = (): boolean => turn === this.turn && this.store.value.person?.number === number && this.store.value.watching === lane;
    try {
      const [view, lines] = await Promise.all([this.stage.call('person', lane, number), this.ahead.call('story', scenario, number)]);
      if (current()) this.store.set({ person: { number, view: view ?? null, lines } });
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      // No such person in this scenario.
      if (current()) this.store.set({ person: null });
    }
  }

  /** Tries again after a failure. */
  async retry(): Promise<void> {
    this.stage?.stop();
    this.ahead?.stop();
    this.stage = this.ahead = null;
    await this.begin(null);
  }

  private reread(): void {
    const { person } = this.store.value;
    if (person !== null) void this.read(person.number);
  }

  /** Opens what was set up from its start, and plays it unless a time was named. */
  private async begin(millis: number | null): Promise<void> {
    this.playback?.pause();
    this.film.set({ speed: fittingSpeed(this.store.value.scenario.duration_seconds * 1000) });
    this.endIsWanted = millis === null && !this.world.moves();
    if (!(await this.reopen(millis ?? 0))) return;
    if (millis === null && this.world.moves()) this.play();
  }

  private async reopen(millis: number): Promise<boolean> {
    clearTimeout(this.settling);
    this.turn += 1;
    const { turn } = this;
    const { stage } = this.engines();
    try {
      await this.fillIn(stage);
      const scenarios = this.scenarios();
      this.refuseTooMany(scenarios);
      const opened = await stage.call('open', scenarios);
      if (turn !== this.turn) return false;
      this.store.set({ opened, phase: 'ready', problems: [], broken: null, forecast: 0, outcomes: null });
    } catch (error) {
      if (turn === this.turn) this.refused(error);
      return false;
    }
    this.writeAddress();
    this.film.set({ curves: [], frame: null });
    this.playback?.opened();
    if (millis > 0) this.playback?.seek(millis);
    void this.runToEnd(turn);
    this.reread();
    return true;
  }

  /** A link may leave out what has a default. */
  private async fillIn(stage: Engine): Promise<void> {
    const { scenario } = this.store.value;
    const whole = await stage.call('complete', scenario);
    if (this.store.value.scenario === scenario && JSON.stringify(whole) !== JSON.stringify(scenario)) this.store.set({ scenario: whole });
  }

  private refuseTooMany(scenarios: Scenario[]): void {
    for (const [lane, scenario] of scenarios.entries()) {
      const wrong = uncomfortable(scenario);
      if (wrong === null) continue;
      const rejection = { code: 'malformed_request' as const, errors: [{ field: wrong.path, reason: wrong.reason }] };
      throw new EngineError({ message: wrong.reason, rejection, lane });
    }
  }

  private refused(error: unknown): void {
    const field = error instanceof EngineError ? error.field : null;
    if (error instanceof EngineError && field !== null) {
      const { path, reason } = field;
      const phase = this.store.value.phase === 'failed' ? 'opening' : this.store.value.phase;
      this.store.set({ phase, problems: [{ lane: error.failure.lane, path, reason }] });
      return;
    }
    this.store.set({ phase: 'failed' });
    if (!(error instanceof EngineError)) throw error;
  }

  /** The whole sale, ahead of the film. */
  private async runToEnd(turn: number): Promise<void> {
    const { ahead } = this.engines();
    const nothing = { hall: null, stages: false };
    const scenarios = this.scenarios();
    try {
      await ahead.call('open', scenarios);
      for (;;) {
        const frame = await ahead.call('advance', FOREVER, AHEAD_BUDGET_MS, nothing);
        if (turn !== this.turn) return;
        if (this.stopIfBroken(frame) || frame.isDone) break;
        this.store.set({ forecast: Math.min(...frame.lanes.map((lane) => lane.progress)) });
      }
      const outcomes = await Promise.all(scenarios.map((_, lane) => ahead.call('report', lane)));
      if (turn !== this.turn) return;
      // Nobody asks for its rows any more.
      await ahead.call('open', []);
      this.store.set({ outcomes, forecast: null });
      if (this.endIsWanted) this.toEnd();
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      if (turn === this.turn) this.store.set({ phase: 'failed' });
    }
  }

  private stopIfBroken(frame: Frame): boolean {
    const lane = frame.lanes.findIndex(({ broken }) => broken !== null);
    const invariant = frame.lanes[lane]?.broken ?? null;
    if (invariant === null) return false;
    this.playback?.pause();
    const second = Math.floor(frame.millis / 1000);
    this.store.set({ broken: { lane, invariant, second, link: this.link(second) } });
    return true;
  }

  private writeAddress(): void {
    this.world.address(this.link());
  }

  private engines(): { stage: Engine; ahead: Engine } {
    if (this.stage === null || this.ahead === null) {
      this.stage = this.world.engine();
      this.ahead = this.world.engine();
      this.playback = this.makePlayback(this.stage);
    }
    return { stage: this.stage, ahead: this.ahead };
  }

  private makePlayback(stage: Engine): Playback {
    const playback: Playback = new Playback(stage, {
      wanted: () => ({ hall: this.store.value.hall, stages: true }),
      frame: (frame) => this.shown(frame, playback),
      changed: () => this.film.set({ isPlaying: playback.isPlaying, sought: playback.sought }),
      failed: () => this.store.set({ phase: 'failed' }),
    }, this.world.screen);
    return playback;
  }

  private shown(frame: Frame, playback: Playback): void {
    const curves = frame.lanes.map((lane, index) => extended(this.film.value.curves[index] ?? emptyCurve(), lane.curve, lane.curveFrom));
    this.film.set({ frame, curves, isPlaying: playback.isPlaying, sought: playback.sought });
    this.stopIfBroken(frame);
  }
}

