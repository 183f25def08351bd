//! Whether an MRS cluster is copying IAM users, for people and for programs.

use schemars::JsonSchema;
use serde::Serialize;

use super::field::{Field, Fielded};
use super::style::{self, FAINT, paint};
use super::text::wrapped;

/// Whether an MRS cluster is copying IAM users now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Syncing {
    /// The id of the cluster.
    pub(crate) cluster_id: String,
    /// True while it copies, false while it is idle, null where the service does not say.
    pub(crate) is_synchronizing: Option<bool>,
}

impl Fielded for Syncing {
    const FIELDS: &'static [Field<Self>] = &[
        Field::text("cluster_id", |syncing| Some(&syncing.cluster_id)),
        Field::text("is_synchronizing", |syncing| {
            syncing
                .is_synchronizing
                .map(|flag| if flag { "true" } else { "false" })
        }),
    ];
}

/// The answer in one sentence.
pub(super) fn render(syncing: &Syncing, room: Option<usize>) -> String {
    let (style, symbol, sentence) = match syncing.is_synchronizing {
        Some(true) => (style::ACTIVE, '↻', "is copying IAM users now"),
        Some(false) => (
            FAINT,
            '○',
            "is not copying IAM users now, which says nothing of how the last time went",
        ),
        None => (
            style::WARNING,
            '?',
            "does not report whether it is copying IAM users",
        ),
    };
    let sentence = format!("{} {sentence}", syncing.cluster_id);
    let room = room.map(|room| room.saturating_sub(2));
    let symbol = paint(style, &symbol.to_string());
    format!("{symbol} {}\n", wrapped(&sentence, room, "  "))
}
