//! Which items and fields are shown, and in which order.

mod filter;
mod order;

use std::borrow::Borrow;

use jiff::tz::TimeZone;

use self::filter::Filter;
use self::order::Order;
use super::field::{Field, Fielded, named};
use crate::args::{Format, SelectionArgs};
use crate::failure::Failure;

/// What of some items is shown; by default every one, with every field, as it comes.
#[derive(Debug)]
pub(crate) struct Selection<T: 'static> {
    columns: Option<Vec<&'static Field<T>>>,
    order: Option<Order<T>>,
    filters: Vec<Filter<T>>,
}

impl<T: Fielded> Selection<T> {
    /// Reads what was typed. Times without a zone are in `zone`.
    ///
    /// # Errors
    ///
    /// If a field or value cannot be, or columns are chosen in a form that has none.
    pub(super) fn read(
        args: &SelectionArgs,
        format: Format,
        zone: &TimeZone,
    ) -> Result<Self, Failure> {
        if !args.columns.is_empty() && !format.has_columns() {
            return Err(Failure::usage(
                "--columns is for the forms table and csv: in json, ndjson and yaml every field is there, as their schema says",
            ));
        }
        let columns: Result<Vec<_>, _> = args.columns.iter().map(|name| named(name)).collect();
        let columns = columns.map_err(|reason| wrong("--columns", &reason))?;
        let order = args.sort.as_deref().map(Order::read).transpose();
        let filters: Result<_, _> = args
            .filter
            .iter()
            .map(|text| Filter::read(text, zone))
            .collect();
        Ok(Self {
            columns: (!columns.is_empty()).then_some(columns),
            order: order.map_err(|reason| wrong("--sort", &reason))?,
            filters: filters.map_err(|reason| wrong("--filter", &reason))?,
        })
    }

    /// Those of `items` that are shown, in the order that was asked for.
    pub(super) fn of<'i>(&self, items: &'i [T]) -> Vec<&'i T> {
        let mut shown: Vec<_> = items.iter().filter(|item| self.admits(item)).collect();
        self.sort(&mut shown);
        shown
    }

    /// Whether `item` is shown.
    pub(super) fn admits(&self, item: &T) -> bool {
        self.filters.iter().all(|filter| filter.matches(item))
    }

    /// Whether all items have to be there before the first one can be shown.
    pub(super) fn is_ordered(&self) -> bool {
        self.order.is_some()
    }

    /// Whether every item is shown, in the order in which it comes.
    pub(super) fn is_everything(&self) -> bool {
        self.order.is_none() && self.filters.is_empty()
    }

    /// Puts items into the order that was asked for; those that are alike in it stay as they came.
    pub(super) fn sort<I: Borrow<T>>(&self, items: &mut [I]) {
        if let Some(order) = &self.order {
            items.sort_by(|one, other| order.compare(one.borrow(), other.borrow()));
        }
    }

    /// The columns that were chosen by name, if any were.
    pub(super) fn columns(&self) -> Option<&[&'static Field<T>]> {
        self.columns.as_deref()
    }

    /// The fields of a row in CSV.
    pub(super) fn fields(&self) -> Vec<&'static Field<T>> {
        self.columns
            .clone()
            .unwrap_or_else(|| T::FIELDS.iter().collect())
    }
}

/// Everything.
impl<T> Default for Selection<T> {
    fn default() -> Self {
        Self {
            columns: None,
            order: None,
            filters: Vec::new(),
        }
    }
}

fn wrong(flag: &str, reason: &str) -> Failure {
    Failure::usage(format!("wrong value of {flag}: {reason}"))
}
