//! The contract of the store port. Every case is written against the port alone; each adapter runs all
//! of them through a [`Harness`](harness::Harness) of its own, and adds what only it can be asked.
#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a test may fail")]

mod commits;
mod driver;
mod figures;
mod fixture;
mod harness;
mod history;
mod lists;
mod loads;
mod model;
mod postgres;
mod refusals;
mod replies;
mod retention;
mod sqlite;
mod writes;

/// Runs every case of the contract on the adapter of the module that says `contract!(HARNESS)`, where
/// `HARNESS` is an expression that makes a fresh one.
macro_rules! contract {
    ($harness:expr) => {
        $crate::cases! {
            $harness,
            commits::{
                a_dropped_transaction_never_happened,
                a_transaction_that_failed_cannot_be_committed,
                a_batch_that_committed_settles_as_committed,
                a_batch_that_did_not_commit_never_will,
                migrating_twice_changes_nothing,
                everything_is_there_after_reopening,
                rows_are_those_that_the_events_tell,
                rows_of_an_empty_store_are_empty,
            },
            figures::{
                inventory_counts_the_seats_of_all_schedules_and_those_sold,
                owned_seats_are_those_of_confirmed_reservations_in_the_concert,
                the_active_count_is_of_tickets_stored_active,
                active_holds_leave_their_seats_out_of_what_admission_may_promise,
                who_was_seen_is_not_passed_over,
            },
            history::{
                history_is_pruned_and_what_is_left_is_proved,
                what_is_no_history_yet_is_not_pruned,
                pruning_that_was_interrupted_is_proved_at_every_step_and_finished,
                what_comes_after_a_checkpoint_is_proved_by_the_journal,
                rows_that_are_not_as_their_checkpoint_tells_are_found,
                only_what_a_checkpoint_tells_can_be_deleted,
            },
            lists::{
                concerts_come_newest_first_page_by_page,
                schedules_come_soonest_first,
                reservations_come_newest_first_page_by_page,
                transfers_come_newest_first_page_by_page,
                the_journal_comes_in_order_page_by_page,
                counts_are_of_the_queue_and_the_time,
                a_queue_comes_with_its_tickets_and_their_versions,
                due_queues_have_somebody_to_admit,
                due_tickets_and_reservations_come_soonest_first,
                single_things_are_found_or_not,
                the_clock_is_the_injected_one,
            },
            loads::{
                every_kind_of_key_loads_what_was_written,
                what_is_not_there_is_loaded_as_not_there,
                keys_may_repeat_and_come_in_any_order,
                lists_of_tickets_are_ordered_and_end_at_their_limit,
                a_line_that_was_drawn_is_read_in_the_order_of_the_draw,
            },
            model::{
                random_batches_are_decided_as_in_a_world_in_memory,
            },
            refusals::{
                a_second_live_ticket_is_refused,
                a_number_given_twice_is_refused,
                an_id_used_twice_is_refused,
                a_second_payment_and_a_second_refund_are_refused,
                an_impossible_row_is_refused,
                the_journal_and_the_ledger_are_append_only,
            },
            replies::{
                replies_are_kept_byte_for_byte,
                kept_replies_come_in_the_order_of_their_keys,
                a_second_reply_to_a_key_is_refused,
            },
            retention::{
                old_replies_are_pruned_oldest_first_and_no_more_than_asked,
                a_key_can_be_answered_again_once_its_reply_is_pruned,
                old_batches_are_pruned_and_younger_ones_settle_as_before,
                a_batch_that_never_committed_is_pruned_like_one_that_did,
                what_batches_did_outlives_their_ids,
            },
            writes::{
                a_new_schedule_brings_its_seats,
                seats_of_a_schedule_can_change_in_the_batch_that_brings_it,
                a_lost_update_is_a_conflict,
                a_row_that_came_to_be_in_between_is_a_conflict,
                many_rows_are_written_at_once,
                a_notice_and_a_drain_come_back_as_they_were_set,
                every_event_survives_the_journal,
            },
        }
    };
}

macro_rules! cases {
    ($harness:expr, $($room:ident::{ $($case:ident,)* },)*) => {
        $(mod $room {
            use super::*;

            $(#[tokio::test]
            async fn $case() {
                let harness = $harness;
                crate::$room::$case(&harness).await;
            })*
        })*
    };
}

pub(crate) use {cases, contract};
