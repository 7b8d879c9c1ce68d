//! What configuration holds and nothing prints: secrets, and addresses that may contain a password.

use super::ConfigError;
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

/// A word that is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The secret.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// A new one, of 256 random bits.
    pub fn random() -> Self {
        let (first, last): (u128, u128) = rand::random();
        Self(format!("{first:032x}{last:032x}"))
    }
}

impl FromStr for Secret {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The address of a database. It may hold a password, so it is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is a Postgres, which other replicas may share; else it is a file of its own.
    pub fn is_postgres(&self) -> bool {
        !self.0.starts_with("sqlite:")
    }
}

impl FromStr for DatabaseUrl {
    type Err = ConfigError;

    fn from_str(url: &str) -> Result<Self, ConfigError> {
        let known = ["sqlite:", "postgres://", "postgresql://"];
        if known.iter().any(|scheme| url.len() > scheme.len() && url.starts_with(scheme)) {
            Ok(Self(url.to_owned()))
        } else {
            Err(ConfigError::DatabaseUrl)
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_postgres() {
            "DatabaseUrl(postgres…)"
        } else {
            "DatabaseUrl(sqlite…)"
        })
    }
}
