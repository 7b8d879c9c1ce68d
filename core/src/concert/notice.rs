//! What an operator has to say to the people in line.

use crate::message::Language;
use crate::policy::{NOTICE_CHARS_MAX, text_of_at_most};
use crate::rejection::FieldError;
use serde::{Deserialize, Serialize};

/// An operator's text for the people in a queue. It stands in both languages, so that nobody is left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// In Korean: plain text of 1 to [`NOTICE_CHARS_MAX`] characters.
    pub ko: String,
    /// In English: plain text of 1 to [`NOTICE_CHARS_MAX`] characters.
    pub en: String,
}

impl Notice {
    /// The text in `language`.
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::Ko => &self.ko,
            Language::En => &self.en,
        }
    }

    pub(super) fn validate(&self, errors: &mut Vec<FieldError>) {
        text_of_at_most(errors, "notice.ko", &self.ko, NOTICE_CHARS_MAX);
        text_of_at_most(errors, "notice.en", &self.en, NOTICE_CHARS_MAX);
    }
}
