//! Idempotency keys on their way through `execute`. That a key acts once is settled in the
//! transaction; here equal keys are only kept from being in flight together.

use super::ExecuteError;
use crate::store::StoredReply;
use frontrow_core::{Outcome, Rejection, Timestamp, UserId};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::OwnedMutexGuard;

/// An answer as it is sent and stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Media type of the body.
    pub content_type: String,
    /// The body.
    pub body: Vec<u8>,
}

type Render = dyn Fn(&Result<Outcome, Rejection>, Timestamp) -> Reply + Send + Sync;

/// What makes a request act once.
#[derive(Clone)]
pub struct Idempotency {
    /// Whose key it is.
    pub caller: UserId,
    /// The key: 1 to 255 printable ASCII characters.
    pub key: String,
    /// SHA-256 of the request, to tell another one with the same key.
    pub fingerprint: [u8; 32],
    /// Draws the answer, so that it can be stored in the transaction that it tells of.
    pub render: Arc<Render>,
}

impl fmt::Debug for Idempotency {
    /// Without the key: it is the caller's.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Idempotency").finish_non_exhaustive()
    }
}

impl Idempotency {
    pub(super) fn stored(&self, reply: Reply) -> StoredReply {
        StoredReply {
            caller: self.caller,
            key: self.key.clone(),
            fingerprint: self.fingerprint,
            status: reply.status,
            content_type: reply.content_type,
            body: reply.body,
        }
    }
}

impl From<StoredReply> for Reply {
    fn from(stored: StoredReply) -> Self {
        Self { status: stored.status, content_type: stored.content_type, body: stored.body }
    }
}

type Doors = Mutex<HashMap<(UserId, String), Arc<tokio::sync::Mutex<()>>>>;

/// Lets one request at a time through for each key.
pub(super) struct KeyGate {
    doors: Arc<Doors>,
    wait: Duration,
}

/// Held while a request with this key is in flight, also after its client went away.
pub(super) struct KeyGuard {
    doors: Arc<Doors>,
    name: (UserId, String),
    held: Option<OwnedMutexGuard<()>>,
}

impl KeyGate {
    pub(super) fn new(wait: Duration) -> Self {
        Self { doors: Arc::default(), wait }
    }

    /// Waits until no other request with this key is in flight.
    pub(super) async fn enter(&self, idempotency: &Idempotency) -> Result<KeyGuard, ExecuteError> {
        let name = (idempotency.caller, idempotency.key.clone());
        let door = {
            let mut doors = self.doors.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(doors.entry(name.clone()).or_default())
        };
        let mut guard = KeyGuard { doors: Arc::clone(&self.doors), name, held: None };
        let held = tokio::time::timeout(self.wait, door.lock_owned()).await;
        guard.held = Some(held.map_err(|_| ExecuteError::KeyInFlight)?);
        Ok(guard)
    }
}

impl Drop for KeyGuard {
    fn drop(&mut self) {
        self.held = None;
        let mut doors = self.doors.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever else waits at this door holds it too.
        if doors.get(&self.name).is_some_and(|door| Arc::strong_count(door) == 1) {
            doors.remove(&self.name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn idempotency(key: &str) -> Idempotency {
        let render = |_: &Result<Outcome, Rejection>, _: Timestamp| Reply {
            status: 200,
            content_type: String::new(),
            body: Vec::new(),
        };
        Idempotency {
            caller: UserId(Uuid::nil()),
            key: key.to_owned(),
            fingerprint: [0; 32],
            render: Arc::new(render),
        }
    }

    #[tokio::test]
    async fn equal_keys_pass_one_at_a_time_and_leave_nothing_behind() {
        let gate = KeyGate::new(Duration::ZERO);
        let first = gate.enter(&idempotency("a")).await.unwrap();
        assert!(gate.enter(&idempotency("b")).await.is_ok());
        assert_eq!(gate.enter(&idempotency("a")).await.err(), Some(ExecuteError::KeyInFlight));
        drop(first);
        drop(gate.enter(&idempotency("a")).await.unwrap());
        assert!(gate.doors.lock().unwrap().is_empty());
    }
}
