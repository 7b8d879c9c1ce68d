import type { Command, Concert, Invariants, Outcome, Report, Reservation, ReservationStatus, Schedule, Section, Standing, Wallet } from '@frontrow/wasm';
declare module '@frontrow/wasm' {
  interface Simulation {
    report(): Report; stages(): Uint8Array; sections(hall: number): Section[]; readonly hallCount: number;
    execute(command: Command): Outcome; markSeen(id: string): void; standing(id: string): Standing | undefined; concert(): Concert; schedules(): Schedule[];
    reservation(id: string): Reservation | undefined; reservationStatus(id: string): ReservationStatus | undefined; wallet(id: string): Wallet | undefined; audit(): Invariants;
  }
  export interface StoryLine { at_millis: number; kind: string; position?: number; quoted_seconds?: number; hall?: number; seats?: number[]; code?: string; amount?: number }
  export function story(scenario: Scenario, person: number): StoryLine[];
}
