//! A part of all projects, which one of several processes works on.

use std::fmt;
use std::str::FromStr;

use crate::MonitorError;
use crate::cluster_key::number;

/// Largest number of shards: each project is hashed once for each of them.
const MOST_SHARDS: u32 = 1_024;

/// One of `N` disjoint parts of all projects, written `I/N`, such as `3/64`. `0/1`, the default, is all of them.
///
/// A project belongs to the shard whose rank for it is the highest (rendezvous hashing), so that with another number of
/// shards few projects move. The rank is the first 8 bytes, big-endian, of SHA-256 over the project id, a zero byte, and
/// the index of the shard as 4 bytes, big-endian. It must never change: processes of different versions share a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// From 0.
    pub(crate) index: u32,
    /// From 1 to [`MOST_SHARDS`].
    pub(crate) count: u32,
}

impl Default for Shard {
    fn default() -> Self {
        Self { index: 0, count: 1 }
    }
}

impl Shard {
    /// How the history calls it: empty for the whole.
    pub(crate) fn name(self) -> String {
        if self.is_whole() {
            String::new()
        } else {
            self.to_string()
        }
    }

    /// Whether there is no other shard.
    pub fn is_whole(self) -> bool {
        self.count == 1
    }

    /// Whether the project belongs to this shard.
    pub fn has(self, project_id: &str) -> bool {
        let own = rank(project_id, self.index);
        let mut others = (0..self.count).filter(|other| *other != self.index);
        others.all(|other| (own, self.index) > (rank(project_id, other), other))
    }
}

fn rank(project_id: &str, index: u32) -> u64 {
    number(&[project_id.as_bytes(), &[0], &index.to_be_bytes()].concat())
}

impl FromStr for Shard {
    type Err = MonitorError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let numbers = text.split_once('/');
        let numbers = numbers.map(|(index, count)| (index.parse(), count.parse()));
        let Some((Ok(index), Ok(count))) = numbers else {
            return Err(MonitorError::new(
                "write the number of the shard, from 0, and how many there are, such as 0/64",
            ));
        };
        let message = if !(1..=MOST_SHARDS).contains(&count) {
            format!("there can be 1 to {MOST_SHARDS} shards")
        } else if index >= count {
            format!("the shards are 0/{count} to {}/{count}", count - 1)
        } else {
            return Ok(Self { index, count });
        };
        Err(MonitorError::new(message))
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(project_id: &str, count: u32) -> u32 {
        let shards = (0..count).map(|index| Shard { index, count });
        let owners: Vec<_> = shards.filter(|shard| shard.has(project_id)).collect();
        assert_eq!(owners.len(), 1, "{project_id}: {owners:?}");
        owners[0].index
    }

    #[test]
    fn the_shard_of_a_project_never_changes() {
        assert_eq!(rank("0833a1b2c3d4", 7), 0x6a4f_b19b_e4d0_41c9);
        let projects = ["", "0833a1b2c3d4", "1944b684", "p"];
        assert_eq!(projects.map(|id| owner(id, 64)), [63, 59, 57, 7]);
        assert_eq!(projects.map(|id| owner(id, 3)), [2, 0, 0, 0]);
    }

    #[test]
    fn each_project_belongs_to_one_shard_and_few_move_when_a_shard_is_added() {
        let projects: Vec<_> = (0..1_000).map(|number| format!("p{number}")).collect();
        let moved = projects.iter().filter(|id| {
            let (before, after) = (owner(id, 8), owner(id, 9));
            assert!(before == after || after == 8, "{id}");
            before != after
        });
        let moved = moved.count();
        assert!((60..=170).contains(&moved), "{moved} of 1,000 moved");
    }

    #[test]
    fn only_shards_that_exist_can_be_named() {
        for text in ["0/1", "63/64", "1023/1024"] {
            assert_eq!(text.parse::<Shard>().unwrap().to_string(), text);
        }
        for (text, why) in [
            ("64/64", "the shards are 0/64 to 63/64"),
            ("0/1025", "there can be 1 to 1024 shards"),
            ("3", "such as 0/64"),
            ("1/4294967297", "such as 0/64"),
        ] {
            let error = text.parse::<Shard>().unwrap_err().to_string();
            assert!(error.contains(why), "{text}: {error}");
        }
    }
}
