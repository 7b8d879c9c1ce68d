//! Reads the columns of a row of SQLite. Ids are texts; lists are JSON.

use super::super::StoreError;
use super::super::rows::{Columns, corrupt};
use super::error::store_error;
use frontrow_core::seating::SeatNumbers;
use serde::de::DeserializeOwned;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

impl Columns for SqliteRow {
    fn opt_integer(&self, name: &str) -> Result<Option<i64>, StoreError> {
        self.try_get(name).map_err(store_error)
    }

    fn opt_text(&self, name: &str) -> Result<Option<&str>, StoreError> {
        self.try_get(name).map_err(store_error)
    }

    fn opt_uuid(&self, name: &str) -> Result<Option<Uuid>, StoreError> {
        let parse = |text| Uuid::try_parse(text).map_err(|_| corrupt(name, text));
        self.opt_text(name)?.map(parse).transpose()
    }

    fn flag(&self, name: &str) -> Result<bool, StoreError> {
        self.try_get(name).map_err(store_error)
    }

    fn bytes(&self, name: &str) -> Result<Vec<u8>, StoreError> {
        self.try_get(name).map_err(store_error)
    }

    fn json<T: DeserializeOwned>(&self, name: &str) -> Result<T, StoreError> {
        serde_json::from_str(self.text(name)?).map_err(|error| corrupt(name, error))
    }

    fn seat_numbers(&self, name: &str) -> Result<SeatNumbers, StoreError> {
        self.json(name)
    }
}
