//! Replicas and their database killed in the middle of a sale, ten times: every promise is kept, nothing
//! happens twice, and the service returns by itself.

use crate::dice::{Dice, Victims};
use crate::service::Service;
use frontrow_tests::customers::{Customer, Shop};
use frontrow_tests::process::run;
use frontrow_tests::promises::{
    assert_all_hold, assert_kept, assert_there_was_enough_to_lose, open_sale,
};
use reqwest::Method;
use std::env;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tokio::time::timeout;
use uuid::Uuid;

/// For a longer run by hand.
const ROUNDS_VARIABLE: &str = "CHAOS_ROUNDS";
const ROUNDS_DEFAULT: usize = 10;
/// How long the service is left alone in each round.
const PEACE_MILLIS: Range<u64> = 800..2_000;
/// How soon it has to serve again, once its database is there.
const RETURN_MAX: Duration = Duration::from_secs(10);
const BUYERS: u32 = 14;
const CHARGERS: u32 = 10;
/// How long a customer rests after each thing done.
const REST: Duration = Duration::from_millis(25);
/// More than are sold.
const SEATS_PER_ROUND: u32 = 125;

/// Somebody who looks after each replica, and pays in to see that it works.
struct Inspectors(Vec<Customer>);

impl Inspectors {
    fn of(service: &Service, shop: &Arc<Shop>) -> Self {
        let inspector = |address| Customer::new(shop, 0).of_one_server(address);
        Self(service.addresses().into_iter().map(inspector).collect())
    }

    /// Waits until every replica is ready and takes a charge.
    async fn see_that_it_serves(&mut self) {
        let all = self.0.iter_mut().map(async |inspector| {
            let ready = inspector.ask(Method::GET, "/readyz").await;
            assert_eq!(ready.status, 200, "{}", ready.body);
            inspector.charge(1).await;
        });
        let all = futures_util::future::join_all(all);
        assert!(timeout(RETURN_MAX, all).await.is_ok(), "it does not serve after {RETURN_MAX:?}");
    }
}

/// One blow, and the way back; what it was and how long that took.
async fn round(service: &mut Service, victims: Victims, inspectors: &mut Inspectors) -> String {
    let struck_at = Instant::now();
    service.strike(victims);
    service.revive(victims);
    let revived_at = Instant::now();
    inspectors.see_that_it_serves().await;
    service.assert_sound();
    let away = revived_at - struck_at;
    format!(
        "{victims:?}: started again after {away:.1?}, served {:.1?} later",
        revived_at.elapsed()
    )
}

fn rounds() -> usize {
    let rounds = env::var(ROUNDS_VARIABLE).ok();
    rounds.map_or(ROUNDS_DEFAULT, |rounds| rounds.parse().expect("a number of rounds"))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_promise_survives_killed_replicas_and_databases() {
    let mut dice = Dice::new();
    let victims = dice.victims(rounds());
    let seats = SEATS_PER_ROUND * u32::try_from(victims.len()).expect("few rounds");
    let mut service = Service::start(2);
    let admin = service.replica(0).client(Uuid::now_v7(), "admin");
    let sale = open_sale(&admin, "Sold through ten crashes", seats).await;
    // The replicas keep their places: whoever goes to one that is dead tries the other one.
    let (_there, servers) = watch::channel(service.addresses());
    let shop = Shop { rest: REST, has_outages: true, ..Shop::new(servers, sale, seats) };
    let shop = Arc::new(shop);
    let buyers = (0..BUYERS).map(|n| Customer::new(&shop, n * 41));
    let mut load: Vec<_> = buyers.map(|it| tokio::spawn(it.buy_until_closing())).collect();
    let chargers = (0..CHARGERS).map(|n| Customer::new(&shop, n));
    load.extend(chargers.map(|it| tokio::spawn(it.charge_until_closing())));
    let mut inspectors = Inspectors::of(&service, &shop);

    for (number, victims) in victims.into_iter().enumerate() {
        tokio::time::sleep(dice.pause(PEACE_MILLIS)).await;
        let told = round(&mut service, victims, &mut inspectors).await;
        println!("round {}: {told}", number + 1);
    }
    shop.closing.store(true, Ordering::Relaxed);
    let mut customers = inspectors.0;
    for customer in load {
        customers.push(customer.await.expect("a customer is content"));
    }
    println!("{} times told to come back later", shop.told_unavailable.load(Ordering::Relaxed));
    assert_kept(&mut customers).await;
    assert_there_was_enough_to_lose(&customers);
    let verified = run(&["verify"], &service.cluster.url()).await;
    assert_all_hold(&verified.expect_success());
}
