//! Reads events from JSON, or whatever has maps. Journals are long, and written with `at` and `kind` before the fields of
//! that kind; so fields are read right to their places. Where the order is another one, they are collected first, as
//! serde does for tagged enums.

use super::{Event, EventKind, Fields};
use crate::time::Timestamp;
use serde::Deserialize;
use serde::de::value::{EnumAccessDeserializer, MapAccessDeserializer};
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, IntoDeserializer, MapAccess, VariantAccess,
    Visitor,
};
use std::fmt;

/// Declares the kinds of events, and beside them how the fields of each are read once its name is known.
macro_rules! kinds {
    ($(#[$meta:meta])* pub enum $name:ident { $($kinds:tt)* }) => {
        $(#[$meta])*
        pub enum $name { $($kinds)* }

        #[derive(Deserialize)]
        #[serde(remote = "EventKind", rename_all = "snake_case")]
        enum Fields { $($kinds)* }
    };
}
pub(super) use kinds;

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Event;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an event")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Event, A::Error> {
        let first = map.next_key()?;
        if first != Some(Name::At) {
            return AnyOrder::deserialize(MapAccessDeserializer::new(Unread { first, map }))
                .map(|AnyOrder { at, kind }| Event { at, kind });
        }
        let at = map.next_value()?;
        let first = map.next_key()?;
        let kind = if first == Some(Name::Kind) {
            let kind: String = map.next_value()?;
            Fields::deserialize(EnumAccessDeserializer::new(Named { kind, map }))?
        } else {
            EventKind::deserialize(MapAccessDeserializer::new(Unread { first, map }))?
        };
        Ok(Event { at, kind })
    }
}

/// An event whose kind may come last.
#[derive(Deserialize)]
struct AnyOrder {
    at: Timestamp,
    #[serde(flatten)]
    kind: EventKind,
}

/// The name of a field.
#[derive(PartialEq, Eq)]
enum Name {
    At,
    Kind,
    Other(String),
}

impl Name {
    fn as_str(&self) -> &str {
        match self {
            Self::At => "at",
            Self::Kind => "kind",
            Self::Other(name) => name,
        }
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameReader;

        impl Visitor<'_> for NameReader {
            type Value = Name;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a field")
            }

            fn visit_str<E: Error>(self, name: &str) -> Result<Name, E> {
                Ok(match name {
                    "at" => Name::At,
                    "kind" => Name::Kind,
                    other => Name::Other(other.to_owned()),
                })
            }
        }

        deserializer.deserialize_identifier(NameReader)
    }
}

/// A map whose first name was read and not its value.
struct Unread<A> {
    first: Option<Name>,
    map: A,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Unread<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        match self.first.take() {
            Some(name) => seed.deserialize(name.as_str().into_deserializer()).map(Some),
            None => self.map.next_key_seed(seed),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}

/// The name of a kind, and the rest of the map: its fields.
struct Named<A> {
    kind: String,
    map: A,
}

impl<'de, A: MapAccess<'de>> EnumAccess<'de> for Named<A> {
    type Error = A::Error;
    type Variant = FieldsOf<A>;

    fn variant_seed<V: DeserializeSeed<'de>>(
        self,
        seed: V,
    ) -> Result<(V::Value, FieldsOf<A>), A::Error> {
        let kind = seed.deserialize(self.kind.as_str().into_deserializer())?;
        Ok((kind, FieldsOf(self.map)))
    }
}

/// The fields of a kind. Every kind has some.
struct FieldsOf<A>(A);

impl<'de, A: MapAccess<'de>> VariantAccess<'de> for FieldsOf<A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        Err(A::Error::custom("an event has fields"))
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, A::Error> {
        seed.deserialize(MapAccessDeserializer::new(self.0))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, A::Error> {
        visitor.visit_map(self.0)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        visitor.visit_map(self.0)
    }
}
