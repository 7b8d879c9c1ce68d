//! Reads a plain value, which JSON could hold, into a type of core's: a `serde` deserializer. Which arguments
//! there are, and how they become plain, is not known here.
//!
//! A reader of JSON text is compiled for every type anew: with `serde_json` the package is a sixth larger. And here
//! what makes no sense is named by its path.
//!
//! A struct is handed its fields one after the other in its own order, as if it were a list: the code that reads
//! fields as they come, by name, would be a tenth of the package. No field may be there that is not the struct's.

use std::fmt::{self, Display};

use js_sys::{Array, Number, Object, Reflect};
use serde::de::value::{EnumAccessDeserializer, StringDeserializer};
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error as _, Expected, IntoDeserializer, SeqAccess,
    Unexpected, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use uuid::Uuid;
use wasm_bindgen::prelude::*;

/// How deep values may lie in one another; scenarios need five levels.
const DEPTH_MAX: u32 = 32;

/// What is wrong with a value, and where in it. It is handed on by everything that reads: a box is one word.
#[derive(Debug)]
pub(super) struct Error(Box<Misfit>);

#[derive(Debug)]
pub(super) struct Misfit {
    /// From the outside in, as in `halls.0.sections`; empty for the value as a whole.
    pub(super) path: String,
    pub(super) reason: String,
}

impl Error {
    pub(super) fn misfit(self) -> Misfit {
        *self.0
    }

    /// The same, seen from one level further out.
    fn within(mut self, place: &str) -> Self {
        let path = &mut self.0.path;
        if !path.is_empty() {
            path.insert(0, '.');
        }
        path.insert_str(0, place);
        self
    }

    fn expected(what: &dyn Expected) -> Self {
        Self::custom(format_args!("must be {what}"))
    }
}

impl Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.reason)
    }
}

impl std::error::Error for Error {}

impl serde::de::Error for Error {
    fn custom<T: Display>(reason: T) -> Self {
        Self(Box::new(Misfit { path: String::new(), reason: reason.to_string() }))
    }

    // What came instead is the caller's own; the code that prints any number would be 5 KB of the package.
    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::expected(expected)
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::expected(expected)
    }
}

/// A value of which every part is `null`, a boolean, a number, a string, an array or an object.
pub(super) struct Plain {
    value: JsValue,
    depth: u32,
}

impl Plain {
    pub(super) fn new(value: JsValue) -> Self {
        Self { value, depth: 0 }
    }

    /// An object as the variant that its field `tag` names, whose fields lie beside it.
    pub(super) fn tagged(self, tag: &str) -> Result<EnumAccessDeserializer<Variant>, Error> {
        if !self.value.is_object() {
            return Err(Error::custom("must be an object"));
        }
        let name = self.field(tag).and_then(|name| name.as_string());
        let name = name.ok_or_else(|| Error::custom("must be a name").within(tag))?;
        let _ = Reflect::delete_property(self.value.unchecked_ref::<Object>(), &tag.into());
        Ok(EnumAccessDeserializer::new(Variant { name, body: Some(self) }))
    }

    /// What an object has in a field, if it has it.
    fn field(&self, name: &str) -> Option<JsValue> {
        Reflect::get(&self.value, &name.into()).ok().filter(|value| !value.is_undefined())
    }

    /// What lies in this value. Nothing that is read lies deep; a value that does would overflow the stack.
    fn inner(&self, value: JsValue) -> Result<Self, Error> {
        let depth = self.depth + 1;
        if depth > DEPTH_MAX {
            return Err(Error::custom("lies too deep"));
        }
        Ok(Self { value, depth })
    }

    /// The names of an object's fields.
    fn names(&self) -> Result<Array, Error> {
        if !self.value.is_object() || Array::is_array(&self.value) {
            return Err(Error::custom("must be an object"));
        }
        Ok(Object::keys(self.value.unchecked_ref::<Object>()))
    }

    /// An object that has some of these fields, and no others.
    fn record(self, names: &'static [&'static str]) -> Result<Record, Error> {
        for name in self.names()? {
            let name = name.as_string().unwrap_or_default();
            if !names.contains(&name.as_str()) {
                return Err(Error::unknown_field(&name, names));
            }
        }
        Ok(Record { object: self, names: names.iter(), absent: None })
    }

    /// A name alone, or an object with one field: the variant's name, and what it carries.
    fn variant(self) -> Result<Variant, Error> {
        if let Some(name) = self.value.as_string() {
            return Ok(Variant { name, body: None });
        }
        let names = self.names()?;
        let name = names.get(0).as_string().filter(|_| names.length() == 1);
        let only = name.and_then(|name| Some((self.field(&name)?, name)));
        let (body, name) =
            only.ok_or_else(|| Error::custom("must be a name, or an object with one field"))?;
        Ok(Variant { name, body: Some(self.inner(body)?) })
    }

    fn elements(self) -> Result<Elements, Error> {
        let array = self.value.dyn_ref::<Array>().cloned();
        let array = array.ok_or_else(|| Error::custom("must be an array"))?;
        Ok(Elements { list: self, array, next: 0 })
    }

    /// A number, if it is whole: core knows no other.
    fn whole<'de, V: Visitor<'de>>(&self, number: f64, visitor: V) -> Result<V::Value, Error> {
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "whole, and within 2^53"
        )]
        if !Number::is_safe_integer(&self.value) {
            Err(Error::expected(&visitor))
        } else if number < 0.0 {
            visitor.visit_i64(number as i64)
        } else {
            visitor.visit_u64(number as u64)
        }
    }
}

impl<'de> Deserializer<'de> for Plain {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if let Some(number) = self.value.as_f64() {
            self.whole(number, visitor)
        } else if let Some(text) = self.value.as_string() {
            visitor.visit_string(text)
        } else if let Some(is_so) = self.value.as_bool() {
            visitor.visit_bool(is_so)
        } else if self.value.is_null() {
            visitor.visit_unit()
        } else if Array::is_array(&self.value) {
            visitor.visit_seq(self.elements()?)
        } else {
            Err(Error::expected(&visitor))
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.value.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    /// Ids are the only bytes that core reads.
    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let id = self.value.as_string().and_then(|text| Uuid::try_parse(&text).ok());
        visitor.visit_bytes(id.ok_or_else(|| Error::custom("must be a UUID"))?.as_bytes())
    }

    /// So that ids ask for bytes: the code that says what is wrong with the text of one would be 1 KB of the package.
    fn is_human_readable(&self) -> bool {
        false
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(self.elements()?)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.record(names)?.read(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_enum(self.variant()?)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string byte_buf unit
        unit_struct tuple tuple_struct identifier map
    }
}

/// The fields of an object that are not read yet, in the order in which its struct names them.
struct Record {
    object: Plain,
    names: std::slice::Iter<'static, &'static str>,
    /// The field that was asked for last, if the object does not have it.
    absent: Option<&'static str>,
}

impl Record {
    fn read<'de, V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        let read = visitor.visit_seq(&mut self);
        // A struct goes on with what it has by default, and gives up at once if there is none.
        read.map_err(|error| self.absent.map_or(error, Error::missing_field))
    }

    /// The next field, by its name. None if the object does not have it.
    #[inline(never)]
    fn next(&mut self) -> Result<Option<(&'static str, Plain)>, Error> {
        self.absent = None;
        let Some(&name) = self.names.next() else { return Ok(None) };
        let Some(value) = self.object.field(name) else {
            self.absent = Some(name);
            return Ok(None);
        };
        Ok(Some((name, self.object.inner(value)?)))
    }
}

impl<'de> SeqAccess<'de> for Record {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        let Some((name, value)) = self.next()? else { return Ok(None) };
        seed.deserialize(value).map(Some).map_err(|error| error.within(name))
    }
}

/// The elements of an array that are not read yet.
struct Elements {
    list: Plain,
    array: Array,
    next: u32,
}

impl<'de> SeqAccess<'de> for Elements {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        if self.next == self.array.length() {
            return Ok(None);
        }
        let index = self.next;
        self.next += 1;
        let element = self.list.inner(self.array.get(index))?;
        seed.deserialize(element).map(Some).map_err(|error| error.within(&index.to_string()))
    }
}

/// A variant of an enum, and what it carries.
pub(super) struct Variant {
    name: String,
    body: Option<Plain>,
}

impl<'de> EnumAccess<'de> for Variant {
    type Error = Error;
    type Variant = Body;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Body), Error> {
        let name: StringDeserializer<Error> = self.name.into_deserializer();
        Ok((seed.deserialize(name)?, Body(self.body)))
    }
}

/// What a variant carries.
pub(super) struct Body(Option<Plain>);

impl Body {
    fn require(self) -> Result<Plain, Error> {
        self.0.ok_or_else(|| Error::custom("must be an object with one field"))
    }
}

impl<'de> VariantAccess<'de> for Body {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        if self.0.is_none() { Ok(()) } else { Err(Error::custom("must be a name alone")) }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(self.require()?)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(self.require()?.elements()?)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.require()?.record(names)?.read(visitor)
    }
}
