/** Something done again and again, each time after the pause that it asks for. */

export class Pulse {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private turn = 0;

  /** @param beat does it once and gives the seconds until the next time, or null to stop. */
  constructor(private readonly beat: () => Promise<number | null>) {}

  /** Begins at once; a beat that is under way is not waited for, and won't go on. */
  start(): void {
    this.stop();
    void this.run(this.turn);
  }

  stop(): void {
    this.turn += 1;
    clearTimeout(this.timer);
  }

  private async run(turn: number): Promise<void> {
    const pause = await this.beat();
    if (turn !== this.turn || pause === null) return;
    this.timer = setTimeout(() => void this.run(turn), pause * 1000);
  }
}
