// The shapes of the simulator: what is to be simulated, what comes of it, and what is seen on the way.
// Field by field as `frontrow-core` writes them; a test holds them to it.

import type {
  AdmissionPolicy, AdmissionPolicyInput, Amount, HoldPolicy, RejectionCode, Section, Standing,
} from "./types.js";

/** Whole seconds from the scenario's start, which is second 0. */
export type Second = number;
/** Whole milliseconds from the scenario's start. As {@link Millis}, the scenario starts in 1970. */
export type SimulationMillis = number;

/** What is to be simulated, with every default filled in. Unknown fields are refused. */
export interface Scenario {
  /** The version of this schema. */
  version: 1;
  /** From which everything that is random is drawn, 0 to 2^53 − 1. */
  seed: number;
  /** When it ends, if not before because nothing is left to happen: 1 to 604,800 seconds. */
  duration_seconds: number;
  /** When the first tick comes; less than `duration_seconds`. */
  sale_opens_at_second: Second;
  /** Seconds between two points of the curve, at most 10,000 points; `null` for a 200th of the duration. */
  sample_seconds: number | null;
  /** How people are let in. */
  admission: AdmissionPolicy;
  /** How seats are held. */
  holds: HoldPolicy;
  /** The performances and their seats, 1 to 50. */
  halls: Hall[];
  /** Who comes when, 1 to 100 waves, at most 5,000,000 people in all. */
  arrivals: Wave[];
  /** What people are like. */
  people: People;
  /** Those among them who are bots. */
  bots: Bots;
}

/**
 * A {@link Scenario} as you write it: `version`, `seed`, `admission`, `halls` and `arrivals` have no default.
 * By default it lasts 7,200 seconds and the sale opens at second 0.
 */
export interface ScenarioInput
  extends Pick<Scenario, "version" | "seed" | "halls">,
    Partial<Pick<Scenario, "duration_seconds" | "sale_opens_at_second" | "sample_seconds">> {
  admission: AdmissionPolicyInput;
  holds?: Partial<HoldPolicy>;
  arrivals: WaveInput[];
  people?: PeopleInput;
  bots?: Partial<Bots>;
}

/** One performance of the concert. */
export interface Hall {
  /** Its seats, the best section first. */
  sections: Section[];
}

/** People who come; `people` is exactly how many. Waves overlap as they like. */
export type Wave =
  /** Spread evenly at random over `seconds`, from 1. */
  | { kind: "steady"; from_second: Second; seconds: number; people: number }
  /** Within one second. */
  | { kind: "burst"; at_second: Second; people: number }
  /** Ever more until the sale opens, and ever fewer after it, exponentially on either side. */
  | {
      kind: "on_sale_spike";
      people: number;
      /** How many of 100 come before the sale opens, unless it opens at second 0; 60 by default. */
      early_percent: number;
      /** Mean seconds by which those are early, from 1; 120 by default. */
      early_seconds: number;
      /** Mean seconds by which the others are late, from 1; 60 by default. */
      late_seconds: number;
    }
  /** As was counted in a real sale: how many came in each second. */
  | { kind: "recorded"; from_second: Second; counts: number[] };

/** A {@link Wave} in which what has a default may be left out. */
export type WaveInput = WithDefaults<
  Wave,
  "from_second" | "early_percent" | "early_seconds" | "late_seconds"
>;

type WithDefaults<T, K extends PropertyKey> = T extends T
  ? Omit<T, K & keyof T> & Partial<Pick<T, K & keyof T>>
  : never;

/** How a duration varies from one person, and one time, to the next. None is longer than a week. */
export type Spread =
  /** Always the same, 0 to 604,800. */
  | { kind: "fixed"; seconds: number }
  /** Anything between the two is as likely. */
  | { kind: "uniform"; min_seconds: number; max_seconds: number }
  /** Without memory; the mean is 1 to 604,800. */
  | { kind: "exponential"; mean_seconds: number }
  /**
   * Most take about the median (1 to 604,800), a few take very long. `sigma_percent` is the deviation of
   * the logarithm, 0 to 300; 50 is moderate.
   */
  | { kind: "log_normal"; median_seconds: number; sigma_percent: number };

/** What people are like. */
export interface People {
  /** How long they wait in line, from when the sale has opened, before they give up. */
  patience: Spread;
  /** How many of 100 who give up say so; the others just go. 50 by default. */
  leave_percent: number;
  /** From seeing the seats to asking for some. */
  think: Spread;
  /** From holding seats to paying. */
  payment: Spread;
  /** How many payments of 100 fail, each time; 3 by default. */
  payment_failure_percent: number;
  /** Payments that one tries for one hold, 1 to 100; 3 by default. */
  payment_tries_max: number;
  /** How many of 100 hold seats and then don't pay; 5 by default. */
  abandon_percent: number;
  /** Choices of seats that one makes, 1 to 100; each that is refused costs one. 5 by default. */
  seat_tries_max: number;
  /** Times that one joins again after one's time ran out, 0 to 100; 1 by default. */
  rejoins_max: number;
  /** Weights of groups of 1, 2, … up to 20 seats, each 0 to 1,000,000; [30, 50, 10, 10] by default. */
  group_weights: number[];
  /** How they choose seats. */
  taste: Taste;
}

/** {@link People} of whom only what differs from the defaults is said. */
export type PeopleInput = Partial<Omit<People, "taste">> & { taste?: Partial<Taste> };

/** Weights of the ways to choose seats, each 0 to 1,000,000, not all 0. */
export interface Taste {
  /** The first free seats together from the front; 50 by default. */
  front_first: number;
  /** Free seats together anywhere; 30 by default. */
  random: number;
  /** What the rules say is best; 20 by default. */
  best_available: number;
}

/** Bots act at once, take as many seats as they can, and rarely pay. */
export interface Bots {
  /** How many of 100 who come are bots; 0 by default. */
  share_percent: number;
  /** How many holds of 100 they pay; 10 by default. */
  pay_percent: number;
  /** Times that one joins again after its time ran out or it was refused, 0 to 100; 3 by default. */
  rejoins_max: number;
}

/** What came of a scenario. */
export interface Report {
  /** The scenario's version. */
  version: number;
  /** The scenario's seed. */
  seed: number;
  /** When nothing was left to happen, or the scenario's duration. */
  ended_at_second: Second;
  /** Events in the journal. */
  events: number;
  /** A hash of the journal, 16 hexadecimal digits; the same scenario has the same one everywhere. */
  event_hash: string;
  /** What became of those who came. */
  people: Fates;
  /** Seats at the end. */
  seats: SeatCounts;
  /** When the last seat was sold, as the queue learned it. */
  sold_out_at_second: Second | null;
  /** From joining to being let in, of those who were let in and were there. */
  wait: Quantiles;
  /** What people were told as they joined against what came. */
  eta: EtaErrors;
  /** What was counted. */
  counts: Counts;
  /** How often each refusal was told, by its code. */
  refusals: { [code: string]: number };
  /** Whether the line's length, as it was counted, agrees with its waits. */
  littles_law: LittlesLaw;
  /** The named invariants, and whether all of them hold. */
  invariants: Invariants;
  /** How it went, at equal intervals. */
  curve: Sample[];
}

/** What became of people. Everybody who came is in exactly one of these, but for the two of bots. */
export interface Fates {
  /** How many came: the sum of the others. */
  came: number;
  /** Bought seats. */
  bought: number;
  /** Lost patience in line. */
  gave_up: number;
  /** Were passed over at their turn. */
  passed_over: number;
  /** Were in line when the last seat was sold. */
  sold_out: number;
  /** Were not let join. */
  refused: number;
  /** Were let in, but ran out of time. */
  ran_out: number;
  /** Were let in, but got no seats that they wanted. */
  no_seats: number;
  /** Held seats, but every payment failed. */
  payment_failed: number;
  /** Held seats, and let the hold lapse. */
  abandoned: number;
  /** Still wait at the end. */
  waiting: number;
  /** Are still choosing or paying at the end. */
  active: number;
  /** Were about to join again at the end. */
  rejoining: number;
  /** How many of those who came are bots. */
  bots: number;
  /** How many of those who bought are bots. */
  bots_bought: number;
}

/** Seats by how they stand. */
export interface SeatCounts {
  /** All seats of all halls. */
  total: number;
  held: number;
  sold: number;
  /** Sold of all, in hundredths of a percent, rounded down, 0 to 10,000. */
  sell_through_basis_points: number;
}

/** Quantiles of durations; all 0 if there are none. */
export interface Quantiles {
  /** How many durations. */
  count: number;
  /** Their mean, rounded down. */
  mean_millis: number;
  /** The median. */
  p50_millis: number;
  /** 95 of 100 are not longer. */
  p95_millis: number;
  /** 99 of 100 are not longer. */
  p99_millis: number;
  /** The longest. */
  max_millis: number;
}

/** What people were told as they joined against what came, of those who were let in and were there. */
export interface EtaErrors {
  /** How many could be told anything. */
  quoted: number;
  /** How far off it was, either way. */
  off_by: Quantiles;
  /** How many waited less than they were told. */
  earlier: number;
  /** How many waited more than they were told. */
  later: number;
}

/** What was counted. */
export interface Counts {
  /** Tickets that were issued; more than people if some join again. */
  tickets: number;
  /** Tickets that were let in. */
  admitted: number;
  /** Tickets that were passed over since their holder was not seen. */
  no_shows: number;
  /** Active tickets that ran out of time. */
  timed_out: number;
  /** Tickets that were given back. */
  left: number;
  /** Holds that were taken. */
  holds: number;
  /** Holds that ran out. */
  holds_lapsed: number;
  /** Holds that were released. */
  holds_released: number;
  /** Payments that the bank refused, before they came to the rules. */
  payments_failed: number;
  /** Payments that went through. */
  payments: number;
  /** What was paid. */
  revenue: Amount;
  /** Ticks that ran; a large one runs in parts. */
  tick_parts: number;
  /** Most that waited at once. */
  waiting_max: number;
  /** Most that were active at once. */
  active_max: number;
  /** Commands that people sent. */
  commands: number;
}

/** Little's law (L = λW) for the line: both sides are counted by themselves, in person-milliseconds. */
export interface LittlesLaw {
  /** The line's length over time. */
  line_over_time: number;
  /** Each ticket's time in line, summed. */
  sum_of_waits: number;
  /** Whether both are the same. */
  ok: boolean;
  /** Mean length of the line (L), in thousandths. */
  mean_line_thousandths: number;
  /** Mean time of a ticket in line (W). */
  mean_wait_millis: number;
}

/** The audit of the journal and the rows. */
export interface Invariants {
  /** Whether all that were checked hold. */
  ok: boolean;
  /** Each that was checked. */
  checks: Check[];
}

/** What must hold whatever happens, by name. */
export type Invariant =
  | "seat_has_one_owner"
  | "free_held_sold_sum_to_total"
  | "active_at_most_cap"
  | "admitted_per_tick_at_most_batch"
  | "no_overtaking"
  | "money_sums_to_zero"
  | "wallet_never_negative"
  | "sold_seat_has_one_payment"
  | "payment_consumed_one_ticket"
  | "journal_replays_to_rows";

/** How one invariant fared. */
export interface Check {
  invariant: Invariant;
  /** Whether it holds. */
  ok: boolean;
  /** How many things were looked at: seats, ticks, wallets, …. */
  checked: number;
  /** How many broke it. */
  violated: number;
  /** The first of those, in English. */
  violations: string[];
}

/** How things stand at one time. */
export interface Sample {
  at_second: Second;
  /** How many have come so far. */
  came: number;
  /** Tickets in line. */
  waiting: number;
  /** Active tickets. */
  active: number;
  /** Held seats. */
  held: number;
  /** Sold seats. */
  sold: number;
}

/** Where a person is in their story. What is not `coming`, `waiting`, `active` or `rejoining` is an end. */
export type Stage =
  /** Has not come yet. */
  | "coming"
  /** Stands in line. */
  | "waiting"
  /** Was let in, and chooses or pays. */
  | "active"
  /** Is about to join again. */
  | "rejoining"
  /** Has bought. */
  | "bought"
  /** Lost patience in line, and said so or just went. */
  | "gave_up"
  /** Was passed over at their turn. */
  | "passed_over"
  /** Was in line when the last seat was sold. */
  | "sold_out"
  /** Was not let join. */
  | "refused"
  /** Was let in, but ran out of time. */
  | "ran_out"
  /** Was let in, but got no seats that they wanted. */
  | "no_seats"
  /** Held seats, but every payment failed. */
  | "payment_failed"
  /** Held seats, and let the hold lapse. */
  | "abandoned";

/** How a person chooses seats. */
export type SeatTaste = "front_first" | "random" | "best_available";

/** One person of the crowd, as they stand now. */
export interface PersonView {
  stage: Stage;
  is_bot: boolean;
  /** Seats that they want together. */
  group: number;
  taste: SeatTaste;
  /** Times that they joined. */
  joins: number;
  /** When they joined last. */
  joined_at_millis: SimulationMillis | null;
  /** When they were let in, if they were since. */
  admitted_at_millis: SimulationMillis | null;
  /** The wait that they were told as they joined. */
  quoted_seconds: number | null;
  /** What a poll would tell them now. */
  standing: Standing | null;
  /** The seats that they hold or have bought: the hall, from 0, and its seats. */
  seats: [hall: number, seats: number[]] | null;
}

/** One thing that happened to a person, and when. */
export type StoryLine = StoryEvent & { at_millis: SimulationMillis };

/** What happens to people. Halls are numbered from 0. */
export type StoryEvent =
  /** Joined the line; `position` is from 1, `quoted_seconds` the wait that they were told. */
  | { kind: "joined"; position: number | null; quoted_seconds: number | null }
  /** Was not let join. */
  | { kind: "refused"; code: RejectionCode }
  /** Was let in. */
  | { kind: "admitted"; waited_millis: number }
  /** Lost patience in line; `told` is whether they said so, else their place stays until its turn. */
  | { kind: "gave_up"; told: boolean }
  /** At their turn nobody was there. */
  | { kind: "passed_over" }
  /** Heard in line that the last seat is sold, and left. */
  | { kind: "sold_out" }
  /** Saw the seats, and chose; no `seats` if they are going to ask for the best. */
  | { kind: "looked"; hall: number; seats: number[] }
  /** Saw that no hall has as many free seats as they want. */
  | { kind: "found_none" }
  /** Asked for seats (none of them named if for the best), and was refused. */
  | { kind: "taken"; hall: number; seats: number[]; code: RejectionCode }
  /** Asked for seats, and has them held. */
  | {
      kind: "held";
      hall: number;
      seats: number[];
      amount: Amount;
      /** When the hold runs out. */
      expires_at_millis: SimulationMillis;
    }
  /** Won't pay, and lets the hold lapse. */
  | { kind: "abandoned" }
  /** The bank refused the payment. */
  | { kind: "payment_failed" }
  /** The rules refused the payment. */
  | { kind: "payment_refused"; code: RejectionCode }
  /** Paid: the seats are theirs. */
  | { kind: "paid"; amount: Amount }
  /** The hold ran out; the seats are free again. */
  | { kind: "hold_lapsed"; seats: number[] }
  /** The time to choose ran out. */
  | { kind: "timed_out" }
  /** Gave their place back, and with it what they held. */
  | { kind: "left"; stage: "no_seats" | "payment_failed" };
