//! What customers were promised, compared with what there is: everything that was acknowledged, once,
//! and nothing else.

use crate::client::Client;
use crate::customers::{Act, Customer};
use frontrow_core::audit::Invariant;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Debug;

/// What a seat costs.
const PRICE: u32 = 1_000;
/// Seats in a row.
const SEATS_PER_ROW: u32 = 25;
/// How many broken promises a failure lists.
const BROKEN_LISTED_MAX: usize = 25;

/// Creates what there is to buy; the concert and its schedule.
pub async fn open_sale(admin: &Client, title: &str, seats: u32) -> (String, String) {
    let concert = admin
        .concert(&json!({
            "title": title,
            "admission": { "interval_seconds": 1, "batch_size": 20, "active_seconds": 600 },
            "holds": { "hold_seconds": 3_600, "max_seats_per_user": 1_000 },
        }))
        .await;
    let rows = seats / SEATS_PER_ROW;
    let body = json!({ "starts_at": "2099-12-24T10:00:00Z", "venue": "Olympic Hall", "sections":
        [{ "name": "R", "rows": rows, "seats_per_row": SEATS_PER_ROW, "price": PRICE }] });
    let path = format!("/v1/concerts/{concert}/schedules");
    let schedule = admin.post(&path, &body).await.expect(201).id();
    (concert, schedule)
}

/// What a customer was promised, all together.
#[derive(Debug, Default, PartialEq, Eq)]
struct Promised {
    /// Reservations, and the states that they must be in.
    reservations: BTreeMap<String, String>,
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
            let refunded = state == "confirmed";
            if refunded {
                promised.balance += i64::from(PRICE);
            }
            let ended = if refunded { "cancelled" } else { "released" };
            ended.clone_into(state);
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
            self.reservations.insert(reservation, "confirmed".to_owned());
            self.transfers.insert(id, ("payment".to_owned(), -amount)).is_none()
        } else {
            self.reservations.insert(id, "held".to_owned()).is_none()
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

/// Names what is not as it was promised.
fn compare<V: PartialEq + Debug>(
    what: &str,
    promised: &BTreeMap<String, V>,
    there: &BTreeMap<String, V>,
) -> Vec<String> {
    let mut broken = Vec::new();
    for (id, promise) in promised {
        match there.get(id) {
            None => broken.push(format!("LOST: {what} {id}, promised {promise:?}")),
            Some(found) if found != promise => {
                broken.push(format!("CHANGED: {what} {id}, promised {promise:?}, is {found:?}"));
            }
            Some(_) => {}
        }
    }
    for (id, found) in there.iter().filter(|(id, _)| !promised.contains_key(*id)) {
        broken.push(format!("NEVER ASKED FOR, or done twice: {what} {id}, {found:?}"));
    }
    broken
}

/// Compares all that a customer was promised with all that there is; what is broken, one line each.
pub async fn broken_promises(customer: &mut Customer) -> Vec<String> {
    let promised = Promised::to(customer);
    let user = customer.user_id;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let rows = list(customer, &format!("/v1/users/{user}/reservations")).await;
    let there = rows.iter().map(|row| (text(&row["id"]), text(&row["state"]))).collect();
    let mut broken = compare("reservation", &promised.reservations, &there);
    broken.extend(customer.missed.iter().map(|told| format!("NOT FOUND at {told}")));

    let ledger = list(customer, &format!("/v1/users/{user}/ledger")).await;
    let (refunds, others): (Vec<&Value>, Vec<&Value>) =
        ledger.iter().partition(|row| row["kind"] == "refund");
    let cancelled = promised.reservations.values().filter(|state| *state == "cancelled").count();
    if refunds.len() != cancelled {
        broken.push(format!("REFUNDS: {} where {cancelled} were promised", refunds.len()));
    }
    let transfer =
        |row: &Value| (text(&row["kind"]), row["amount"].as_i64().expect("it has an amount"));
    let there = others.iter().map(|row| (text(&row["id"]), transfer(row))).collect();
    broken.extend(compare("transfer", &promised.transfers, &there));
    let balance = customer.ask(Method::GET, &format!("/v1/users/{user}/balance")).await;
    let balance = balance.body["balance"].as_i64().unwrap_or_default();
    if balance != promised.balance {
        broken.push(format!("BALANCE: {balance}, promised {}", promised.balance));
    }

    // Only then, because what was lost happens when it is asked for again.
    for act in customer.acts.clone().iter().filter(|act| act.status == 201) {
        let again = customer.repeat(act).await;
        if (again.status, again.replayed) != (201, true) || again.body != act.answer {
            broken.push(format!("ANSWERED OTHERWISE the second time: {act:?}, then {again:?}"));
        }
    }
    broken.into_iter().map(|line| format!("customer {user}: {line}")).collect()
}

/// Compares what all customers were promised with what there is.
pub async fn assert_kept(customers: &mut [Customer]) {
    let comparing = customers.iter_mut().map(broken_promises);
    let broken = futures_util::future::join_all(comparing).await.concat();
    let mut first: Vec<&str> = broken.iter().map(String::as_str).collect();
    // What was lost comes before what followed from that.
    first.sort_by_key(|line| !line.contains(": LOST: "));
    first.truncate(BROKEN_LISTED_MAX);
    let lost = broken.iter().filter(|line| line.contains(": LOST: ")).count();
    assert!(
        broken.is_empty(),
        "{} promises are broken; {lost} things that were acknowledged are lost:\n{}\n…",
        broken.len(),
        first.join("\n")
    );
}

/// Checks what `frontrow verify` said: every invariant holds.
pub fn assert_all_hold(said: &str) {
    for invariant in Invariant::ALL {
        let line = said.lines().find(|line| line.contains(invariant.name()));
        assert!(line.is_some_and(|line| line.starts_with("ok ")), "{invariant} in {said}");
    }
}

/// Checks that the load was one, and that something was cut off in its middle.
pub fn assert_there_was_enough_to_lose(customers: &[Customer]) {
    let acts = || customers.iter().flat_map(|customer| &customer.acts);
    let cut_off = acts().filter(|act| act.unanswered > 0).count();
    let replayed = acts().filter(|act| act.replayed).count();
    let done =
        |path: &str| acts().filter(|act| act.status == 201 && act.path.ends_with(path)).count();
    let (charges, holds, payments) = (done("/charges"), done("/reservations"), done("/payments"));
    println!("{charges} charges, {holds} holds, {payments} payments");
    println!("{cut_off} were cut off, of which {replayed} had been done");
    assert!(charges > 200 && holds > 20 && payments > 20, "the load was no load");
    assert!(cut_off > 0 && replayed > 0, "nothing was cut off in the middle");
}
