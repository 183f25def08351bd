//! A place between two pages of a list.

use serde::{Deserialize, Serialize};

use super::OffsetUnit;

/// Where to go on with a list, to be kept and given to a later request's `resume`.
///
/// It is a place in the list, not a snapshot: what moved across it in the meantime comes twice or not at all, since
/// the later request does not know what the earlier one has seen.
///
/// Serialises as a small object, such as `{"counts":"pages","offset":3,"limit":1000}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Position {
    /// What the service was found to count.
    pub(super) counts: OffsetUnit,
    pub(super) offset: u64,
    pub(super) limit: u32,
}
