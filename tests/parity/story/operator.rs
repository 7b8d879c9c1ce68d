//! What operators and timers do, and what there is at the start.

use super::{Cast, Story, named, user};
use frontrow_core::concert::{
    AdmissionChange, Concert, ConcertChange, DrawKind, HoldChange, Notice, Prequeue, Schedule,
    Section,
};
use frontrow_core::policy::{AdmissionPolicy, HoldPolicy};
use frontrow_core::queue::DrawSeed;
use frontrow_core::{Amount, Command, ConcertId, ScheduleId, Timestamp, TransferId};
use frontrow_tests::server::START;

impl Story {
    /// Two concerts, up to three schedules, and some people who have money.
    pub fn setup(&mut self) -> Vec<Command> {
        let mut commands: Vec<Command> = (1..=2)
            .map(|number| Command::CreateConcert { concert: self.concert(number, START) })
            .collect();
        let schedules = if self.one_in(10) { 0 } else { self.within(1..=3) };
        for (number, concert) in (1..=u64::from(schedules)).zip([1, 1, 2]) {
            let schedule = self.schedule(number, ConcertId(named(1, concert)), START);
            commands.push(Command::AddSchedule { schedule });
        }
        for number in 1..=5 {
            commands.push(Command::Charge {
                transfer_id: TransferId(named(6, number)),
                user_id: user(number),
                amount: u64::from(self.within(20..=600)),
            });
        }
        commands
    }

    /// A concert with a small policy.
    fn concert(&mut self, number: u64, now: Timestamp) -> Concert {
        let capped = self.one_in(2);
        let max_active = capped.then(|| self.within(1..=4));
        let lapse_seconds = if self.one_in(2) { 0 } else { self.within(5..=20) };
        let sale_opens_at = now.plus_millis(i64::from(self.below(9_000)) - 3_000);
        let prequeue = self.one_in(3).then(|| self.prequeue(sale_opens_at));
        Concert {
            id: ConcertId(named(1, number)),
            title: format!("Concert {number} “서울”"),
            sale_opens_at,
            admission: AdmissionPolicy {
                interval_seconds: self.within(1..=9),
                batch_size: self.within(1..=5),
                active_seconds: self.within(5..=90),
                max_active,
                lapse_seconds,
                inventory_aware: self.one_in(3),
            },
            holds: HoldPolicy {
                hold_seconds: self.within(2..=30),
                max_seats_per_user: self.within(1..=5),
            },
            paused: false,
            closed: false,
            draining: false,
            notice: None,
            prequeue,
            created_at: now,
        }
    }

    /// A pre-queue that opens some seconds before the sale, or one in eight after it.
    fn prequeue(&mut self, sale_opens_at: Timestamp) -> Prequeue {
        let is_random = !self.one_in(4);
        let seed = u8::try_from(self.below(256)).expect("it is below 256");
        Prequeue {
            opens_at: sale_opens_at.plus_millis(i64::from(self.below(8_000)) - 7_000),
            draw: if is_random { DrawKind::Random } else { DrawKind::Arrival },
            beacon: (is_random && self.one_in(3)).then(|| "추첨 “17”".to_owned()),
            seed: is_random.then(|| DrawSeed::new([seed; 32])),
        }
    }

    /// The value of a beacon, of which two are seen.
    pub(super) fn draw(&mut self, cast: &Cast) -> Command {
        let beacon_value = if self.one_in(3) { "b5d8" } else { "\"8\" 15" }.to_owned();
        Command::Draw { concert_id: self.any_concert(cast), beacon_value }
    }

    /// A schedule with a small hall, which is soon sold.
    fn schedule(&mut self, number: u64, concert_id: ConcertId, now: Timestamp) -> Schedule {
        let starts_in = if self.one_in(6) { self.within(20..=200) } else { 90_000 };
        let names = ["R", "S", "T"];
        let count = if self.one_in(2) { 1 } else { self.within(1..=3) as usize };
        let sections = names[..count].iter().map(|name| Section {
            name: (*name).to_owned(),
            rows: self.within(1..=2),
            seats_per_row: self.within(1..=3),
            price: Amount::new(u64::from(self.within(1..=60))).expect("prices are small"),
        });
        let sections = sections.collect();
        Schedule {
            id: ScheduleId(named(2, number)),
            concert_id,
            starts_at: now.plus_seconds(starts_in),
            venue: "Hall \"'\\ 1".to_owned(),
            sections,
        }
    }

    /// A new concert or schedule, or one that is refused.
    pub(super) fn found(&mut self, cast: &Cast, now: Timestamp) -> Command {
        let number = self.new_id();
        if self.one_in(3) {
            let number = if self.one_in(3) { 1 } else { number };
            let mut concert = self.concert(number, now);
            if self.one_in(3) {
                " \u{7}".clone_into(&mut concert.title);
                concert.admission.batch_size = 0;
            }
            return Command::CreateConcert { concert };
        }
        let number = if self.one_in(4) { 1 } else { number };
        let concert_id = self.any_concert(cast);
        let mut schedule = self.schedule(number, concert_id, now);
        if self.one_in(4) {
            schedule.sections.push(schedule.sections[0].clone());
        }
        Command::AddSchedule { schedule }
    }

    /// A tick, served since the start or since a moment ago.
    pub(super) fn tick(&mut self, cast: &Cast, now: Timestamp) -> Command {
        let a_moment = now.plus_millis(-i64::from(self.below(20_000)));
        let served_since = if self.one_in(4) { a_moment } else { Timestamp::MIN };
        Command::Tick { concert_id: self.any_concert(cast), served_since }
    }

    pub(super) fn refresh_sold_out(&mut self, cast: &Cast) -> Command {
        Command::RefreshSoldOut { concert_id: self.any_concert(cast) }
    }

    /// A notice, or one that says nothing in English.
    fn notice(&mut self) -> Notice {
        let en = if self.one_in(4) { "" } else { "We start late." };
        Notice { ko: "늦게 시작합니다.".to_owned(), en: en.to_owned() }
    }

    pub(super) fn update(&mut self, cast: &Cast) -> Command {
        let concert_id = self.any_concert(cast);
        let mut change = ConcertChange::default();
        let mut admission = AdmissionChange::default();
        let mut holds = HoldChange::default();
        match self.below(19) {
            0..=4 => change.paused = Some(self.one_in(3)),
            5 if !cast.ready.is_empty() => change.closed = Some(!self.one_in(4)),
            6..=7 => admission.interval_seconds = Some(self.below(12)),
            8 => admission.batch_size = Some(self.below(6)),
            9 => admission.max_active = Some(Some(self.below(5))),
            10 => admission.max_active = Some(None),
            11 => admission.lapse_seconds = Some(self.below(15)),
            12 => admission.inventory_aware = Some(self.one_in(2)),
            13 => admission.active_seconds = Some(self.within(5..=60)),
            14 => holds.hold_seconds = Some(self.within(2..=40)),
            15 => holds.max_seats_per_user = Some(self.within(0..=6)),
            16 => change.draining = Some(self.one_in(4)),
            17 => change.notice = Some(Some(self.notice())),
            18 => change.notice = Some(None),
            _ => {}
        }
        change.admission = (admission != AdmissionChange::default()).then_some(admission);
        change.holds = (holds != HoldChange::default()).then_some(holds);
        Command::UpdateConcert { concert_id, change }
    }
}
