//! Whether a scenario makes sense: every field within its range, else the path of the first that is not.

use super::scenario::{
    Bots, DURATION_SECONDS_MAX, GROUP_SEATS_MAX, HALLS_MAX, PEOPLE_MAX, People, SAMPLES_MAX,
    Scenario, ScenarioError, Spread, TRIES_MAX, Taste, VERSION, WAVES_MAX, WEIGHT_MAX, Wave,
};
use crate::policy::{PRICE_MAX, SEATS_PER_SCHEDULE_MAX, SECTIONS_MAX, plain_text, within as check};
use crate::rejection::FieldError;

impl Scenario {
    /// Checks every field; the first that is wrong is told.
    pub fn validate(&self) -> Result<(), ScenarioError> {
        let mut errors = Vec::new();
        self.check_frame(&mut errors);
        self.admission.validate(&mut errors);
        self.holds.validate(&mut errors);
        self.check_halls(&mut errors);
        self.check_arrivals(&mut errors);
        self.people.check(&mut errors);
        let Bots { share_percent, pay_percent, rejoins_max } = self.bots;
        check(&mut errors, "bots.share_percent", share_percent, 0, 100);
        check(&mut errors, "bots.pay_percent", pay_percent, 0, 100);
        check(&mut errors, "bots.rejoins_max", rejoins_max, 0, TRIES_MAX);
        errors.into_iter().next().map_or(Ok(()), |error| Err(error.into()))
    }

    fn check_frame(&self, errors: &mut Vec<FieldError>) {
        let duration = self.duration_seconds;
        check(errors, "version", self.version, VERSION, VERSION);
        check(errors, "seed", self.seed, 0, (1 << 53) - 1);
        check(errors, "duration_seconds", duration, 1, DURATION_SECONDS_MAX);
        let latest = duration.saturating_sub(1);
        check(errors, "sale_opens_at_second", self.sale_opens_at_second, 0, latest);
        let shortest = duration.div_ceil(SAMPLES_MAX).max(1);
        let longest = duration.max(shortest);
        check(errors, "sample_seconds", self.sampled_every(), shortest, longest);
    }

    fn check_halls(&self, errors: &mut Vec<FieldError>) {
        check(errors, "halls", self.halls.len(), 1, HALLS_MAX);
        for (index, hall) in self.halls.iter().enumerate() {
            let path = format!("halls.{index}.sections");
            check(errors, &path, hall.sections.len(), 1, SECTIONS_MAX);
            let mut seats: u32 = 0;
            for (number, section) in hall.sections.iter().enumerate() {
                let path = |name: &str| format!("{path}.{number}.{name}");
                plain_text(errors, &path("name"), &section.name);
                check(errors, &path("rows"), section.rows, 1, SEATS_PER_SCHEDULE_MAX);
                let per_row = section.seats_per_row;
                check(errors, &path("seats_per_row"), per_row, 1, SEATS_PER_SCHEDULE_MAX);
                check(errors, &path("price"), section.price.get(), 1, PRICE_MAX);
                if hall.sections[..number].iter().any(|other| other.name == section.name) {
                    errors.push(FieldError::new(path("name"), "must be unique in the hall"));
                }
                seats = seats.saturating_add(section.seats());
            }
            if seats > SEATS_PER_SCHEDULE_MAX {
                let reason = format!("must have at most {SEATS_PER_SCHEDULE_MAX} seats in all");
                errors.push(FieldError::new(path, reason));
            }
        }
    }

    fn check_arrivals(&self, errors: &mut Vec<FieldError>) {
        check(errors, "arrivals", self.arrivals.len(), 1, WAVES_MAX);
        let duration = self.duration_seconds;
        let latest = duration.saturating_sub(1);
        for (index, wave) in self.arrivals.iter().enumerate() {
            let path = |name: &str| format!("arrivals.{index}.{name}");
            match wave {
                Wave::Steady { from_second, seconds, .. } => {
                    check(errors, &path("from_second"), *from_second, 0, latest);
                    let left = duration.saturating_sub(*from_second).max(1);
                    check(errors, &path("seconds"), *seconds, 1, left);
                }
                Wave::Burst { at_second, .. } => {
                    check(errors, &path("at_second"), *at_second, 0, latest);
                }
                Wave::OnSaleSpike { early_percent, early_seconds, late_seconds, .. } => {
                    check(errors, &path("early_percent"), *early_percent, 0, 100);
                    check(errors, &path("early_seconds"), *early_seconds, 1, duration);
                    check(errors, &path("late_seconds"), *late_seconds, 1, duration);
                }
                Wave::Recorded { from_second, counts } => {
                    check(errors, &path("from_second"), *from_second, 0, latest);
                    let left = duration.saturating_sub(*from_second) as usize;
                    check(errors, &path("counts"), counts.len(), 1, left.max(1));
                }
            }
        }
        if !(1..=PEOPLE_MAX).contains(&self.people_total()) {
            let reason = format!("must be 1 to {PEOPLE_MAX} people in all");
            errors.push(FieldError::new("arrivals", reason));
        }
    }
}

impl People {
    fn check(&self, errors: &mut Vec<FieldError>) {
        self.patience.check(errors, "people.patience");
        self.think.check(errors, "people.think");
        self.payment.check(errors, "people.payment");
        let percents = [
            ("people.leave_percent", self.leave_percent),
            ("people.payment_failure_percent", self.payment_failure_percent),
            ("people.abandon_percent", self.abandon_percent),
        ];
        for (path, percent) in percents {
            check(errors, path, percent, 0, 100);
        }
        check(errors, "people.payment_tries_max", self.payment_tries_max, 1, TRIES_MAX);
        check(errors, "people.seat_tries_max", self.seat_tries_max, 1, TRIES_MAX);
        check(errors, "people.rejoins_max", self.rejoins_max, 0, TRIES_MAX);
        let Taste { front_first, random, best_available } = self.taste;
        check_weights(errors, "people.taste", &[front_first, random, best_available]);
        check(errors, "people.group_weights", self.group_weights.len(), 1, GROUP_SEATS_MAX);
        check_weights(errors, "people.group_weights", &self.group_weights);
    }
}

impl Spread {
    fn check(&self, errors: &mut Vec<FieldError>, path: &str) {
        let mut field = |name: &str, value, min, max| {
            check(errors, &format!("{path}.{name}"), value, min, max);
        };
        let most = DURATION_SECONDS_MAX;
        match *self {
            Self::Fixed { seconds } => field("seconds", seconds, 0, most),
            Self::Uniform { min_seconds, max_seconds } => {
                field("min_seconds", min_seconds, 0, max_seconds.min(most));
                field("max_seconds", max_seconds, 0, most);
            }
            Self::Exponential { mean_seconds } => field("mean_seconds", mean_seconds, 1, most),
            Self::LogNormal { median_seconds, sigma_percent } => {
                field("median_seconds", median_seconds, 1, most);
                field("sigma_percent", sigma_percent, 0, 300);
            }
        }
    }
}

fn check_weights(errors: &mut Vec<FieldError>, path: &str, weights: &[u32]) {
    if weights.iter().any(|weight| *weight > WEIGHT_MAX) || weights.iter().all(|w| *w == 0) {
        let reason = format!("must be weights of 0 to {WEIGHT_MAX}, not all 0");
        errors.push(FieldError::new(path, reason));
    }
}
