//! What an operator does to a sale beside its policy: draining the queue, and a notice to those in it.

use crate::story::{NOBODY, Story};
use frontrow_core::concert::{ConcertChange, ConcertState, Notice};
use frontrow_core::{EventKind, Language, Outcome, Rejection};

fn drain(draining: bool) -> ConcertChange {
    ConcertChange { draining: Some(draining), ..ConcertChange::default() }
}

fn notice(notice: Option<Notice>) -> ConcertChange {
    ConcertChange { notice: Some(notice), ..ConcertChange::default() }
}

fn late() -> Notice {
    Notice {
        ko: "10분 늦게 시작합니다.".to_owned(), en: "We start ten minutes late.".to_owned()
    }
}

#[test]
fn a_draining_queue_takes_nobody_new_and_serves_those_in_it() {
    // Given two people who were let in, and two who wait
    let mut story = Story::new();
    story.join_all(&[1, 2, 3, 4]);
    story.at(0);

    // When the operator drains the queue
    story.change(drain(true));

    // Then nobody new may stand in it, and who stands there is told their place again
    assert_eq!(story.join(5), Err(Rejection::QueueClosed));
    for person in [1, 3] {
        let again = story.join(person).unwrap();
        assert!(matches!(again, Outcome::Joined { already_queued: true, .. }), "{again:?}");
    }
    // And all of them are let in and buy, as ever
    assert_eq!(story.standing(3).concert_state, ConcertState::Open);
    assert!(story.standing(3).eta_known);
    story.buy(1, &[1]);
    story.at(10);
    assert_eq!(story.active(), [2, 3, 4]);
    story.buy(3, &[2, 3]);
    assert_eq!(story.waiting(), NOBODY);
}

#[test]
fn who_leaves_a_draining_queue_does_not_get_back_in() {
    let mut story = Story::new();
    story.join_all(&[1, 2, 3]);
    story.at(0);
    story.change(drain(true));
    story.leave(3).unwrap();
    assert_eq!(story.join(3), Err(Rejection::QueueClosed));
    // Nor does who was let in and let their time run out.
    story.at(600);
    assert_eq!(story.join(1), Err(Rejection::QueueClosed));
}

#[test]
fn a_queue_that_is_drained_no_more_takes_people_again() {
    let mut story = Story::new();
    story.change(drain(true));
    assert_eq!(story.join(1), Err(Rejection::QueueClosed));
    story.change(drain(false));
    story.join_all(&[1]);
    story.at(0);
    assert_eq!(story.active(), [1]);
}

#[test]
fn a_closed_sale_stays_closed_whether_or_not_it_drains() {
    let mut story = Story::new();
    story.change(drain(true));
    story.close();
    story.change(drain(false));
    assert_eq!(story.join(1), Err(Rejection::QueueClosed));
}

#[test]
fn a_notice_stands_until_it_is_taken_away_and_each_is_told_in_the_journal() {
    let mut story = Story::new();
    story.news();
    let stands = |story: &mut Story| match story.news().as_slice() {
        [EventKind::ConcertChanged { concert }] => concert.notice.clone(),
        news => panic!("{news:?}"),
    };

    story.change(notice(Some(late())));
    assert_eq!(stands(&mut story), Some(late()));
    story.pause(true);
    assert_eq!(stands(&mut story), Some(late()), "other changes leave it");
    story.change(notice(Some(late())));
    assert_eq!(story.news(), [], "it stood there already");
    story.change(notice(None));
    assert_eq!(stands(&mut story), None);
}

#[test]
fn a_notice_speaks_both_languages() {
    assert_eq!(late().in_language(Language::Ko), "10분 늦게 시작합니다.");
    assert_eq!(late().in_language(Language::En), "We start ten minutes late.");
}

#[test]
fn neither_a_drain_nor_a_notice_moves_the_announced_tick() {
    let mut story = Story::new();
    story.join_all(&[1, 2, 3]);
    story.at(4);
    let announced = story.standing(3).next_admission_at;
    story.change(ConcertChange { notice: Some(Some(late())), ..drain(true) });
    assert_eq!(story.standing(3).next_admission_at, announced);
}
