//! How fields of domain types are read.

use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use serde::de::{Deserializer, Error, Unexpected, Visitor};

/// An instant: milliseconds since 1970-01-01T00:00:00Z as the services write it, or RFC 3339 as this crate does. 0, null
/// and absent mean "not set".
pub(crate) fn instant<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Timestamp>, D::Error> {
    struct Instant;

    impl Visitor<'_> for Instant {
        type Value = Option<Timestamp>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("milliseconds since 1970, or a time as RFC 3339 has it")
        }

        fn visit_i64<E: Error>(self, milliseconds: i64) -> Result<Self::Value, E> {
            if milliseconds == 0 {
                return Ok(None);
            }
            let out_of_range = |_| {
                E::custom(format_args!(
                    "{milliseconds} milliseconds since 1970 is out of the range of times"
                ))
            };
            Timestamp::from_millisecond(milliseconds)
                .map(Some)
                .map_err(out_of_range)
        }

        fn visit_u64<E: Error>(self, milliseconds: u64) -> Result<Self::Value, E> {
            match milliseconds.try_into() {
                Ok(milliseconds) => self.visit_i64(milliseconds),
                Err(_) => Err(E::invalid_value(Unexpected::Unsigned(milliseconds), &self)),
            }
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
            let invalid = |_| E::invalid_value(Unexpected::Str(text), &self);
            text.parse().map(Some).map_err(invalid)
        }

        fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }
    }

    deserializer.deserialize_any(Instant)
}

/// A text that the service repeats from item to item: equal texts that were read lately share their memory.
pub(crate) fn shared<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Arc<str>>, D::Error> {
    struct Text;

    impl Visitor<'_> for Text {
        type Value = Option<Arc<str>>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
            Ok(Some(RECENT.with_borrow_mut(|recent| recent.get(text))))
        }

        fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }
    }

    deserializer.deserialize_any(Text)
}

thread_local! {
    static RECENT: RefCell<Recent> = const { RefCell::new(Recent([const { None }; PLACES])) };
}

const PLACES: usize = 64;

/// The longest text that is shared, in bytes.
const LONGEST_SHARED: usize = 128;

/// Texts that were read lately, each at the place that its last bytes give.
struct Recent([Option<Arc<str>>; PLACES]);

impl Recent {
    fn get(&mut self, text: &str) -> Arc<str> {
        if text.len() > LONGEST_SHARED {
            return text.into();
        }
        let last = text.bytes().rev().take(8);
        let hash = last.fold(text.len() as u64, |hash, byte| hash << 8 ^ u64::from(byte));
        // The high bits of a product depend on all bits of the hash.
        let place = hash.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58;
        let place = &mut self.0[usize::try_from(place).unwrap_or_default() % PLACES];
        match place {
            Some(known) if **known == *text => Arc::clone(known),
            place => Arc::clone(place.insert(text.into())),
        }
    }
}
