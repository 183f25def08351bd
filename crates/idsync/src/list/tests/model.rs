//! A service in memory, with a list that changes between requests.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard};

use crate::list::{ListOperation, OffsetUnit, Page, Pages, Plan};
use crate::transport::Operation;
use crate::{Error, ErrorKind, Service};

/// How the server reads `offset`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Counts {
    Pages,
    Items,
    /// Items, rounded down to a multiple of the limit.
    Floor,
    /// It gives the first page whatever the offset.
    Nothing,
}

/// What the server reports as the total.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Total {
    OfList,
    OfPage,
    Absent,
}

/// What happens to the list before a request, at a place in 65536ths of its length.
#[derive(Clone, Copy, Debug)]
pub(super) enum Edit {
    Insert(u16),
    Delete(u16),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Item {
    pub(super) id: Option<String>,
    pub(super) number: usize,
}

/// A server, and how the client asks it.
#[derive(Clone, Debug)]
pub(super) struct Server {
    pub(super) plan: Plan,
    pub(super) counts: Counts,
    pub(super) cap: u32,
    pub(super) total: Total,
    pub(super) has_ids: bool,
    /// All items are equal, and have no id.
    pub(super) are_equal: bool,
    /// Leaves item 1 out of pages and total, which a client cannot notice.
    pub(super) hides: bool,
    /// Fails at this request, from 0.
    pub(super) fails_at: Option<usize>,
    /// How long the list is at first.
    pub(super) items: usize,
    /// What happens before each request but the first.
    pub(super) edits: Vec<Vec<Edit>>,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
pub(super) struct State {
    list: Vec<usize>,
    made: usize,
    pub(super) requests: Vec<u64>,
    /// What was in the list at every request so far.
    pub(super) throughout: HashSet<usize>,
    pub(super) longest: usize,
}

impl State {
    fn edit(&mut self, edit: Edit) {
        let place = |at: u16, places: usize| usize::from(at) * places / (1 << 16);
        match edit {
            Edit::Insert(at) => {
                self.list.insert(place(at, self.list.len() + 1), self.made);
                self.made += 1;
            }
            Edit::Delete(at) if !self.list.is_empty() => {
                let removed = self.list.remove(place(at, self.list.len()));
                self.throughout.remove(&removed);
            }
            Edit::Delete(_) => {}
        }
        self.longest = self.longest.max(self.list.len());
    }
}

impl Server {
    /// A server that counts `unit`, as its service documents.
    pub(super) fn new(unit: OffsetUnit, items: usize, limit: u32) -> Self {
        let counts = match unit {
            OffsetUnit::Items => Counts::Items,
            OffsetUnit::Pages => Counts::Pages,
        };
        let server = Self {
            plan: Plan::new(unit, limit),
            counts,
            cap: u32::MAX,
            total: Total::OfList,
            has_ids: true,
            are_equal: false,
            hides: false,
            fails_at: None,
            items,
            edits: Vec::new(),
            state: Arc::default(),
        };
        server.restarted()
    }

    pub(super) fn with_edits(self, edits: Vec<Vec<Edit>>) -> Self {
        Self { edits, ..self }
    }

    /// The same server before its first request.
    pub(super) fn restarted(&self) -> Self {
        let state = State {
            list: (0..self.items).collect(),
            made: self.items,
            throughout: (0..self.items).collect(),
            longest: self.items,
            ..State::default()
        };
        Self {
            state: Arc::new(Mutex::new(state)),
            ..self.clone()
        }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub(super) fn requests(&self) -> usize {
        self.state().requests.len()
    }

    fn page(&self, offset: u64, limit: u32) -> Result<Page<Item>, Error> {
        let mut state = self.state();
        let number = state.requests.len();
        state.requests.push(offset);
        let edits = number.checked_sub(1).and_then(|it| self.edits.get(it));
        for edit in edits.into_iter().flatten() {
            state.edit(*edit);
        }
        if self.fails_at == Some(number) {
            return Err(Error::new(ErrorKind::Connect, "the connection broke"));
        }
        let limit = usize::try_from(limit.min(self.cap)).unwrap();
        let offset = usize::try_from(offset).unwrap();
        let start = match self.counts {
            Counts::Pages => offset * limit,
            Counts::Items => offset,
            Counts::Floor => offset - offset % limit,
            Counts::Nothing => 0,
        };
        let shown = |number: &usize| !(self.hides && *number == 1);
        let listed: Vec<_> = state.list.iter().copied().filter(shown).collect();
        let numbers: Vec<_> = listed.iter().copied().skip(start).take(limit).collect();
        let total = match self.total {
            Total::OfList => Some(listed.len()),
            Total::OfPage => Some(numbers.len()),
            Total::Absent => None,
        };
        let item = |number: usize| Item {
            id: (self.has_ids && !self.are_equal).then(|| number.to_string()),
            number: if self.are_equal { 0 } else { number },
        };
        let items = numbers.into_iter().map(item).collect();
        Ok(Page::new(items, total.map(|total| total as u64)))
    }

    /// The numbers of all items in their order, and the error at the end.
    pub(super) async fn read(&self) -> (Vec<usize>, Option<Error>) {
        let mut items = Pages::read(self.clone()).into_items();
        let mut numbers = Vec::new();
        loop {
            match items.try_next().await {
                Ok(Some(item)) => numbers.push(item.number),
                Ok(None) => return (numbers, None),
                Err(error) => return (numbers, Some(error)),
            }
        }
    }
}

impl ListOperation for Server {
    type Item = Item;

    const OPERATION: Operation = Operation {
        service: Service::Dws,
        name: "listItems",
    };

    fn id(item: &Item) -> Option<&str> {
        item.id.as_deref()
    }

    fn name(&self) -> String {
        "listItems/model".to_owned()
    }

    fn plan(&self) -> &Plan {
        &self.plan
    }

    async fn fetch(&self, offset: u64, limit: u32) -> Result<Page<Item>, Error> {
        tokio::task::yield_now().await;
        self.page(offset, limit)
    }
}
