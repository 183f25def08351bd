//! A service in memory, with a list that others may edit between two requests.

use std::sync::{Arc, Mutex, MutexGuard};

use super::super::{Items, Listing, OffsetUnit, Page, Pages, Plan};
use crate::{Error, ErrorKind};

/// What the modelled service tells as the number of items.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Total {
    OfAll,
    OfPage,
    Absent,
}

/// What somebody else does to the list, at a place given in 65536ths of its length.
#[derive(Clone, Copy, Debug)]
pub(super) enum Edit {
    Insert(u16),
    Delete(u16),
}

/// A service whose items are named by number, in the order of their making.
#[derive(Clone, Debug)]
pub(super) struct Model {
    pub(super) documented: OffsetUnit,
    pub(super) counts: OffsetUnit,
    pub(super) floors: bool,
    pub(super) cap: usize,
    pub(super) total: Total,
    pub(super) fail_at: Option<usize>,
    /// Gives each page but the first from one item further on than it should.
    pub(super) skips_at_edges: bool,
    pub(super) world: Arc<Mutex<World>>,
}

#[derive(Debug, Default)]
pub(super) struct World {
    list: Vec<usize>,
    made: usize,
    /// What happens before each request.
    edits: Vec<Vec<Edit>>,
    /// Whether anything happened before each request that has come.
    edited: Vec<bool>,
    at_first: Vec<usize>,
}

impl World {
    fn edit(&mut self, edit: Edit) {
        let place = |at: u16, places: usize| usize::from(at) * places / (1 << 16);
        match edit {
            Edit::Insert(at) => {
                let at = place(at, self.list.len() + 1);
                self.list.insert(at, self.made);
                self.made += 1;
            }
            Edit::Delete(_) if self.list.is_empty() => {}
            Edit::Delete(at) => {
                let at = place(at, self.list.len());
                self.list.remove(at);
            }
        }
    }

    fn begin_request(&mut self) -> usize {
        let request = self.edited.len();
        let edits = self.edits.get(request).cloned().unwrap_or_default();
        for edit in &edits {
            self.edit(*edit);
        }
        self.edited.push(!edits.is_empty());
        if request == 0 {
            self.at_first = self.list.clone();
        }
        request
    }
}

impl Model {
    fn new(documented: OffsetUnit, count: usize) -> Self {
        let world = World {
            list: (0..count).collect(),
            made: count,
            ..World::default()
        };
        Self {
            documented,
            counts: documented,
            floors: false,
            cap: usize::MAX,
            total: Total::OfAll,
            fail_at: None,
            skips_at_edges: false,
            world: Arc::new(Mutex::new(world)),
        }
    }

    pub(super) fn dws(count: usize) -> Self {
        Self::new(OffsetUnit::Pages, count)
    }

    pub(super) fn dataarts(count: usize) -> Self {
        Self::new(OffsetUnit::Items, count)
    }

    pub(super) fn edited_by(self, edits: Vec<Vec<Edit>>) -> Self {
        self.world().edits = edits;
        self
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    pub(super) fn requests(&self) -> usize {
        self.world().edited.len()
    }

    /// Whether the list changed before each request.
    pub(super) fn edited(&self) -> Vec<bool> {
        self.world().edited.clone()
    }

    /// What was there at the first request and still is.
    pub(super) fn throughout(&self) -> Vec<usize> {
        let world = self.world();
        let mut lasting = world.at_first.clone();
        lasting.retain(|item| world.list.contains(item));
        lasting
    }

    pub(super) fn plan(&self, limit: u32) -> Plan {
        Plan::new(self.documented, limit)
    }

    pub(super) fn pages(&self, limit: u32) -> Pages<String> {
        Pages::of(self.clone(), self.plan(limit))
    }

    pub(super) async fn items(&self, limit: u32) -> Vec<usize> {
        numbers(collect(self.pages(limit).into_items()).await)
    }
}

impl Listing for Model {
    type Item = String;

    fn id(item: &String) -> Option<&str> {
        Some(item)
    }

    async fn fetch(&self, offset: u64, limit: u32) -> Result<Page<String>, Error> {
        let mut world = self.world();
        let request = world.begin_request();
        if self.fail_at == Some(request) {
            return Err(Error::new(ErrorKind::Service, "down"));
        }
        let size = (limit as usize).min(self.cap);
        let offset = usize::try_from(offset).unwrap();
        let from = match self.counts {
            OffsetUnit::Pages => offset * size,
            OffsetUnit::Items if self.floors => offset / size * size,
            OffsetUnit::Items => offset,
        };
        let from = from + usize::from(self.skips_at_edges && from > 0);
        let items = world.list.iter().skip(from).take(size);
        let entries: Vec<_> = items.map(|number| Ok(number.to_string())).collect();
        let total = match self.total {
            Total::OfAll => Some(world.list.len() as u64),
            Total::OfPage => Some(entries.len() as u64),
            Total::Absent => None,
        };
        Ok(Page::new(entries, total))
    }
}

pub(super) async fn collect(mut items: Items<String>) -> Vec<Result<String, Error>> {
    let mut all = Vec::new();
    loop {
        match items.try_next().await {
            Ok(Some(item)) => all.push(Ok(item)),
            Ok(None) => return all,
            Err(error) => all.push(Err(error)),
        }
    }
}

pub(super) fn numbers(items: Vec<Result<String, Error>>) -> Vec<usize> {
    let numbers = items.into_iter().map(|item| item.unwrap().parse().unwrap());
    numbers.collect()
}
