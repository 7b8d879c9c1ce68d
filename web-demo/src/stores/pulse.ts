/** Something done again and again, each time after the pause that it asks for. */

import { wallClock, type Clock } from './clock';

export class Pulse {
  private callOff: () => void = () => undefined;
  private turn = 0;

  /** @param beat does it once and gives the seconds until the next time, or null to stop. */
  constructor(
    private readonly beat: () => Promise<number | null>,
    private readonly clock: Clock = wallClock,
  ) {}

  /** Begins at once; a beat that is under way is not waited for, and won't go on. */
  start(): void {
    this.stop();
    void this.run(this.turn);
  }

  stop(): void {
    this.turn += 1;
    this.callOff();
  }

  private async run(turn: number): Promise<void> {
    const pause = await this.beat();
    if (turn !== this.turn || pause === null) return;
    this.callOff = this.clock.after(pause * 1000, () => void this.run(turn));
  }
}
