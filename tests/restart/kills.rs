//! Killed in the middle, again and again: every promise is kept, and nothing happens twice.

use crate::process::Sandbox;
use frontrow_tests::customers::{Customer, Shop};
use frontrow_tests::promises::{
    assert_all_hold, assert_kept, assert_there_was_enough_to_lose, open_sale,
};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::sync::watch;
use uuid::Uuid;

/// How long each server lives before it is killed.
const LIVES_MILLIS: [u64; 4] = [1_700, 1_100, 2_300, 1_400];
/// How long the last one is under load.
const LAST_LIFE: Duration = Duration::from_secs(1);
const BUYERS: u32 = 24;
const CHARGERS: u32 = 16;
const SEATS: u32 = 1_000;

/// Checks the database while nobody serves it.
async fn assert_verified(sandbox: &Sandbox) {
    assert_all_hold(&sandbox.run(&["verify"]).await.expect_success());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_promise_survives_being_killed_and_nothing_happens_twice() {
    let sandbox = Sandbox::new();
    let (there, servers) = watch::channel(Vec::new());
    let mut server = sandbox.serve().await;
    let admin = server.client(Uuid::now_v7(), "admin");
    let sale = open_sale(&admin, "Sold through four crashes", SEATS).await;
    let shop = Arc::new(Shop::new(servers, sale, SEATS));
    let buyers = (0..BUYERS).map(|n| Customer::new(&shop, n * 41));
    let mut load: Vec<_> = buyers.map(|it| tokio::spawn(it.buy_until_closing())).collect();
    let chargers = (0..CHARGERS).map(|n| Customer::new(&shop, n));
    load.extend(chargers.map(|it| tokio::spawn(it.charge_until_closing())));

    for life in LIVES_MILLIS {
        there.send_replace(vec![server.address]);
        tokio::time::sleep(Duration::from_millis(life)).await;
        server.kill().await;
        there.send_replace(Vec::new());
        assert_verified(&sandbox).await;
        server = sandbox.serve().await;
    }
    there.send_replace(vec![server.address]);
    tokio::time::sleep(LAST_LIFE).await;
    shop.closing.store(true, Ordering::Relaxed);

    let mut customers = Vec::new();
    for customer in load {
        customers.push(customer.await.expect("a customer is content"));
    }
    assert_kept(&mut customers).await;
    assert_there_was_enough_to_lose(&customers);
    let ended = server.end().await;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_verified(&sandbox).await;
}
