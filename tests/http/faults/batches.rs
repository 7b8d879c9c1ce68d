//! Commands of many people in one transaction: one that can't be stored does not spoil the others'.

use super::faulty_sale;
use frontrow_core::EventKind;
use frontrow_server::execute::Limits;
use frontrow_server::store::JournalEntry;
use frontrow_tests::{Answer, Client, Fault, Faults};
use futures_util::stream::{FuturesUnordered, StreamExt};
use uuid::Uuid;

/// Commands that wait in the lane while the one before them is stalled.
const WAITING: usize = 7;
/// Commands that find the lane full.
const TOO_MANY: usize = 3;

/// Whether a batch has a charge of this person.
fn charges(journal: &[JournalEntry], user_id: Uuid) -> bool {
    journal.iter().any(|entry| {
        matches!(&entry.event.kind, EventKind::Transferred { transfer } if transfer.user_id.0 == user_id)
    })
}

/// Has all `people` charge while the database is stalled, so that those whom the lane takes are one
/// batch; then `prepare`s the database, knowing who they are, and lets it go. Everybody's answer.
async fn charge_in_one_batch(
    faults: &Faults,
    people: &[Client],
    prepare: impl FnOnce(&[Uuid]),
) -> Vec<(Uuid, Answer)> {
    let charge = |client: Client| async move { (client.user_id, client.charge(5).await) };
    faults.begin_gate().shut();
    let (first, rest) = people.split_first().expect("there are people");
    let mut answers = FuturesUnordered::new();
    let first = tokio::spawn(charge(first.clone()));
    faults.begin_gate().reached_by(1).await;
    answers.extend(rest.iter().cloned().map(charge));
    // Whoever finds the lane full is told at once; when all of those are, the lane is full.
    let mut answered = Vec::new();
    for _ in 0..TOO_MANY {
        let (user_id, answer) = answers.next().await.expect("somebody finds the lane full");
        answer.expect_problem(503, "overloaded");
        answered.push((user_id, answer));
    }
    let refused: Vec<Uuid> = answered.iter().map(|(user_id, _)| *user_id).collect();
    let taken = rest.iter().map(|client| client.user_id).filter(|id| !refused.contains(id));
    prepare(&taken.collect::<Vec<_>>());
    faults.begin_gate().open();
    answered.push(first.await.expect("the first charge is answered"));
    answered.extend(answers.collect::<Vec<_>>().await);
    answered
}

async fn crowd(limits: Limits) -> (crate::stage::Sale, Faults, Vec<Client>) {
    let (sale, faults) = faulty_sale(Limits { lanes: 1, lane_capacity: WAITING, ..limits }).await;
    let people = (0..=WAITING + TOO_MANY).map(|_| sale.server.user()).collect();
    (sale, faults, people)
}

#[tokio::test]
async fn what_waits_together_is_written_together() {
    let (sale, faults, people) = crowd(Limits::default()).await;
    let before = faults.batches_written().len();
    let answers = charge_in_one_batch(&faults, &people, |_| {}).await;
    assert_eq!(faults.batches_written()[before..], [1, WAITING]);
    let charged = answers.iter().filter(|(_, answer)| answer.status == 201).count();
    assert_eq!(charged, 1 + WAITING);
    sale.server.assert_sound().await;
}

#[tokio::test]
async fn one_guilty_command_fails_alone() {
    let (sale, faults, people) = crowd(Limits::default()).await;
    let mut guilty = Uuid::nil();
    let answers = charge_in_one_batch(&faults, &people, |taken| {
        guilty = taken[taken.len() / 2];
        let guilty = guilty;
        faults.refuse_batches(move |journal| charges(journal, guilty));
    });
    let answers = answers.await;
    for (user_id, answer) in &answers {
        match answer.status {
            201 => assert_ne!(*user_id, guilty),
            500 => {
                assert_eq!(*user_id, guilty);
                answer.expect_problem(500, "internal");
            }
            _ => answer.expect_problem(503, "overloaded"),
        }
    }
    let count = |status| answers.iter().filter(|(_, answer)| answer.status == status).count();
    assert_eq!((count(201), count(500), count(503)), (WAITING, 1, TOO_MANY));
    for client in &people {
        let charged = answers.iter().any(|(id, a)| *id == client.user_id && a.status == 201);
        assert_eq!(client.balance().await.status == 200, charged);
    }
    sale.server.assert_sound().await;
}

#[tokio::test]
async fn an_unclear_commit_of_many_is_settled_for_each() {
    for fault in [Fault::UnclearDone, Fault::UnclearUndone] {
        let (sale, faults, people) = crowd(Limits::default()).await;
        // Neither the first, which stands alone, nor the batch after it is heard of.
        let answers = charge_in_one_batch(&faults, &people, |_| faults.commits(&[fault, fault]));
        let answers = answers.await;
        let charged = answers.iter().filter(|(_, answer)| answer.status == 201).count();
        assert_eq!(charged, 1 + WAITING, "{fault:?}");
        for client in &people {
            let balance = client.balance().await;
            assert!(balance.status == 404 || balance.body["balance"] == 5, "{balance:?}");
        }
        sale.server.assert_sound().await;
    }
}

#[tokio::test]
async fn a_batch_that_panics_is_answered_and_the_server_lives_on() {
    let (sale, faults, people) = crowd(Limits::default()).await;
    let answers =
        charge_in_one_batch(&faults, &people, |_| faults.writes(&[Fault::Panic; 2])).await;
    let count = |status| answers.iter().filter(|(_, answer)| answer.status == status).count();
    // The first stands alone; the others go on in halves.
    assert_eq!((count(500), count(201)), (1, WAITING));
    sale.server.user().charge(1).await.expect(201);
    sale.server.assert_sound().await;
}
