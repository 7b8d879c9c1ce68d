//! The words that people read, in Korean and English. Codes are in `rejection`.

use serde::{Deserialize, Serialize};

/// A language that the texts come in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Korean.
    Ko,
    /// English, the default.
    #[default]
    En,
}

/// One text in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text {
    /// Korean.
    pub ko: &'static str,
    /// English.
    pub en: &'static str,
}

impl Text {
    /// The text in `language`.
    pub const fn in_language(self, language: Language) -> &'static str {
        match language {
            Language::Ko => self.ko,
            Language::En => self.en,
        }
    }
}

/// Told to a person who joins a queue in which they already stand.
pub const ALREADY_QUEUED: Text = Text {
    ko: "이미 대기열에 있습니다. 대기 중입니다.",
    en: "You are already in the queue.",
};
