//! What bearer tokens get through, and which do not. The tokens of the public keys were signed with
//! private keys that were thrown away.

use super::*;
use http::HeaderValue;
use jsonwebtoken::encode;
use serde_json::{Value, json};

const SECRET: &[u8] = b"a secret for tests only";
const USER: UserId = UserId(Uuid::from_u128(7));
/// The tokens below end an hour later.
const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

const RSA_PEM: &str = "-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAsyHs73153/q7bA7Bg2yh
7MN5h5Uf1ynHKYe3TO9JapL4u6P8ZEoNle2PRIjFuFsmXqdjnbEkIo9RU0VG3F8v
4oJTK0OapM+2SMV6w31oW+ygiKIdThf/cegYYDtKwS8eNm40I+MpVa+lkG4y8q3a
c0QGKMed77vOWgC/RFETn7tE+njVMBR5HJUSpklw+9xycTSWIxeER3gEaYaapl3R
xoe7VCLtN6xqUtG3pF2BT/YmYq4GYD4IHzeWzu/nBqDu3h8c6cGhYPSKJE04PeZM
g8mpLjOotQzEpUJbdTLXgjuGVwMDd161asNgG8GccyGbRo+IrbHIILOWUPLBGMkL
iQIDAQAB
-----END PUBLIC KEY-----
";
const RSA_TOKEN: &str = "eyJhbGciOiAiUlMyNTYiLCAidHlwIjogIkpXVCJ9.eyJzdWIiOiAiMDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwM\
DAwMDAwMDA3IiwgInNjb3BlIjogInVzZXIiLCAiZXhwIjogMTgwMDAwMzYwMH0.naxF7FQeZtkxaKS5P_UQO_BsmrI\
jsPMz_98mu3UGzBN_NxA60o6OStcrJ1H2_gQj4sMlJfu3CQLsRzNkGOXkaZFzyIHm7ZzJvWbV-k9d6a-Qgu3Gdoj0N\
6Ej7yYQaf0_XmTfuTi7mCf8zLMYJgX7dQkAVF6hS5o2fHqQA-boPT3RqVPUFreEQw-EPa6mlvcO-e24uHMW2EDMmuO\
GfLrtJF0v0o1Eh13CEkUZI5K0krtCQ_XUidqGiAafK8Uk1-cm_iCJic7sZTxZTTtaJcpoWr5-7wsOghiflCt-c_S8f\
CPJWDbhiNIOXuv2YR2zGN1XxwnY7l2b8zmuYXdnKfW9RA";

const EC_PEM: &str = "-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEsg3A4TIugU9vXiWFqlqvrJbbyVTz
/BnP2+N6McdR3yyfOBERHg7EsEMs2fpVbxB0iPIcYn21gqC4s92vSfk0ug==
-----END PUBLIC KEY-----
";
const EC_TOKEN: &str = "eyJhbGciOiAiRVMyNTYiLCAidHlwIjogIkpXVCJ9.eyJzdWIiOiAiMDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwM\
DAwMDAwMDA3IiwgInNjb3BlIjogInVzZXIiLCAiZXhwIjogMTgwMDAwMzYwMH0.8i3wReTk-qIkVNQPYhI1GOE5zRR\
0WLb0By9SwrQy9eJWSxa7XbUtc99VzclXk9OMbJovBmO39TTyx0ICHPLXzQ";

const ED_PEM: &str = "-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAezP6oXcGjTTmW51WeWyh24GjkwkbSouyESpkOV8SlCg=
-----END PUBLIC KEY-----
";
const ED_TOKEN: &str = "eyJhbGciOiAiRWREU0EiLCAidHlwIjogIkpXVCJ9.eyJzdWIiOiAiMDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwM\
DAwMDAwMDA3IiwgInNjb3BlIjogInVzZXIiLCAiZXhwIjogMTgwMDAwMzYwMH0.iUdf8eVnJALjwEsahH7IbYXAyVe\
pOZ6Kj-990B4oIjI29PNhbDifxzbtxky4EA3BXxMKpih2uoryZTXV5e0ODA";

const RSA_MODULUS: &str = "syHs73153_q7bA7Bg2yh7MN5h5Uf1ynHKYe3TO9JapL4u6P8ZEoNle2PRIjFuFsmXqdjnbEkIo9RU0VG3F8v4oJTK0\
OapM-2SMV6w31oW-ygiKIdThf_cegYYDtKwS8eNm40I-MpVa-lkG4y8q3ac0QGKMed77vOWgC_RFETn7tE-njVMBR5\
HJUSpklw-9xycTSWIxeER3gEaYaapl3Rxoe7VCLtN6xqUtG3pF2BT_YmYq4GYD4IHzeWzu_nBqDu3h8c6cGhYPSKJE\
04PeZMg8mpLjOotQzEpUJbdTLXgjuGVwMDd161asNgG8GccyGbRo-IrbHIILOWUPLBGMkLiQ";

fn hs256(claims: &Value, secret: &[u8]) -> String {
    encode(&Header::default(), claims, &EncodingKey::from_secret(secret)).unwrap()
}

fn caller_of(claims: &Value) -> Option<Caller> {
    BearerKeys::from_secret(SECRET).verify(&hs256(claims, SECRET), NOW)
}

fn good_claims() -> Value {
    json!({ "sub": USER.0, "exp": 1_800_000_001, "scope": "user" })
}

fn without(claim: &str) -> Value {
    let mut claims = good_claims();
    claims.as_object_mut().unwrap().remove(claim);
    claims
}

fn with(claim: &str, value: Value) -> Value {
    let mut claims = good_claims();
    claims[claim] = value;
    claims
}

#[test]
fn a_minted_token_lives_until_its_last_second_and_not_beyond() {
    let token = mint(SECRET, USER, "user admin", NOW, 60);
    let keys = BearerKeys::from_secret(SECRET);
    let caller = keys.verify(&token, NOW.plus_millis(59_999)).unwrap();
    assert_eq!((caller.user_id, caller.is_user(), caller.is_admin()), (USER, true, true));
    assert_eq!(keys.verify(&token, NOW.plus_seconds(60)), None);
    assert_eq!(BearerKeys::from_secret(b"another secret entirely").verify(&token, NOW), None);
}

#[test]
fn claims_that_are_missing_or_wrong_are_refused() {
    assert!(caller_of(&good_claims()).is_some());
    assert!(caller_of(&with("exp", json!(1_800_000_000.5))).is_none(), "a fraction is dropped");
    assert!(caller_of(&with("exp", json!(1_800_000_001.5))).is_some());
    assert!(caller_of(&with("nbf", json!(1_800_000_000))).is_some());
    assert!(caller_of(&with("aud", json!("someone"))).is_some());
    for claims in [
        without("exp"),
        with("exp", json!(1_800_000_000)),
        with("exp", json!("1800000001")),
        with("exp", Value::Null),
        with("nbf", json!(1_800_000_001)),
        with("nbf", json!("soon")),
        without("sub"),
        with("sub", json!("alice")),
        with("sub", json!(7)),
        with("scope", json!(["user"])),
    ] {
        assert!(caller_of(&claims).is_none(), "{claims}");
    }
}

#[test]
fn scopes_are_whole_words() {
    let none = caller_of(&without("scope")).unwrap();
    assert_eq!((none.is_user(), none.is_admin()), (false, false));
    let near = caller_of(&with("scope", json!("user:read administrator"))).unwrap();
    assert_eq!((near.is_user(), near.is_admin()), (false, false));
    let admin = caller_of(&with("scope", json!("  admin "))).unwrap();
    assert_eq!((admin.is_user(), admin.is_admin()), (false, true));
    assert!(admin.require_self_or_admin(UserId(Uuid::nil())).is_ok());
    let user = caller_of(&good_claims()).unwrap();
    assert!(user.require_self_or_admin(USER).is_ok());
    assert_eq!(user.require_admin().unwrap_err().code, "forbidden");
    let other = user.require_self_or_admin(UserId(Uuid::nil()));
    assert_eq!(other.unwrap_err().code, "forbidden");
}

#[test]
fn no_algorithm_but_the_one_of_the_key_is_taken() {
    let keys = BearerKeys::from_secret(SECRET);
    let payload = hs256(&good_claims(), SECRET).split('.').nth(1).unwrap().to_owned();
    let none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0"; // {"alg":"none","typ":"JWT"}
    assert_eq!(keys.verify(&format!("{none}.{payload}."), NOW), None);
    assert_eq!(keys.verify(&format!("{none}.{payload}"), NOW), None);

    let longer = Header::new(Algorithm::HS512);
    let token = encode(&longer, &good_claims(), &EncodingKey::from_secret(SECRET)).unwrap();
    assert_eq!(keys.verify(&token, NOW), None);

    let crit = Header { crit: Some(vec!["b64".into()]), ..Header::default() };
    let token = encode(&crit, &good_claims(), &EncodingKey::from_secret(SECRET)).unwrap();
    assert_eq!(keys.verify(&token, NOW), None);
}

#[test]
fn each_kind_of_public_key_checks_its_own_signatures() {
    let all = [(RSA_PEM, RSA_TOKEN), (EC_PEM, EC_TOKEN), (ED_PEM, ED_TOKEN)];
    for (at, (pem, _)) in all.iter().enumerate() {
        let keys = BearerKeys::from_text(pem).unwrap();
        for (signed_by, (_, token)) in all.iter().enumerate() {
            assert_eq!(keys.verify(token, NOW).is_some(), at == signed_by, "{at} {signed_by}");
        }
        assert_eq!(keys.verify(all[at].1, NOW.plus_seconds(3_600)), None);
    }
}

#[test]
fn a_public_key_is_never_taken_for_a_shared_secret() {
    for pem in [RSA_PEM, EC_PEM, ED_PEM] {
        let keys = BearerKeys::from_text(pem).unwrap();
        for secret in [pem.as_bytes(), pem.trim_end().as_bytes()] {
            assert_eq!(keys.verify(&hs256(&good_claims(), secret), NOW), None);
        }
    }
    assert_eq!(BearerKeys::from_secret(RSA_PEM.as_bytes()).verify(RSA_TOKEN, NOW), None);
}

#[test]
fn a_jwks_lends_its_public_keys_for_signatures() {
    let rsa = json!({ "kty": "RSA", "kid": "a", "n": RSA_MODULUS, "e": "AQAB" });
    let keys = BearerKeys::from_text(&json!({ "keys": [rsa] }).to_string()).unwrap();
    assert!(keys.verify(RSA_TOKEN, NOW).is_some());
    assert_eq!(keys.verify(ED_TOKEN, NOW), None);

    let secret = json!({ "kty": "oct", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQ", "alg": "HS256" });
    let for_encryption = json!({ "kty": "RSA", "use": "enc", "n": RSA_MODULUS, "e": "AQAB" });
    let confused = json!({ "kty": "RSA", "alg": "HS256", "n": RSA_MODULUS, "e": "AQAB" });
    for unfit in [secret, for_encryption, confused] {
        let set = json!({ "keys": [unfit] }).to_string();
        assert!(matches!(BearerKeys::from_text(&set), Err(KeyFileError::Empty)), "{set}");
    }
}

#[test]
fn a_key_file_of_another_kind_is_refused() {
    let private = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    assert!(matches!(BearerKeys::from_text(private), Err(KeyFileError::Private)));
    for rubbish in ["", "{}", "[]", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"] {
        assert!(matches!(BearerKeys::from_text(rubbish), Err(KeyFileError::Unknown)), "{rubbish}");
    }
    let missing = BearerKeys::from_file(Path::new("no/such/file.pem"));
    assert!(matches!(missing, Err(KeyFileError::Unreadable { .. })));
}

#[test]
fn the_header_is_read_strictly() {
    let keys = BearerKeys::from_secret(SECRET);
    let token = hs256(&good_claims(), SECRET);
    let caller = |values: &[String]| {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(AUTHORIZATION, HeaderValue::from_str(value).unwrap());
        }
        keys.caller(&headers, NOW)
    };
    assert!(caller(&[format!("Bearer {token}")]).is_ok());
    assert!(caller(&[format!("bearer  {token}")]).is_ok());
    let twice = format!("Bearer {token}");
    for values in [
        vec![],
        vec![token.clone()],
        vec![format!("Basic {token}")],
        vec!["Bearer".to_owned()],
        vec![format!("Bearer {token} {token}")],
        vec![twice.clone(), twice],
    ] {
        assert_eq!(caller(&values).unwrap_err().code, "unauthenticated", "{values:?}");
    }
}
