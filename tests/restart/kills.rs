//! Killed in the middle, again and again: every promise is kept, and nothing happens twice.

use crate::load::{Act, Customer, SEATS, Shop};
use crate::process::{Sandbox, Server};
use frontrow_core::audit::Invariant;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;
use tokio::sync::watch;
use uuid::Uuid;

/// How long each server lives before it is killed.
const LIVES_MILLIS: [u64; 4] = [1_700, 1_100, 2_300, 1_400];
/// How long the last one is under load.
const LAST_LIFE: Duration = Duration::from_secs(1);
const BUYERS: u32 = 24;
const CHARGERS: u32 = 16;

/// Creates what there is to buy.
async fn open_sale(server: &Server) -> (String, String) {
    let admin = server.client(Uuid::now_v7(), "admin");
    let concert = admin
        .concert(&json!({
            "title": "Sold through four crashes",
            "admission": { "interval_seconds": 1, "batch_size": 20, "active_seconds": 600 },
            "holds": { "hold_seconds": 3_600, "max_seats_per_user": 1_000 },
        }))
        .await;
    let body = json!({ "starts_at": "2099-12-24T10:00:00Z", "venue": "Olympic Hall", "sections":
        [{ "name": "R", "rows": SEATS / 25, "seats_per_row": 25, "price": 1_000 }] });
    let path = format!("/v1/concerts/{concert}/schedules");
    let schedule = admin.post(&path, &body).await.expect(201).id();
    (concert, schedule)
}

/// What a customer was promised, all together.
#[derive(Debug, Default, PartialEq, Eq)]
struct Promised {
    /// Reservations, and the states that they must be in.
    reservations: BTreeMap<String, &'static str>,
    /// Transfers by id: kind, and amount with its sign.
    transfers: BTreeMap<String, (String, i64)>,
    balance: i64,
}

impl Promised {
    fn to(customer: &Customer) -> Self {
        let mut promised = Self::default();
        for act in customer.acts.iter().filter(|act| act.status == 201) {
            promised.note(act);
        }
        for id in &customer.withdrawn {
            let state = promised.reservations.get_mut(id).expect("only what was held is withdrawn");
            *state = match *state {
                "confirmed" => {
                    promised.balance += 1_000;
                    "cancelled"
                }
                _ => "released",
            };
        }
        promised
    }

    fn note(&mut self, act: &Act) {
        let id = act.answer["id"].as_str().expect("what is made has an id").to_owned();
        let amount = act.answer["amount"].as_i64().expect("what is made has an amount");
        let is_new = if act.path.ends_with("/charges") {
            self.balance += amount;
            self.transfers.insert(id, ("charge".to_owned(), amount)).is_none()
        } else if act.path == "/v1/payments" {
            self.balance -= amount;
            let reservation = act.body["reservation_id"].as_str().expect("it was sent").to_owned();
            self.reservations.insert(reservation, "confirmed");
            self.transfers.insert(id, ("payment".to_owned(), -amount)).is_none()
        } else {
            self.reservations.insert(id, "held").is_none()
        };
        assert!(is_new, "two keys were given the same thing: {act:?}");
    }
}

/// Every page of a list.
async fn list(customer: &Customer, path: &str) -> Vec<Value> {
    let (mut rows, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = customer.ask(Method::GET, &format!("{path}?limit=100{cursor}")).await;
        assert_eq!(page.status, 200, "{}", page.body);
        rows.extend(page.body["data"].as_array().expect("a list").iter().cloned());
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return rows,
        }
    }
}

/// Compares all that a customer was promised with all that there is.
async fn assert_kept(customer: &mut Customer) {
    let promised = Promised::to(customer);
    let user = customer.user_id;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let reservations = list(customer, &format!("/v1/users/{user}/reservations")).await;
    let there: BTreeMap<String, String> =
        reservations.iter().map(|row| (text(&row["id"]), text(&row["state"]))).collect();
    let expected: BTreeMap<String, String> =
        promised.reservations.iter().map(|(id, state)| (id.clone(), (*state).to_owned())).collect();
    assert_eq!(there, expected, "the reservations (left) are not those promised (right) to {user}");

    let ledger = list(customer, &format!("/v1/users/{user}/ledger")).await;
    let refunds = ledger.iter().filter(|row| row["kind"] == "refund").count();
    let cancelled = promised.reservations.values().filter(|state| **state == "cancelled").count();
    assert_eq!(refunds, cancelled, "refunds of {user}");
    let others = ledger.iter().filter(|row| row["kind"] != "refund");
    let transfers: Vec<(String, (String, i64))> = others
        .map(|row| (text(&row["id"]), (text(&row["kind"]), row["amount"].as_i64().unwrap_or(0))))
        .collect();
    assert_eq!(transfers.len(), promised.transfers.len(), "transfers of {user}");
    assert_eq!(transfers.into_iter().collect::<BTreeMap<_, _>>(), promised.transfers);
    let balance = customer.ask(Method::GET, &format!("/v1/users/{user}/balance")).await;
    assert_eq!(balance.body["balance"], json!(promised.balance), "the balance of {user}");

    for act in customer.acts.clone().iter().filter(|act| act.status == 201) {
        let again = customer.repeat(act).await;
        assert_eq!((again.status, again.replayed), (201, true), "{act:?}");
        assert_eq!(again.body, act.answer, "a replay is what was answered at first");
    }
}

/// Checks the database while nobody serves it.
async fn assert_verified(sandbox: &Sandbox) {
    let said = sandbox.run(&["verify"]).await.expect_success();
    for invariant in Invariant::ALL {
        let line = said.lines().find(|line| line.contains(invariant.name()));
        assert!(line.is_some_and(|line| line.starts_with("ok ")), "{invariant} in {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_promise_survives_being_killed_and_nothing_happens_twice() {
    let sandbox = Sandbox::new();
    let (address, addresses) = watch::channel(None);
    let mut server = sandbox.serve().await;
    let (concert, schedule) = open_sale(&server).await;
    let closing = AtomicBool::new(false);
    let shop = Arc::new(Shop { address: addresses, concert, schedule, closing });
    let buyers = (0..BUYERS).map(|n| Customer::new(&shop, n * 41));
    let mut customers: Vec<_> = buyers.map(|it| tokio::spawn(it.buy_until_closing())).collect();
    let chargers = (0..CHARGERS).map(|n| Customer::new(&shop, n));
    customers.extend(chargers.map(|it| tokio::spawn(it.charge_until_closing())));

    for life in LIVES_MILLIS {
        address.send_replace(Some(server.address));
        tokio::time::sleep(Duration::from_millis(life)).await;
        server.kill().await;
        address.send_replace(None);
        assert_verified(&sandbox).await;
        server = sandbox.serve().await;
    }
    address.send_replace(Some(server.address));
    tokio::time::sleep(LAST_LIFE).await;
    shop.closing.store(true, std::sync::atomic::Ordering::Relaxed);

    let mut acts = Vec::new();
    for customer in customers {
        let mut customer = customer.await.expect("a customer is content");
        assert_kept(&mut customer).await;
        acts.append(&mut customer.acts);
    }
    assert_there_was_enough_to_lose(&acts);
    let ended = server.end().await;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_verified(&sandbox).await;
}

/// That the kills, and people who hung up, did cut something off.
fn assert_there_was_enough_to_lose(acts: &[Act]) {
    let cut_off = acts.iter().filter(|act| act.unanswered > 0).count();
    let replayed = acts.iter().filter(|act| act.replayed).count();
    let done = |path: &str| {
        acts.iter().filter(|act| act.status == 201 && act.path.ends_with(path)).count()
    };
    let (charges, holds, payments) = (done("/charges"), done("/reservations"), done("/payments"));
    println!("{charges} charges, {holds} holds, {payments} payments");
    println!("{cut_off} were cut off, of which {replayed} had been done");
    assert!(charges > 200 && holds > 20 && payments > 20, "the load was no load");
    assert!(cut_off > 0 && replayed > 0, "nothing was cut off in the middle");
}
