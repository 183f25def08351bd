//! The order in which pages describe structures: what a table refers to follows it at once.

use std::collections::{BTreeMap, BTreeSet};

use super::{Half, Reference, Structures};

/// The order in which a page describes the structures of one half.
pub(super) struct Order<'a> {
    /// References by the table they stand in.
    references: BTreeMap<usize, Vec<&'a Reference>>,
    /// Tables of structures by their name.
    described: BTreeMap<&'a str, usize>,
    /// Tables that are no structures: what they refer to is where the order begins.
    roots: Vec<usize>,
    seen: BTreeSet<&'a str>,
    open: Vec<&'a Reference>,
}

impl<'a> Order<'a> {
    pub(super) fn new(structures: &'a Structures, names: &'a [Option<String>], half: Half) -> Self {
        let mut references: BTreeMap<usize, Vec<&Reference>> = BTreeMap::new();
        for reference in &structures.references {
            if reference.place.half == half {
                let table = references.entry(reference.place.table).or_default();
                table.push(reference);
            }
        }
        let of_half = structures.found.iter().zip(names);
        let of_half = of_half.filter(|(structure, _)| structure.place.half == half);
        let tables: BTreeSet<usize> = of_half
            .clone()
            .map(|(structure, _)| structure.place.table)
            .collect();
        let described = of_half
            .filter_map(|(structure, name)| Some((name.as_deref()?, structure.place.table)))
            .collect();
        let roots = references.keys().copied();
        Self {
            roots: roots.filter(|table| !tables.contains(table)).collect(),
            references,
            described,
            seen: BTreeSet::new(),
            open: Vec::new(),
        }
    }

    /// The references to what is not described yet, each structure once.
    pub(super) fn open(mut self) -> Vec<&'a Reference> {
        let tables: Vec<usize> = self.references.keys().copied().collect();
        for table in self.roots.clone().into_iter().chain(tables) {
            self.follow(table);
        }
        self.open
    }

    /// What a table refers to, and what the tables of that refer to, each behind what refers to it.
    fn follow(&mut self, table: usize) {
        let mut waiting: Vec<&Reference> = self.of(table);
        while let Some(reference) = waiting.pop() {
            if !self.seen.insert(reference.name.as_str()) {
                continue;
            }
            match self.described.get(reference.name.as_str()) {
                Some(table) => waiting.extend(self.of(*table)),
                None => self.open.push(reference),
            }
        }
    }

    /// What a table refers to, the last reference first.
    fn of(&self, table: usize) -> Vec<&'a Reference> {
        let found = self.references.get(&table).into_iter().flatten();
        found.rev().copied().collect()
    }
}
