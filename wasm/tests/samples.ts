// One of each thing that crosses, as core writes it. The compiler holds them to the package's types, and a test in
// Rust (`samples.rs`) to core: a variant, a field or a `null` that only one side knows fails. Each list is JSON.

import type {
  Command, ConcertState, FrontrowEvent, Invariant, Outcome, PersonView, Phase, Queue, Rejection,
  Report, Reservation, ReservationState, ReservationStatus, Scenario, SeatTaste, Spread, Stage,
  Standing, StoryLine, Ticket, TicketState, Transfer, Wallet, Wave,
} from "@frontrow/wasm";

export const commands = [
  {"command": "create_concert", "concert": {"id": "00000000-0000-4000-8000-000000000001", "title": "Frontrow Live", "sale_opens_at": 1763805600000, "admission": {"interval_seconds": 10, "batch_size": 100, "active_seconds": 600, "max_active": 500, "lapse_seconds": 180, "inventory_aware": true}, "holds": {"hold_seconds": 300, "max_seats_per_user": 4}, "paused": false, "closed": false, "draining": true, "notice": {"ko": "10분 늦게 시작합니다.", "en": "We start ten minutes late."}, "prequeue": {"opens_at": 1763802000000, "draw": "random", "beacon": "drand quicknet 14000000", "seed": "0101010101010101010101010101010101010101010101010101010101010101"}, "created_at": 1763805600000}},
  {"command": "create_concert", "concert": {"id": "00000000-0000-4000-8000-000000000001", "title": "Frontrow Live", "sale_opens_at": 1763805600000, "admission": {"interval_seconds": 10, "batch_size": 100, "active_seconds": 600, "max_active": null, "lapse_seconds": 180, "inventory_aware": true}, "holds": {"hold_seconds": 300, "max_seats_per_user": 4}, "paused": false, "closed": false, "draining": false, "notice": null, "prequeue": null, "created_at": 1763805600000}},
  {"command": "create_concert", "concert": {"id": "00000000-0000-4000-8000-000000000001", "title": "Frontrow Live", "sale_opens_at": 1763805600000, "admission": {"interval_seconds": 10, "batch_size": 100, "active_seconds": 600, "max_active": null, "lapse_seconds": 180, "inventory_aware": true}, "holds": {"hold_seconds": 300, "max_seats_per_user": 4}, "paused": false, "closed": false, "draining": false, "notice": null, "prequeue": {"opens_at": 1763802000000, "draw": "arrival", "beacon": null, "seed": null}, "created_at": 1763805600000}},
  {"command": "update_concert", "concert_id": "00000000-0000-4000-8000-000000000001", "change": {"admission": {"interval_seconds": 5, "batch_size": 50, "active_seconds": 60, "max_active": 10, "lapse_seconds": 0, "inventory_aware": false}, "holds": {"hold_seconds": 300, "max_seats_per_user": 4}, "paused": true, "closed": true, "draining": true, "notice": {"ko": "10분 늦게 시작합니다.", "en": "We start ten minutes late."}}},
  {"command": "update_concert", "concert_id": "00000000-0000-4000-8000-000000000001", "change": {"admission": null, "holds": null, "paused": null, "closed": null, "draining": null}},
  {"command": "update_concert", "concert_id": "00000000-0000-4000-8000-000000000001", "change": {"admission": {"interval_seconds": null, "batch_size": null, "active_seconds": null, "max_active": null, "lapse_seconds": null, "inventory_aware": null}, "holds": {"hold_seconds": null, "max_seats_per_user": null}, "paused": null, "closed": null, "draining": null, "notice": null}},
  {"command": "add_schedule", "schedule": {"id": "00000000-0000-4000-8000-000000000002", "concert_id": "00000000-0000-4000-8000-000000000001", "starts_at": 1763805600000, "venue": "Olympic Hall", "sections": [{"name": "R", "rows": 2, "seats_per_row": 3, "price": 154000}]}},
  {"command": "join", "ticket_id": "00000000-0000-4000-8000-000000000003", "concert_id": "00000000-0000-4000-8000-000000000001", "user_id": "00000000-0000-4000-8000-000000000005"},
  {"command": "leave", "ticket_id": "00000000-0000-4000-8000-000000000003"},
  {"command": "tick", "concert_id": "00000000-0000-4000-8000-000000000001", "served_since": 1763805600000},
  {"command": "draw", "concert_id": "00000000-0000-4000-8000-000000000001", "beacon_value": "b5d8"},
  {"command": "refresh_sold_out", "concert_id": "00000000-0000-4000-8000-000000000001"},
  {"command": "expire_ticket", "ticket_id": "00000000-0000-4000-8000-000000000003"},
  {"command": "hold", "reservation_id": "00000000-0000-4000-8000-000000000004", "schedule_id": "00000000-0000-4000-8000-000000000002", "ticket_id": "00000000-0000-4000-8000-000000000003", "user_id": "00000000-0000-4000-8000-000000000005", "choice": {"seats": [1,2]}},
  {"command": "hold", "reservation_id": "00000000-0000-4000-8000-000000000004", "schedule_id": "00000000-0000-4000-8000-000000000002", "ticket_id": "00000000-0000-4000-8000-000000000003", "user_id": "00000000-0000-4000-8000-000000000005", "choice": {"best": {"count": 2, "section": "R"}}},
  {"command": "hold", "reservation_id": "00000000-0000-4000-8000-000000000004", "schedule_id": "00000000-0000-4000-8000-000000000002", "ticket_id": "00000000-0000-4000-8000-000000000003", "user_id": "00000000-0000-4000-8000-000000000005", "choice": {"best": {"count": 2, "section": null}}},
  {"command": "expire_reservation", "reservation_id": "00000000-0000-4000-8000-000000000004"},
  {"command": "withdraw", "reservation_id": "00000000-0000-4000-8000-000000000004", "by": {"user": "00000000-0000-4000-8000-000000000005"}, "refund_id": "00000000-0000-4000-8000-000000000007"},
  {"command": "withdraw", "reservation_id": "00000000-0000-4000-8000-000000000004", "by": "admin", "refund_id": "00000000-0000-4000-8000-000000000007"},
  {"command": "charge", "transfer_id": "00000000-0000-4000-8000-000000000006", "user_id": "00000000-0000-4000-8000-000000000005", "amount": 1000},
  {"command": "pay", "payment_id": "00000000-0000-4000-8000-000000000006", "reservation_id": "00000000-0000-4000-8000-000000000004", "ticket_id": "00000000-0000-4000-8000-000000000003", "user_id": "00000000-0000-4000-8000-000000000005", "amount": 308000}
] satisfies Command[];

export const outcomes = [
  {"outcome": "concert_created", "concert": {"id": "00000000-0000-4000-8000-000000000001", "title": "Frontrow Live", "sale_opens_at": 1763805600000, "admission": {"interval_seconds": 10, "batch_size": 100, "active_seconds": 600, "max_active": 500, "lapse_seconds": 180, "inventory_aware": true}, "holds": {"hold_seconds": 300, "max_seats_per_user": 4}, "paused": false, "closed": false, "draining": true, "notice": {"ko": "10분 늦게 시작합니다.", "en": "We start ten minutes late."}, "prequeue": {"opens_at": 1763802000000, "draw": "random", "beacon": "drand quicknet 14000000", "seed": "0101010101010101010101010101010101010101010101010101010101010101"}, "created_at": 1763805600000}},
  {"outcome": "concert_created", "concert": {"id": "00000000-0000-4000-8000-000000000001", "title": "Frontrow Live", "sale_opens_at": 1763805600000, "admission": {"interval_seconds": 10, "batch_size": 100, "active_seconds": 600, "max_active": null, "lapse_seconds": 180, "inventory_aware": true}, "holds": {"hold_seconds": 300, "max_seats_per_user": 4}, "paused": false, "closed": false, "draining": false, "notice": null, "prequeue": null, "created_at": 1763805600000}},
  {"outcome": "concert_created", "concert": {"id": "00000000-0000-4000-8000-000000000001", "title": "Frontrow Live", "sale_opens_at": 1763805600000, "admission": {"interval_seconds": 10, "batch_size": 100, "active_seconds": 600, "max_active": null, "lapse_seconds": 180, "inventory_aware": true}, "holds": {"hold_seconds": 300, "max_seats_per_user": 4}, "paused": false, "closed": false, "draining": false, "notice": null, "prequeue": {"opens_at": 1763802000000, "draw": "arrival", "beacon": null, "seed": null}, "created_at": 1763805600000}},
  {"outcome": "concert_changed", "concert": {"id": "00000000-0000-4000-8000-000000000001", "title": "Frontrow Live", "sale_opens_at": 1763805600000, "admission": {"interval_seconds": 10, "batch_size": 100, "active_seconds": 600, "max_active": 500, "lapse_seconds": 180, "inventory_aware": true}, "holds": {"hold_seconds": 300, "max_seats_per_user": 4}, "paused": false, "closed": false, "draining": true, "notice": {"ko": "10분 늦게 시작합니다.", "en": "We start ten minutes late."}, "prequeue": {"opens_at": 1763802000000, "draw": "random", "beacon": "drand quicknet 14000000", "seed": "0101010101010101010101010101010101010101010101010101010101010101"}, "created_at": 1763805600000}},
  {"outcome": "concert_changed", "concert": {"id": "00000000-0000-4000-8000-000000000001", "title": "Frontrow Live", "sale_opens_at": 1763805600000, "admission": {"interval_seconds": 10, "batch_size": 100, "active_seconds": 600, "max_active": null, "lapse_seconds": 180, "inventory_aware": true}, "holds": {"hold_seconds": 300, "max_seats_per_user": 4}, "paused": false, "closed": false, "draining": false, "notice": null, "prequeue": null, "created_at": 1763805600000}},
  {"outcome": "concert_changed", "concert": {"id": "00000000-0000-4000-8000-000000000001", "title": "Frontrow Live", "sale_opens_at": 1763805600000, "admission": {"interval_seconds": 10, "batch_size": 100, "active_seconds": 600, "max_active": null, "lapse_seconds": 180, "inventory_aware": true}, "holds": {"hold_seconds": 300, "max_seats_per_user": 4}, "paused": false, "closed": false, "draining": false, "notice": null, "prequeue": {"opens_at": 1763802000000, "draw": "arrival", "beacon": null, "seed": null}, "created_at": 1763805600000}},
  {"outcome": "schedule_added", "schedule": {"id": "00000000-0000-4000-8000-000000000002", "concert_id": "00000000-0000-4000-8000-000000000001", "starts_at": 1763805600000, "venue": "Olympic Hall", "sections": [{"name": "R", "rows": 2, "seats_per_row": 3, "price": 154000}]}},
  {"outcome": "joined", "ticket": {"id": "00000000-0000-4000-8000-000000000003", "concert_id": "00000000-0000-4000-8000-000000000001", "user_id": "00000000-0000-4000-8000-000000000005", "number": 1, "issued_at": 1763805600000, "state": {"state": "waiting"}}, "already_queued": true},
  {"outcome": "joined", "ticket": {"id": "00000000-0000-4000-8000-000000000003", "concert_id": "00000000-0000-4000-8000-000000000001", "user_id": "00000000-0000-4000-8000-000000000005", "number": 1, "issued_at": 1763805600000, "state": {"state": "active", "admitted_at": 1763805600000, "active_until": 1763805600000, "hold": {"reservation_id": "00000000-0000-4000-8000-000000000004", "expires_at": 1763805600000, "seats": 2}}}, "already_queued": true},
  {"outcome": "joined", "ticket": {"id": "00000000-0000-4000-8000-000000000003", "concert_id": "00000000-0000-4000-8000-000000000001", "user_id": "00000000-0000-4000-8000-000000000005", "number": 1, "issued_at": 1763805600000, "state": {"state": "active", "admitted_at": 1763805600000, "active_until": 1763805600000, "hold": null}}, "already_queued": true},
  {"outcome": "joined", "ticket": {"id": "00000000-0000-4000-8000-000000000003", "concert_id": "00000000-0000-4000-8000-000000000001", "user_id": "00000000-0000-4000-8000-000000000005", "number": 1, "issued_at": 1763805600000, "state": {"state": "expired", "at": 1763805600000}}, "already_queued": true},
  {"outcome": "joined", "ticket": {"id": "00000000-0000-4000-8000-000000000003", "concert_id": "00000000-0000-4000-8000-000000000001", "user_id": "00000000-0000-4000-8000-000000000005", "number": 1, "issued_at": 1763805600000, "state": {"state": "consumed", "at": 1763805600000}}, "already_queued": true},
  {"outcome": "joined", "ticket": {"id": "00000000-0000-4000-8000-000000000003", "concert_id": "00000000-0000-4000-8000-000000000001", "user_id": "00000000-0000-4000-8000-000000000005", "number": 1, "issued_at": 1763805600000, "state": {"state": "left", "at": 1763805600000}}, "already_queued": true},
  {"outcome": "left"},
  {"outcome": "tick_idle"},
  {"outcome": "ticked", "admitted": 1, "skipped": 2, "expired": 3, "more": true},
  {"outcome": "drawn"},
  {"outcome": "sold_out_refreshed", "sold_out": true},
  {"outcome": "expiry_stored", "stored": true},
  {"outcome": "held", "reservation": {"id": "00000000-0000-4000-8000-000000000004", "concert_id": "00000000-0000-4000-8000-000000000001", "schedule_id": "00000000-0000-4000-8000-000000000002", "user_id": "00000000-0000-4000-8000-000000000005", "ticket_id": "00000000-0000-4000-8000-000000000003", "seats": [1,2], "amount": 308000, "held_at": 1763805600000, "expires_at": 1763805600000, "state": {"state": "held"}}},
  {"outcome": "withdrawn", "refund": {"id": "00000000-0000-4000-8000-000000000006", "user_id": "00000000-0000-4000-8000-000000000005", "transfer": "refund", "reservation_id": "00000000-0000-4000-8000-000000000004", "concert_id": "00000000-0000-4000-8000-000000000001", "amount": 308000, "balance_after": 0, "at": 1763805600000}},
  {"outcome": "withdrawn", "refund": null},
  {"outcome": "paid", "reservation": {"id": "00000000-0000-4000-8000-000000000004", "concert_id": "00000000-0000-4000-8000-000000000001", "schedule_id": "00000000-0000-4000-8000-000000000002", "user_id": "00000000-0000-4000-8000-000000000005", "ticket_id": "00000000-0000-4000-8000-000000000003", "seats": [1,2], "amount": 308000, "held_at": 1763805600000, "expires_at": 1763805600000, "state": {"state": "confirmed", "payment_id": "00000000-0000-4000-8000-000000000006", "at": 1763805600000}}, "transfer": {"id": "00000000-0000-4000-8000-000000000006", "user_id": "00000000-0000-4000-8000-000000000005", "transfer": "payment", "reservation_id": "00000000-0000-4000-8000-000000000004", "concert_id": "00000000-0000-4000-8000-000000000001", "amount": 308000, "balance_after": 0, "at": 1763805600000}},
  {"outcome": "charged", "transfer": {"id": "00000000-0000-4000-8000-000000000006", "user_id": "00000000-0000-4000-8000-000000000005", "transfer": "charge", "amount": 308000, "balance_after": 0, "at": 1763805600000}}
] satisfies Outcome[];

export const events = [
  {"at": 1763805600000, "kind": "concert_created", "concert": {"id": "00000000-0000-4000-8000-000000000001", "title": "Frontrow Live", "sale_opens_at": 1763805600000, "admission": {"interval_seconds": 10, "batch_size": 100, "active_seconds": 600, "max_active": 500, "lapse_seconds": 180, "inventory_aware": true}, "holds": {"hold_seconds": 300, "max_seats_per_user": 4}, "paused": false, "closed": false, "draining": true, "notice": {"ko": "10분 늦게 시작합니다.", "en": "We start ten minutes late."}, "prequeue": {"opens_at": 1763802000000, "draw": "random", "beacon": "drand quicknet 14000000", "seed": "0101010101010101010101010101010101010101010101010101010101010101"}, "created_at": 1763805600000}},
  {"at": 1763805600000, "kind": "concert_created", "concert": {"id": "00000000-0000-4000-8000-000000000001", "title": "Frontrow Live", "sale_opens_at": 1763805600000, "admission": {"interval_seconds": 10, "batch_size": 100, "active_seconds": 600, "max_active": null, "lapse_seconds": 180, "inventory_aware": true}, "holds": {"hold_seconds": 300, "max_seats_per_user": 4}, "paused": false, "closed": false, "draining": false, "notice": null, "prequeue": null, "created_at": 1763805600000}},
  {"at": 1763805600000, "kind": "concert_created", "concert": {"id": "00000000-0000-4000-8000-000000000001", "title": "Frontrow Live", "sale_opens_at": 1763805600000, "admission": {"interval_seconds": 10, "batch_size": 100, "active_seconds": 600, "max_active": null, "lapse_seconds": 180, "inventory_aware": true}, "holds": {"hold_seconds": 300, "max_seats_per_user": 4}, "paused": false, "closed": false, "draining": false, "notice": null, "prequeue": {"opens_at": 1763802000000, "draw": "arrival", "beacon": null, "seed": null}, "created_at": 1763805600000}},
  {"at": 1763805600000, "kind": "concert_changed", "concert": {"id": "00000000-0000-4000-8000-000000000001", "title": "Frontrow Live", "sale_opens_at": 1763805600000, "admission": {"interval_seconds": 10, "batch_size": 100, "active_seconds": 600, "max_active": 500, "lapse_seconds": 180, "inventory_aware": true}, "holds": {"hold_seconds": 300, "max_seats_per_user": 4}, "paused": false, "closed": false, "draining": true, "notice": {"ko": "10분 늦게 시작합니다.", "en": "We start ten minutes late."}, "prequeue": {"opens_at": 1763802000000, "draw": "random", "beacon": "drand quicknet 14000000", "seed": "0101010101010101010101010101010101010101010101010101010101010101"}, "created_at": 1763805600000}},
  {"at": 1763805600000, "kind": "concert_changed", "concert": {"id": "00000000-0000-4000-8000-000000000001", "title": "Frontrow Live", "sale_opens_at": 1763805600000, "admission": {"interval_seconds": 10, "batch_size": 100, "active_seconds": 600, "max_active": null, "lapse_seconds": 180, "inventory_aware": true}, "holds": {"hold_seconds": 300, "max_seats_per_user": 4}, "paused": false, "closed": false, "draining": false, "notice": null, "prequeue": null, "created_at": 1763805600000}},
  {"at": 1763805600000, "kind": "concert_changed", "concert": {"id": "00000000-0000-4000-8000-000000000001", "title": "Frontrow Live", "sale_opens_at": 1763805600000, "admission": {"interval_seconds": 10, "batch_size": 100, "active_seconds": 600, "max_active": null, "lapse_seconds": 180, "inventory_aware": true}, "holds": {"hold_seconds": 300, "max_seats_per_user": 4}, "paused": false, "closed": false, "draining": false, "notice": null, "prequeue": {"opens_at": 1763802000000, "draw": "arrival", "beacon": null, "seed": null}, "created_at": 1763805600000}},
  {"at": 1763805600000, "kind": "schedule_added", "schedule": {"id": "00000000-0000-4000-8000-000000000002", "concert_id": "00000000-0000-4000-8000-000000000001", "starts_at": 1763805600000, "venue": "Olympic Hall", "sections": [{"name": "R", "rows": 2, "seats_per_row": 3, "price": 154000}]}},
  {"at": 1763805600000, "kind": "tick_rescheduled", "concert_id": "00000000-0000-4000-8000-000000000001", "next_tick_at": 1763805600000},
  {"at": 1763805600000, "kind": "ticket_issued", "ticket_id": "00000000-0000-4000-8000-000000000003", "concert_id": "00000000-0000-4000-8000-000000000001", "user_id": "00000000-0000-4000-8000-000000000005", "number": 1},
  {"at": 1763805600000, "kind": "ticket_admitted", "ticket_id": "00000000-0000-4000-8000-000000000003", "concert_id": "00000000-0000-4000-8000-000000000001", "number": 1, "tick_at": 1763805600000, "active_until": 1763805600000},
  {"at": 1763805600000, "kind": "ticket_expired", "ticket_id": "00000000-0000-4000-8000-000000000003", "concert_id": "00000000-0000-4000-8000-000000000001", "cause": "timed_out"},
  {"at": 1763805600000, "kind": "ticket_expired", "ticket_id": "00000000-0000-4000-8000-000000000003", "concert_id": "00000000-0000-4000-8000-000000000001", "cause": "no_show"},
  {"at": 1763805600000, "kind": "ticket_left", "ticket_id": "00000000-0000-4000-8000-000000000003", "concert_id": "00000000-0000-4000-8000-000000000001"},
  {"at": 1763805600000, "kind": "ticket_consumed", "ticket_id": "00000000-0000-4000-8000-000000000003", "concert_id": "00000000-0000-4000-8000-000000000001"},
  {"at": 1763805600000, "kind": "tick_ran", "concert_id": "00000000-0000-4000-8000-000000000001", "tick_at": 1763805600000, "admitted": 1, "batch_size": 100, "max_active": 500, "next_tick_at": 1763805600000, "remaining": 0, "passed_through": 17},
  {"at": 1763805600000, "kind": "tick_ran", "concert_id": "00000000-0000-4000-8000-000000000001", "tick_at": 1763805600000, "admitted": 1, "batch_size": 100, "max_active": null, "next_tick_at": 1763805600000, "remaining": 0, "passed_through": null},
  {"at": 1763805600000, "kind": "prequeue_closed", "concert_id": "00000000-0000-4000-8000-000000000001", "arrivals": 20},
  {"at": 1763805600000, "kind": "queue_drawn", "concert_id": "00000000-0000-4000-8000-000000000001", "reveal": {"seed": "0101010101010101010101010101010101010101010101010101010101010101", "beacon_value": "b5d8"}},
  {"at": 1763805600000, "kind": "queue_drawn", "concert_id": "00000000-0000-4000-8000-000000000001", "reveal": {"seed": "0101010101010101010101010101010101010101010101010101010101010101", "beacon_value": null}},
  {"at": 1763805600000, "kind": "sold_out_changed", "concert_id": "00000000-0000-4000-8000-000000000001", "sold_out": true, "next_tick_at": 1763805600000},
  {"at": 1763805600000, "kind": "seats_held", "reservation_id": "00000000-0000-4000-8000-000000000004", "concert_id": "00000000-0000-4000-8000-000000000001", "schedule_id": "00000000-0000-4000-8000-000000000002", "user_id": "00000000-0000-4000-8000-000000000005", "ticket_id": "00000000-0000-4000-8000-000000000003", "seats": [1,2], "amount": 308000, "expires_at": 1763805600000},
  {"at": 1763805600000, "kind": "reservation_expired", "reservation_id": "00000000-0000-4000-8000-000000000004"},
  {"at": 1763805600000, "kind": "reservation_released", "reservation_id": "00000000-0000-4000-8000-000000000004", "ticket_id": "00000000-0000-4000-8000-000000000003", "schedule_id": "00000000-0000-4000-8000-000000000002", "seats": [1,2]},
  {"at": 1763805600000, "kind": "reservation_confirmed", "reservation_id": "00000000-0000-4000-8000-000000000004", "concert_id": "00000000-0000-4000-8000-000000000001", "user_id": "00000000-0000-4000-8000-000000000005", "schedule_id": "00000000-0000-4000-8000-000000000002", "seats": [1,2], "payment_id": "00000000-0000-4000-8000-000000000006"},
  {"at": 1763805600000, "kind": "reservation_cancelled", "reservation_id": "00000000-0000-4000-8000-000000000004", "concert_id": "00000000-0000-4000-8000-000000000001", "user_id": "00000000-0000-4000-8000-000000000005", "schedule_id": "00000000-0000-4000-8000-000000000002", "seats": [1,2], "refund_id": "00000000-0000-4000-8000-000000000007"},
  {"at": 1763805600000, "kind": "transferred", "transfer": {"id": "00000000-0000-4000-8000-000000000006", "user_id": "00000000-0000-4000-8000-000000000005", "transfer": "charge", "amount": 308000, "balance_after": 0, "at": 1763805600000}},
  {"at": 1763805600000, "kind": "transferred", "transfer": {"id": "00000000-0000-4000-8000-000000000006", "user_id": "00000000-0000-4000-8000-000000000005", "transfer": "payment", "reservation_id": "00000000-0000-4000-8000-000000000004", "concert_id": "00000000-0000-4000-8000-000000000001", "amount": 308000, "balance_after": 0, "at": 1763805600000}},
  {"at": 1763805600000, "kind": "transferred", "transfer": {"id": "00000000-0000-4000-8000-000000000006", "user_id": "00000000-0000-4000-8000-000000000005", "transfer": "refund", "reservation_id": "00000000-0000-4000-8000-000000000004", "concert_id": "00000000-0000-4000-8000-000000000001", "amount": 308000, "balance_after": 0, "at": 1763805600000}}
] satisfies FrontrowEvent[];

export const rejections = [
  {"code": "malformed_request", "errors": [{"field": "admission.batch_size", "reason": "must be 1 to 1000000"}]},
  {"code": "amount_invalid"},
  {"code": "queue_token_invalid"},
  {"code": "concert_not_found"},
  {"code": "schedule_not_found"},
  {"code": "reservation_not_found"},
  {"code": "queue_token_wrong_concert"},
  {"code": "queue_token_waiting"},
  {"code": "already_paid"},
  {"code": "hold_expired"},
  {"code": "reservation_not_held"},
  {"code": "queue_token_expired"},
  {"code": "schedule_started"},
  {"code": "sale_closed"},
  {"code": "hold_exists", "reservation_id": "00000000-0000-4000-8000-000000000004"},
  {"code": "seat_not_found"},
  {"code": "seat_limit_exceeded", "limit": 4},
  {"code": "seat_taken", "seats": [1,2]},
  {"code": "no_seats_available"},
  {"code": "no_schedules_available"},
  {"code": "queue_closed"},
  {"code": "queue_not_open", "opens_at": 1763802000000},
  {"code": "sold_out"},
  {"code": "amount_mismatch", "expected": 308000},
  {"code": "balance_not_found"},
  {"code": "insufficient_balance", "balance": 1, "required": 2},
  {"code": "balance_limit_exceeded"},
  {"code": "draw_not_open"},
  {"code": "already_drawn"},
  {"code": "id_in_use"}
] satisfies Rejection[];

export const queues = [
  {"concert_id": "00000000-0000-4000-8000-000000000001", "next_number": 2, "next_tick_at": 1763805600000, "rest": {"tick_at": 1763805600000, "remaining": 3}, "sold_out": false, "draw": {"arrivals": 20, "reveal": {"seed": "0101010101010101010101010101010101010101010101010101010101010101", "beacon_value": "b5d8"}, "passed_through": 17}},
  {"concert_id": "00000000-0000-4000-8000-000000000001", "next_number": 2, "next_tick_at": 1763805600000, "rest": null, "sold_out": false, "draw": {"arrivals": 20, "reveal": {"seed": "0101010101010101010101010101010101010101010101010101010101010101", "beacon_value": null}, "passed_through": 17}},
  {"concert_id": "00000000-0000-4000-8000-000000000001", "next_number": 2, "next_tick_at": 1763805600000, "rest": null, "sold_out": false, "draw": {"arrivals": 20, "reveal": null, "passed_through": 0}},
  {"concert_id": "00000000-0000-4000-8000-000000000001", "next_number": 1, "next_tick_at": 1763805600000, "rest": null, "sold_out": true, "draw": null}
] satisfies Queue[];

export const tickets = [
  {"id": "00000000-0000-4000-8000-000000000003", "concert_id": "00000000-0000-4000-8000-000000000001", "user_id": "00000000-0000-4000-8000-000000000005", "number": 1, "issued_at": 1763805600000, "state": {"state": "waiting"}},
  {"id": "00000000-0000-4000-8000-000000000003", "concert_id": "00000000-0000-4000-8000-000000000001", "user_id": "00000000-0000-4000-8000-000000000005", "number": 1, "issued_at": 1763805600000, "state": {"state": "active", "admitted_at": 1763805600000, "active_until": 1763805600000, "hold": {"reservation_id": "00000000-0000-4000-8000-000000000004", "expires_at": 1763805600000, "seats": 2}}},
  {"id": "00000000-0000-4000-8000-000000000003", "concert_id": "00000000-0000-4000-8000-000000000001", "user_id": "00000000-0000-4000-8000-000000000005", "number": 1, "issued_at": 1763805600000, "state": {"state": "active", "admitted_at": 1763805600000, "active_until": 1763805600000, "hold": null}},
  {"id": "00000000-0000-4000-8000-000000000003", "concert_id": "00000000-0000-4000-8000-000000000001", "user_id": "00000000-0000-4000-8000-000000000005", "number": 1, "issued_at": 1763805600000, "state": {"state": "expired", "at": 1763805600000}},
  {"id": "00000000-0000-4000-8000-000000000003", "concert_id": "00000000-0000-4000-8000-000000000001", "user_id": "00000000-0000-4000-8000-000000000005", "number": 1, "issued_at": 1763805600000, "state": {"state": "consumed", "at": 1763805600000}},
  {"id": "00000000-0000-4000-8000-000000000003", "concert_id": "00000000-0000-4000-8000-000000000001", "user_id": "00000000-0000-4000-8000-000000000005", "number": 1, "issued_at": 1763805600000, "state": {"state": "left", "at": 1763805600000}}
] satisfies Ticket[];

export const reservations = [
  {"id": "00000000-0000-4000-8000-000000000004", "concert_id": "00000000-0000-4000-8000-000000000001", "schedule_id": "00000000-0000-4000-8000-000000000002", "user_id": "00000000-0000-4000-8000-000000000005", "ticket_id": "00000000-0000-4000-8000-000000000003", "seats": [1,2], "amount": 308000, "held_at": 1763805600000, "expires_at": 1763805600000, "state": {"state": "held"}},
  {"id": "00000000-0000-4000-8000-000000000004", "concert_id": "00000000-0000-4000-8000-000000000001", "schedule_id": "00000000-0000-4000-8000-000000000002", "user_id": "00000000-0000-4000-8000-000000000005", "ticket_id": "00000000-0000-4000-8000-000000000003", "seats": [1,2], "amount": 308000, "held_at": 1763805600000, "expires_at": 1763805600000, "state": {"state": "confirmed", "payment_id": "00000000-0000-4000-8000-000000000006", "at": 1763805600000}},
  {"id": "00000000-0000-4000-8000-000000000004", "concert_id": "00000000-0000-4000-8000-000000000001", "schedule_id": "00000000-0000-4000-8000-000000000002", "user_id": "00000000-0000-4000-8000-000000000005", "ticket_id": "00000000-0000-4000-8000-000000000003", "seats": [1,2], "amount": 308000, "held_at": 1763805600000, "expires_at": 1763805600000, "state": {"state": "expired", "at": 1763805600000}},
  {"id": "00000000-0000-4000-8000-000000000004", "concert_id": "00000000-0000-4000-8000-000000000001", "schedule_id": "00000000-0000-4000-8000-000000000002", "user_id": "00000000-0000-4000-8000-000000000005", "ticket_id": "00000000-0000-4000-8000-000000000003", "seats": [1,2], "amount": 308000, "held_at": 1763805600000, "expires_at": 1763805600000, "state": {"state": "released", "at": 1763805600000}},
  {"id": "00000000-0000-4000-8000-000000000004", "concert_id": "00000000-0000-4000-8000-000000000001", "schedule_id": "00000000-0000-4000-8000-000000000002", "user_id": "00000000-0000-4000-8000-000000000005", "ticket_id": "00000000-0000-4000-8000-000000000003", "seats": [1,2], "amount": 308000, "held_at": 1763805600000, "expires_at": 1763805600000, "state": {"state": "cancelled", "payment_id": "00000000-0000-4000-8000-000000000006", "refund_id": "00000000-0000-4000-8000-000000000007", "at": 1763805600000}}
] satisfies Reservation[];

export const wallets = [
  {"user_id": "00000000-0000-4000-8000-000000000005", "balance": 1000, "updated_at": 1763805600000}
] satisfies Wallet[];

export const transfers = [
  {"id": "00000000-0000-4000-8000-000000000006", "user_id": "00000000-0000-4000-8000-000000000005", "transfer": "charge", "amount": 308000, "balance_after": 0, "at": 1763805600000},
  {"id": "00000000-0000-4000-8000-000000000006", "user_id": "00000000-0000-4000-8000-000000000005", "transfer": "payment", "reservation_id": "00000000-0000-4000-8000-000000000004", "concert_id": "00000000-0000-4000-8000-000000000001", "amount": 308000, "balance_after": 0, "at": 1763805600000},
  {"id": "00000000-0000-4000-8000-000000000006", "user_id": "00000000-0000-4000-8000-000000000005", "transfer": "refund", "reservation_id": "00000000-0000-4000-8000-000000000004", "concert_id": "00000000-0000-4000-8000-000000000001", "amount": 308000, "balance_after": 0, "at": 1763805600000}
] satisfies Transfer[];

export const standings = [
  {"state": "waiting", "position": 3, "waiting": 9, "eta_seconds": 30, "eta_known": true, "next_admission_at": 1763805600000, "next_admission_in_seconds": 10, "poll_after_seconds": 2, "expires_at": null, "expires_in_seconds": null, "concert_state": "open", "lot": {"arrival_number": 3, "ticket_number": 17}},
  {"state": "waiting", "position": null, "waiting": 9, "eta_seconds": null, "eta_known": false, "next_admission_at": 1763805600000, "next_admission_in_seconds": 10, "poll_after_seconds": 2, "expires_at": null, "expires_in_seconds": null, "concert_state": "scheduled", "lot": {"arrival_number": 3, "ticket_number": null}},
  {"state": "active", "position": null, "waiting": 0, "eta_seconds": null, "eta_known": false, "next_admission_at": null, "next_admission_in_seconds": null, "poll_after_seconds": 1, "expires_at": 1763805600000, "expires_in_seconds": 60, "concert_state": "closed", "lot": null}
] satisfies Standing[];

export const phases = [
  "waiting",
  "active",
  "expired",
  "consumed",
  "left"
] satisfies Phase[];

export const concertStates = [
  "scheduled",
  "open",
  "paused",
  "sold_out",
  "closed"
] satisfies ConcertState[];

export const reservationStatuses = [
  "held",
  "confirmed",
  "expired",
  "released",
  "cancelled"
] satisfies ReservationStatus[];

export const scenarios = [
  {"version": 1, "seed": 7, "duration_seconds": 600, "sale_opens_at_second": 60, "sample_seconds": 10, "admission": {"interval_seconds": 10, "batch_size": 100, "active_seconds": 600, "max_active": 500, "lapse_seconds": 180, "inventory_aware": true}, "holds": {"hold_seconds": 300, "max_seats_per_user": 4}, "halls": [{"sections": [{"name": "R", "rows": 2, "seats_per_row": 3, "price": 154000}]}], "arrivals": [{"kind": "steady", "from_second": 0, "seconds": 60, "people": 10}, {"kind": "burst", "at_second": 5, "people": 10}, {"kind": "on_sale_spike", "people": 10, "early_percent": 60, "early_seconds": 120, "late_seconds": 60}, {"kind": "recorded", "from_second": 0, "counts": [1,2,3]}], "people": {"patience": {"kind": "log_normal", "median_seconds": 20, "sigma_percent": 60}, "leave_percent": 50, "think": {"kind": "uniform", "min_seconds": 1, "max_seconds": 2}, "payment": {"kind": "exponential", "mean_seconds": 30}, "payment_failure_percent": 3, "payment_tries_max": 3, "abandon_percent": 5, "seat_tries_max": 5, "rejoins_max": 1, "group_weights": [30,50], "taste": {"front_first": 50, "random": 30, "best_available": 20}}, "bots": {"share_percent": 20, "pay_percent": 10, "rejoins_max": 3}},
  {"version": 1, "seed": 7, "duration_seconds": 600, "sale_opens_at_second": 60, "sample_seconds": null, "admission": {"interval_seconds": 10, "batch_size": 100, "active_seconds": 600, "max_active": null, "lapse_seconds": 180, "inventory_aware": true}, "holds": {"hold_seconds": 300, "max_seats_per_user": 4}, "halls": [{"sections": [{"name": "R", "rows": 2, "seats_per_row": 3, "price": 154000}]}], "arrivals": [{"kind": "steady", "from_second": 0, "seconds": 60, "people": 10}, {"kind": "burst", "at_second": 5, "people": 10}, {"kind": "on_sale_spike", "people": 10, "early_percent": 60, "early_seconds": 120, "late_seconds": 60}, {"kind": "recorded", "from_second": 0, "counts": [1,2,3]}], "people": {"patience": {"kind": "log_normal", "median_seconds": 20, "sigma_percent": 60}, "leave_percent": 50, "think": {"kind": "uniform", "min_seconds": 1, "max_seconds": 2}, "payment": {"kind": "exponential", "mean_seconds": 30}, "payment_failure_percent": 3, "payment_tries_max": 3, "abandon_percent": 5, "seat_tries_max": 5, "rejoins_max": 1, "group_weights": [30,50], "taste": {"front_first": 50, "random": 30, "best_available": 20}}, "bots": {"share_percent": 20, "pay_percent": 10, "rejoins_max": 3}}
] satisfies Scenario[];

export const waves = [
  {"kind": "steady", "from_second": 0, "seconds": 60, "people": 10},
  {"kind": "burst", "at_second": 5, "people": 10},
  {"kind": "on_sale_spike", "people": 10, "early_percent": 60, "early_seconds": 120, "late_seconds": 60},
  {"kind": "recorded", "from_second": 0, "counts": [1,2,3]}
] satisfies Wave[];

export const spreads = [
  {"kind": "fixed", "seconds": 60},
  {"kind": "uniform", "min_seconds": 1, "max_seconds": 2},
  {"kind": "exponential", "mean_seconds": 30},
  {"kind": "log_normal", "median_seconds": 20, "sigma_percent": 60}
] satisfies Spread[];

export const reports = [
  {"version": 1, "seed": 7, "ended_at_second": 600, "events": 9, "event_hash": "d424ae6a2ff6fd58", "people": {"came": 1, "bought": 1, "gave_up": 0, "passed_over": 0, "sold_out": 0, "refused": 0, "ran_out": 0, "no_seats": 0, "payment_failed": 0, "abandoned": 0, "waiting": 0, "active": 0, "rejoining": 0, "bots": 0, "bots_bought": 0}, "seats": {"total": 6, "held": 0, "sold": 2, "sell_through_basis_points": 3333}, "sold_out_at_second": 590, "wait": {"count": 1, "mean_millis": 1, "p50_millis":1, "p95_millis":1, "p99_millis":1, "max_millis": 1}, "eta": {"quoted": 1, "off_by": {"count": 1, "mean_millis": 1, "p50_millis":1, "p95_millis":1, "p99_millis":1, "max_millis": 1}, "earlier": 0, "later": 1}, "counts": {"tickets": 1, "admitted": 1, "no_shows": 0, "timed_out": 0, "left": 0, "holds": 1, "holds_lapsed": 0, "holds_released": 0, "payments_failed": 0, "payments": 1, "revenue": 308000, "tick_parts": 1, "waiting_max": 1, "active_max": 1, "commands": 4}, "refusals": {"seat_taken": 1}, "littles_law": {"line_over_time": 1, "sum_of_waits": 1, "ok": true, "mean_line_thousandths": 1, "mean_wait_millis": 1}, "invariants": {"ok": false, "checks": [{"invariant": "no_overtaking", "ok": false, "checked": 2, "violated": 1, "violations": ["ticket 2 before 1"]}]}, "curve": [{"at_second": 0, "came": 0, "waiting": 0, "active": 0, "held": 0, "sold": 0}]},
  {"version": 1, "seed": 7, "ended_at_second": 600, "events": 9, "event_hash": "d424ae6a2ff6fd58", "people": {"came": 1, "bought": 1, "gave_up": 0, "passed_over": 0, "sold_out": 0, "refused": 0, "ran_out": 0, "no_seats": 0, "payment_failed": 0, "abandoned": 0, "waiting": 0, "active": 0, "rejoining": 0, "bots": 0, "bots_bought": 0}, "seats": {"total": 6, "held": 0, "sold": 2, "sell_through_basis_points": 3333}, "sold_out_at_second": null, "wait": {"count": 1, "mean_millis": 1, "p50_millis":1, "p95_millis":1, "p99_millis":1, "max_millis": 1}, "eta": {"quoted": 1, "off_by": {"count": 1, "mean_millis": 1, "p50_millis":1, "p95_millis":1, "p99_millis":1, "max_millis": 1}, "earlier": 0, "later": 1}, "counts": {"tickets": 1, "admitted": 1, "no_shows": 0, "timed_out": 0, "left": 0, "holds": 1, "holds_lapsed": 0, "holds_released": 0, "payments_failed": 0, "payments": 1, "revenue": 308000, "tick_parts": 1, "waiting_max": 1, "active_max": 1, "commands": 4}, "refusals": {"seat_taken": 1}, "littles_law": {"line_over_time": 1, "sum_of_waits": 1, "ok": true, "mean_line_thousandths": 1, "mean_wait_millis": 1}, "invariants": {"ok": false, "checks": [{"invariant": "no_overtaking", "ok": false, "checked": 2, "violated": 1, "violations": ["ticket 2 before 1"]}]}, "curve": [{"at_second": 0, "came": 0, "waiting": 0, "active": 0, "held": 0, "sold": 0}]}
] satisfies Report[];

export const invariants = [
  "seat_has_one_owner",
  "free_held_sold_sum_to_total",
  "active_at_most_cap",
  "admitted_per_tick_at_most_batch",
  "no_overtaking",
  "money_sums_to_zero",
  "wallet_never_negative",
  "sold_seat_has_one_payment",
  "payment_consumed_one_ticket",
  "journal_replays_to_rows"
] satisfies Invariant[];

export const stages = [
  "coming",
  "waiting",
  "active",
  "rejoining",
  "bought",
  "gave_up",
  "passed_over",
  "sold_out",
  "refused",
  "ran_out",
  "no_seats",
  "payment_failed",
  "abandoned"
] satisfies Stage[];

export const tastes = [
  "front_first",
  "random",
  "best_available"
] satisfies SeatTaste[];

export const people = [
  {"stage": "active", "is_bot": false, "group": 2, "taste": "random", "joins": 1, "joined_at_millis": 1, "admitted_at_millis": 2, "quoted_seconds": 3, "standing": {"state": "active", "position": null, "waiting": 0, "eta_seconds": null, "eta_known": false, "next_admission_at": null, "next_admission_in_seconds": null, "poll_after_seconds": 1, "expires_at": 1763805600000, "expires_in_seconds": 60, "concert_state": "closed", "lot": null}, "seats": [0,[1,2]]},
  {"stage": "waiting", "is_bot": false, "group": 2, "taste": "random", "joins": 1, "joined_at_millis": 1, "admitted_at_millis": 2, "quoted_seconds": 3, "standing": {"state": "waiting", "position": 3, "waiting": 9, "eta_seconds": 30, "eta_known": true, "next_admission_at": 1763805600000, "next_admission_in_seconds": 10, "poll_after_seconds": 2, "expires_at": null, "expires_in_seconds": null, "concert_state": "open", "lot": {"arrival_number": 7, "ticket_number": 3}}, "seats": [0,[1,2]]},
  {"stage": "waiting", "is_bot": false, "group": 2, "taste": "random", "joins": 1, "joined_at_millis": 1, "admitted_at_millis": 2, "quoted_seconds": 3, "standing": {"state": "waiting", "position": null, "waiting": 9, "eta_seconds": 30, "eta_known": true, "next_admission_at": 1763805600000, "next_admission_in_seconds": 10, "poll_after_seconds": 2, "expires_at": null, "expires_in_seconds": null, "concert_state": "open", "lot": {"arrival_number": 7, "ticket_number": null}}, "seats": [0,[1,2]]},
  {"stage": "refused", "is_bot": true, "group": 4, "taste": "front_first", "joins": 0, "joined_at_millis": null, "admitted_at_millis": null, "quoted_seconds": null, "standing": null, "seats": null}
] satisfies PersonView[];

export const storyLines = [
  {"at_millis": 1000, "kind": "joined", "position": 3, "quoted_seconds": 60},
  {"at_millis": 1000, "kind": "joined", "position": null, "quoted_seconds": null},
  {"at_millis": 1000, "kind": "refused", "code": "sold_out"},
  {"at_millis": 1000, "kind": "admitted", "waited_millis": 60000},
  {"at_millis": 1000, "kind": "gave_up", "told": true},
  {"at_millis": 1000, "kind": "passed_over"},
  {"at_millis": 1000, "kind": "sold_out"},
  {"at_millis": 1000, "kind": "looked", "hall": 0, "seats": [1,2]},
  {"at_millis": 1000, "kind": "found_none"},
  {"at_millis": 1000, "kind": "taken", "hall": 0, "seats": [1,2], "code": "seat_taken"},
  {"at_millis": 1000, "kind": "held", "hall": 0, "seats": [1,2], "amount": 308000, "expires_at_millis": 300000},
  {"at_millis": 1000, "kind": "abandoned"},
  {"at_millis": 1000, "kind": "payment_failed"},
  {"at_millis": 1000, "kind": "payment_refused", "code": "hold_expired"},
  {"at_millis": 1000, "kind": "paid", "amount": 308000},
  {"at_millis": 1000, "kind": "hold_lapsed", "seats": [1,2]},
  {"at_millis": 1000, "kind": "timed_out"},
  {"at_millis": 1000, "kind": "left", "stage": "no_seats"},
  {"at_millis": 1000, "kind": "left", "stage": "payment_failed"}
] satisfies StoryLine[];

/** The samples' names cover the type's: fails to compile for one that core does not have. */
type Covers<All extends string, Shown extends string> = [Exclude<All, Shown>] extends [never] ? true : never;

export const covered: true[] = [
  true satisfies Covers<Command["command"], (typeof commands)[number]["command"]>,
  true satisfies Covers<Outcome["outcome"], (typeof outcomes)[number]["outcome"]>,
  true satisfies Covers<FrontrowEvent["kind"], (typeof events)[number]["kind"]>,
  true satisfies Covers<Rejection["code"], (typeof rejections)[number]["code"]>,
  true satisfies Covers<Transfer["transfer"], (typeof transfers)[number]["transfer"]>,
  true satisfies Covers<Wave["kind"], (typeof waves)[number]["kind"]>,
  true satisfies Covers<Spread["kind"], (typeof spreads)[number]["kind"]>,
  true satisfies Covers<StoryLine["kind"], (typeof storyLines)[number]["kind"]>,
  true satisfies Covers<TicketState["state"], (typeof tickets)[number]["state"]["state"]>,
  true satisfies Covers<ReservationState["state"], (typeof reservations)[number]["state"]["state"]>,
  true satisfies Covers<Phase, (typeof phases)[number]>,
  true satisfies Covers<ConcertState, (typeof concertStates)[number]>,
  true satisfies Covers<ReservationStatus, (typeof reservationStatuses)[number]>,
  true satisfies Covers<Invariant, (typeof invariants)[number]>,
  true satisfies Covers<Stage, (typeof stages)[number]>,
  true satisfies Covers<SeatTaste, (typeof tastes)[number]>,
];
