//! Which text for people stands beside a place in line, where there are several to choose from.

use frontrow_core::concert::{ConcertState, Notice};
use frontrow_core::message::ALREADY_QUEUED;
use frontrow_core::queue::{Phase, Standing};
use frontrow_core::{Language, Rejection};

/// What to tell a person in line, in their language. First that waiting has become hopeless; then, to who has
/// just joined, that they stood there already; then what the operator has to say, which the polls after such a
/// join tell too. Whose time in the queue is over is told nothing.
pub(super) fn notice(
    operators: Option<&Notice>,
    standing: &Standing,
    already_queued: bool,
    language: Language,
) -> Option<String> {
    let hopeless = match standing.concert_state {
        ConcertState::SoldOut => Some(Rejection::SoldOut),
        ConcertState::Closed => Some(Rejection::SaleClosed),
        ConcertState::Scheduled | ConcertState::Open | ConcertState::Paused => None,
    };
    let hopeless = hopeless.filter(|_| standing.state == Phase::Waiting);
    let ours = hopeless.map(|rejection| rejection.text());
    let ours = ours.or(already_queued.then_some(ALREADY_QUEUED));
    if let Some(text) = ours {
        return Some(text.in_language(language).to_owned());
    }
    let is_in_line = matches!(standing.state, Phase::Waiting | Phase::Active);
    operators.filter(|_| is_in_line).map(|notice| notice.in_language(language).to_owned())
}
