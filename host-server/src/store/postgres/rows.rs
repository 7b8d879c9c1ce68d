//! Reads the columns of a row of Postgres. Every integer is a bigint.

use super::super::StoreError;
use super::super::rows::{Columns, corrupt};
use super::error::store_error;
use frontrow_core::seating::SeatNumbers;
use serde::de::DeserializeOwned;
use sqlx::Row;
use sqlx::postgres::PgRow;
use uuid::Uuid;

impl Columns for PgRow {
    fn opt_integer(&self, name: &str) -> Result<Option<i64>, StoreError> {
        self.try_get(name).map_err(store_error)
    }

    fn opt_text(&self, name: &str) -> Result<Option<&str>, StoreError> {
        self.try_get(name).map_err(store_error)
    }

    fn opt_uuid(&self, name: &str) -> Result<Option<Uuid>, StoreError> {
        self.try_get(name).map_err(store_error)
    }

    fn flag(&self, name: &str) -> Result<bool, StoreError> {
        self.try_get(name).map_err(store_error)
    }

    fn bytes(&self, name: &str) -> Result<Vec<u8>, StoreError> {
        self.try_get(name).map_err(store_error)
    }

    /// Of type `json`, which is sent as it was written.
    fn json<T: DeserializeOwned>(&self, name: &str) -> Result<T, StoreError> {
        let value = self.try_get_raw(name).map_err(store_error)?;
        let text = value.as_str().map_err(|error| corrupt(name, error))?;
        serde_json::from_str(text).map_err(|error| corrupt(name, error))
    }

    fn seat_numbers(&self, name: &str) -> Result<SeatNumbers, StoreError> {
        let numbers: Vec<i64> = self.try_get(name).map_err(store_error)?;
        let number = |number| u32::try_from(number).map_err(|_| corrupt(name, number));
        numbers.into_iter().map(number).collect()
    }
}
