//! The fields of what is printed, each with its name and its value: for CSV, for columns, orders and filters.

use jiff::Timestamp;

use idsync::health::Verdict;

/// What has fields that fit into a row.
///
/// They have the names that they have in JSON, and the order. What is an object or a list there is one field here that
/// holds the most telling part, and `name.part` holds another one.
pub(crate) trait Fielded: Sized + 'static {
    /// The fields in order.
    const FIELDS: &'static [Field<Self>];
}

/// One field of a `T`.
#[derive(Debug)]
pub(crate) struct Field<T: 'static> {
    /// The name in JSON.
    pub(super) name: &'static str,
    read: Read<T>,
}

/// How a field is read.
#[derive(Debug)]
enum Read<T> {
    Text(for<'a> fn(&'a T) -> Option<&'a str>),
    Texts(fn(&T) -> Vec<String>),
    Number(fn(&T) -> Option<i128>),
    Time(fn(&T) -> Option<Timestamp>),
    Verdict(fn(&T) -> Verdict),
}

/// What kind of value a field has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Texts,
    Number,
    Time,
    Verdict,
}

/// The value of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value<'a> {
    Text(Option<&'a str>),
    /// Several texts side by side; none if there is nothing to tell.
    Texts(Vec<String>),
    Number(Option<i128>),
    Time(Option<Timestamp>),
    Verdict(Verdict),
}

impl<T> Field<T> {
    /// A field that holds text.
    pub(crate) const fn text(
        name: &'static str,
        read: for<'a> fn(&'a T) -> Option<&'a str>,
    ) -> Self {
        let read = Read::Text(read);
        Self { name, read }
    }

    /// A field that holds any number of texts.
    pub(crate) const fn texts(name: &'static str, read: fn(&T) -> Vec<String>) -> Self {
        let read = Read::Texts(read);
        Self { name, read }
    }

    /// A field that holds a whole number.
    pub(crate) const fn number(name: &'static str, read: fn(&T) -> Option<i128>) -> Self {
        let read = Read::Number(read);
        Self { name, read }
    }

    /// A field that holds an instant.
    pub(crate) const fn time(name: &'static str, read: fn(&T) -> Option<Timestamp>) -> Self {
        let read = Read::Time(read);
        Self { name, read }
    }

    /// A field that holds a verdict.
    pub(crate) const fn verdict(name: &'static str, read: fn(&T) -> Verdict) -> Self {
        let read = Read::Verdict(read);
        Self { name, read }
    }

    /// What kind of value it has.
    pub(super) fn kind(&self) -> Kind {
        match self.read {
            Read::Text(_) => Kind::Text,
            Read::Texts(_) => Kind::Texts,
            Read::Number(_) => Kind::Number,
            Read::Time(_) => Kind::Time,
            Read::Verdict(_) => Kind::Verdict,
        }
    }

    /// Its value in `item`.
    pub(super) fn of<'a>(&self, item: &'a T) -> Value<'a> {
        match self.read {
            Read::Text(read) => Value::Text(read(item)),
            Read::Texts(read) => Value::Texts(read(item)),
            Read::Number(read) => Value::Number(read(item)),
            Read::Time(read) => Value::Time(read(item)),
            Read::Verdict(read) => Value::Verdict(read(item)),
        }
    }
}

/// The field called `name`.
///
/// # Errors
///
/// What is wrong with the name, and which ones there are.
pub(super) fn named<T: Fielded>(name: &str) -> Result<&'static Field<T>, String> {
    let found = T::FIELDS.iter().find(|field| field.name == name);
    found.ok_or_else(|| {
        let names: Vec<_> = T::FIELDS.iter().map(|field| field.name).collect();
        format!("{name:?} is none of {}", names.join(", "))
    })
}
