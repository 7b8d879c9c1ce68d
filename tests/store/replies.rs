//! Answers kept for idempotency keys.

use crate::driver::new_batch;
use crate::fixture::user;
use crate::harness::Harness;
use frontrow_core::{State, UserId};
use frontrow_server::store::{BatchId, Concurrency, Store, StoreError, StoredReply};

/// An answer to a caller's key.
pub fn reply(caller: u128, key: &str, body: &[u8]) -> StoredReply {
    StoredReply {
        caller: user(caller),
        key: key.to_owned(),
        fingerprint: std::array::from_fn(|index| u8::try_from(index * 8).unwrap()),
        status: 201,
        content_type: "application/json; charset=utf-8".to_owned(),
        body: body.to_vec(),
    }
}

/// Stores answers, under a batch of their own.
pub async fn keep(store: &dyn Store, replies: &[StoredReply]) -> Result<BatchId, StoreError> {
    let batch = new_batch();
    let mut transaction = store.begin(batch, Concurrency::Pessimistic).await?;
    transaction.write(&mut State::partial(), &[], replies).await?;
    transaction.commit().await.unwrap();
    Ok(batch)
}

fn key_of(caller: u128, key: &str) -> (UserId, String) {
    (user(caller), key.to_owned())
}

pub async fn replies_are_kept_byte_for_byte(h: &impl Harness) {
    let store = h.store().as_ref();
    let every_byte: Vec<u8> = (0..=255).collect();
    let longest: String = ('!'..='~').cycle().take(255).collect();
    let replies = [
        reply(1, "json", "{\"좌석\":[1,2],\"quote\":\"\\\"\"}".as_bytes()),
        reply(1, "empty", b""),
        reply(1, "bytes", &every_byte),
        reply(1, "\"'\\ ,:{}[]", b"null"),
        reply(1, "42", b"\0"),
        reply(1, &longest, &vec![b'x'; 100_000]),
        reply(2, "json", b"another caller's"),
    ];
    keep(store, &replies).await.unwrap();
    for expected in &replies {
        let kept = store.reply(expected.caller, &expected.key).await.unwrap();
        assert_eq!(kept.as_ref(), Some(expected));
    }
    assert_eq!(store.reply(user(1), "another").await.unwrap(), None);
    assert_eq!(store.reply(user(2), "empty").await.unwrap(), None);
    assert_eq!(store.reply(user(1), "JSON").await.unwrap(), None);
}

pub async fn kept_replies_come_in_the_order_of_their_keys(h: &impl Harness) {
    let store = h.store().as_ref();
    let (a, b, c) = (reply(1, "a", b"A"), reply(1, "b", b"B"), reply(2, "a", b"C"));
    keep(store, &[a.clone(), b.clone(), c.clone()]).await.unwrap();
    let keys = [
        key_of(2, "a"),
        key_of(1, "b"),
        key_of(1, "nothing"),
        key_of(1, "a"),
        key_of(2, "b"),
        key_of(1, "b"),
    ];
    let mut transaction = store.begin(new_batch(), Concurrency::Pessimistic).await.unwrap();
    let kept = transaction.replies(&keys).await.unwrap();
    assert_eq!(kept, [Some(c), Some(b.clone()), None, Some(a), None, Some(b)]);
    assert_eq!(transaction.replies(&[]).await.unwrap(), []);
}

pub async fn a_second_reply_to_a_key_is_refused(h: &impl Harness) {
    let store = h.store().as_ref();
    keep(store, &[reply(1, "a", b"first")]).await.unwrap();
    let second = keep(store, &[reply(1, "b", b"other"), reply(1, "a", b"second")]).await;
    assert!(matches!(second, Err(StoreError::Conflict(_))), "{second:?}");
    assert_eq!(store.reply(user(1), "a").await.unwrap().unwrap().body, b"first");
    assert_eq!(store.reply(user(1), "b").await.unwrap(), None);
}
