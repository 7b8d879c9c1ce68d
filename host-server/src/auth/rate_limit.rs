//! How often one person may ask, so that a script can't take the service away from the others.
//!
//! The generic cell rate algorithm (GCRA, of ATM networks), by `governor`: a person may make as many
//! requests at once as they may make in a second, and then one whenever its share of a second has passed.
//! Each replica counts for itself.

use crate::problem::Problem;
use frontrow_core::UserId;
use governor::clock::{Clock, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use std::num::NonZeroU32;
use std::time::Duration;

/// How often those are forgotten who have not asked for a while.
const FORGET_PAUSE: Duration = Duration::from_mins(1);

type Limiter<C> =
    RateLimiter<UserId, DashMapStateStore<UserId>, C, NoOpMiddleware<<C as Clock>::Instant>>;

/// The limit, or none.
#[derive(Debug)]
pub struct RateLimit<C: Clock = DefaultClock> {
    limiter: Option<(Limiter<C>, NonZeroU32)>,
}

impl RateLimit {
    /// So many requests a second for each person; 0 for no limit.
    pub fn new(per_second: u32) -> Self {
        Self::with_clock(per_second, DefaultClock::default())
    }
}

impl<C: Clock> RateLimit<C> {
    fn with_clock(per_second: u32, clock: C) -> Self {
        let limiter = NonZeroU32::new(per_second).map(|per_second| {
            let quota = Quota::per_second(per_second);
            (RateLimiter::new(quota, DashMapStateStore::default(), clock), per_second)
        });
        Self { limiter }
    }

    /// Counts a request: 429 `rate_limited` if it is one too many.
    pub fn take(&self, user: UserId) -> Result<(), Problem> {
        let Some((limiter, per_second)) = &self.limiter else { return Ok(()) };
        limiter.check_key(&user).map_err(|refused| {
            let wait = refused.wait_time_from(limiter.clock().now());
            Problem::rate_limited(per_second.get(), wait)
        })
    }

    /// Forgets those who have not asked for a while, again and again.
    pub async fn forget_idle(&self) {
        let Some((limiter, _)) = &self.limiter else { return std::future::pending().await };
        loop {
            tokio::time::sleep(FORGET_PAUSE).await;
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use governor::clock::FakeRelativeClock;
    use uuid::Uuid;

    fn user(number: u128) -> UserId {
        UserId(Uuid::from_u128(number))
    }

    #[test]
    fn one_too_many_is_refused_and_a_share_of_a_second_later_one_more_is_let_through() {
        let clock = FakeRelativeClock::default();
        let limit = RateLimit::with_clock(4, clock.clone());
        for _ in 0..4 {
            limit.take(user(1)).unwrap();
        }
        let problem = limit.take(user(1)).unwrap_err();
        assert_eq!((problem.code, problem.retry_after_seconds), ("rate_limited", Some(1)));
        limit.take(user(2)).unwrap();
        clock.advance(Duration::from_millis(249));
        limit.take(user(1)).unwrap_err();
        clock.advance(Duration::from_millis(1));
        limit.take(user(1)).unwrap();
        limit.take(user(1)).unwrap_err();
    }

    #[test]
    fn no_limit_is_none() {
        let limit = RateLimit::new(0);
        assert!((0..1_000).all(|_| limit.take(user(1)).is_ok()));
    }
}
