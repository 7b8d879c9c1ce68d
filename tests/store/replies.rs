//! Answers kept for idempotency keys.

use crate::driver::new_batch;
use crate::fixture::user;
use crate::harness::Harness;
use frontrow_core::{State, UserId};
use frontrow_server::store::{Store, StoreError, StoredReply};
use std::sync::Arc;
use std::time::Duration;

fn reply(caller: u128, key: &str, body: &[u8]) -> StoredReply {
    StoredReply {
        caller: user(caller),
        key: key.to_owned(),
        fingerprint: std::array::from_fn(|index| u8::try_from(index * 8).unwrap()),
        status: 201,
        content_type: "application/json; charset=utf-8".to_owned(),
        body: body.to_vec(),
    }
}

async fn keep(store: &dyn Store, replies: &[StoredReply]) -> Result<(), StoreError> {
    let mut transaction = store.begin(new_batch()).await?;
    transaction.write(&mut State::partial(), &[], replies).await?;
    transaction.commit().await.unwrap();
    Ok(())
}

fn claim_on(caller: u128, key: &str) -> (UserId, String) {
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

pub async fn claims_are_answered_in_their_order(h: &impl Harness) {
    let store = h.store().as_ref();
    let (a, b, c) = (reply(1, "a", b"A"), reply(1, "b", b"B"), reply(2, "a", b"C"));
    keep(store, &[a.clone(), b.clone(), c.clone()]).await.unwrap();
    let claims = [
        claim_on(2, "a"),
        claim_on(1, "b"),
        claim_on(1, "nothing"),
        claim_on(1, "a"),
        claim_on(2, "b"),
        claim_on(1, "b"),
    ];
    let mut transaction = store.begin(new_batch()).await.unwrap();
    let kept = transaction.claim(&claims).await.unwrap();
    assert_eq!(kept, [Some(c), Some(b.clone()), None, Some(a), None, Some(b)]);
    assert_eq!(transaction.claim(&[]).await.unwrap(), []);
}

pub async fn a_second_reply_to_a_key_is_refused(h: &impl Harness) {
    let store = h.store().as_ref();
    keep(store, &[reply(1, "a", b"first")]).await.unwrap();
    match keep(store, &[reply(1, "b", b"other"), reply(1, "a", b"second")]).await {
        Err(StoreError::Constraint { constraint }) => assert_eq!(constraint, "replies_pk"),
        other => panic!("{other:?}"),
    }
    assert_eq!(store.reply(user(1), "a").await.unwrap().unwrap().body, b"first");
    assert_eq!(store.reply(user(1), "b").await.unwrap(), None);
}

pub async fn a_claim_waits_for_who_has_it(h: &impl Harness) {
    let store = h.store();
    let claims = [claim_on(1, "a")];
    let mut first = store.begin(new_batch()).await.unwrap();
    assert_eq!(first.claim(&claims).await.unwrap(), [None]);
    let second = {
        let (store, claims) = (Arc::clone(store), claims.clone());
        tokio::spawn(async move {
            let mut transaction = store.begin(new_batch()).await.unwrap();
            transaction.claim(&claims).await.unwrap()
        })
    };
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(!second.is_finished(), "the key is claimed");
    let kept = reply(1, "a", b"first");
    first.write(&mut State::partial(), &[], std::slice::from_ref(&kept)).await.unwrap();
    first.commit().await.unwrap();
    assert_eq!(second.await.unwrap(), [Some(kept)]);
}
