//! Where the rows of a table belong: to the request, to an answer, or to a structure.

use super::super::block::Remark;
use super::super::caption::{self, Role};
use super::super::facts::{Field, Location};
use super::super::rows::Rows;
use super::super::structures::{Half, Naming, Place};
use super::super::vocabulary::{Column, Section};
use super::Page;

impl Page {
    /// Puts the rows of a table where its caption, or else its section, says that they belong.
    pub(super) fn rows(
        &mut self,
        caption: Option<&(usize, String)>,
        fields: Vec<(usize, Field)>,
        rows: &Rows<'_>,
    ) {
        let role = caption.map_or(Role::Untold, |(_, caption)| caption::role(caption));
        let number = caption
            .map(|(line, _)| *line)
            .or_else(|| fields.first().map(|(line, _)| *line))
            .unwrap_or_default();
        let section = self.facts_section();
        let returned = matches!(role, Role::Answer) || section == Section::Response;
        self.tables += 1;
        let place = Place {
            table: self.tables,
            line: number,
            half: if returned {
                Half::Response
            } else {
                Half::Request
            },
        };
        for (_, field) in &fields {
            self.structures.refer(place, field);
        }
        for (name, text) in rows.pointers() {
            self.structures.point(&text, &name);
        }
        let known = self.structures.count();
        self.by_role(role, caption, place, fields, rows);
        let untyped = !rows.has(Column::Type) && !rows.has(Column::Mandatory);
        if untyped && self.structures.count() > known {
            let message = "this table has no types: if its rows are no fields, what it became is no structure";
            self.remarks.push(Remark::doubt(number, message));
        }
    }

    /// Puts the rows where their role says, or else their section.
    fn by_role(
        &mut self,
        role: Role,
        caption: Option<&(usize, String)>,
        place: Place,
        fields: Vec<(usize, Field)>,
        rows: &Rows<'_>,
    ) {
        let number = place.line;
        match role {
            Role::Path => self.add(Location::Path, fields),
            Role::Query => self.add(Location::Query, fields),
            Role::Header => self.add(Location::Header, fields),
            Role::Body => self.add(Location::Body, fields),
            Role::Uri => self.address.extend(fields),
            Role::Answer => {
                self.answers
                    .add(self.status.as_ref(), number, fields, &mut self.remarks);
            }
            Role::AnswerHeader => self.skip_headers(number),
            Role::Structure(name) => self.structures.add(place, Naming::Named(name), fields),
            Role::Described(words) => {
                self.structures.add(place, Naming::Described(words), fields);
            }
            Role::Request | Role::Untold => {
                let naming = caption.map_or(Naming::Unnamed, |(_, words)| {
                    Naming::Described(words.clone())
                });
                let untold = (role == Role::Untold).then_some(naming);
                self.by_section(untold, place, fields, rows);
            }
        }
    }

    /// Puts the rows where their section says; `untold` names them if they can be those of a structure.
    fn by_section(
        &mut self,
        untold: Option<Naming>,
        place: Place,
        fields: Vec<(usize, Field)>,
        rows: &Rows<'_>,
    ) {
        let section = self.facts_section();
        if rows.has(Column::Location) {
            self.parameters.extend(fields);
        } else if section == Section::Uri || section == Section::Prose && untold.is_some() {
            self.address.extend(fields);
        } else if section == Section::Response && self.are_headers(&fields) {
            self.skip_headers(place.line);
        } else if section == Section::Response {
            if self.answers.has(self.status.as_ref()) {
                let naming = untold.unwrap_or(Naming::Unnamed);
                self.structures.add(place, naming, fields);
            } else {
                self.answers
                    .add(self.status.as_ref(), place.line, fields, &mut self.remarks);
            }
        } else {
            self.request(untold, place, fields);
        }
    }

    /// Whether the first table of an answer can only hold headers.
    fn are_headers(&self, fields: &[(usize, Field)]) -> bool {
        let is_own = |field: &Field| field.name.to_ascii_lowercase().starts_with("x-");
        !self.answers.has(self.status.as_ref()) && fields.iter().any(|(_, field)| is_own(field))
    }

    fn skip_headers(&mut self, line: usize) {
        self.remarks.push(Remark::doubt(
            line,
            "headers of answers are no part of the facts: this table was skipped",
        ));
    }

    /// A table of what is sent, of which nothing says where.
    fn request(&mut self, untold: Option<Naming>, place: Place, fields: Vec<(usize, Field)>) {
        let is_header = |name: &str| {
            let name = name.to_ascii_lowercase();
            name.starts_with("x-")
                || matches!(
                    name.as_str(),
                    "content-type" | "authorization" | "accept" | "host" | "workspace"
                )
        };
        let has_body = self
            .parameters
            .iter()
            .any(|(_, field)| field.location == Some(Location::Body));
        let sends_body = self.operation.sends_body();
        if fields.iter().any(|(_, field)| is_header(&field.name)) {
            self.add(Location::Header, fields);
        } else if let Some(naming) = untold.filter(|_| has_body) {
            self.structures.add(place, naming, fields);
        } else if sends_body {
            self.add(Location::Body, fields);
        } else {
            self.remarks.push(Remark::doubt(
                place.line,
                "nothing tells where these parameters are sent: unless an example shows it, they are `unknown`",
            ));
            self.add(Location::Unknown, fields);
        }
    }

    fn add(&mut self, location: Location, fields: Vec<(usize, Field)>) {
        self.parameters
            .extend(fields.into_iter().map(|(line, field)| {
                let location = field.location.unwrap_or(location);
                (
                    line,
                    Field {
                        location: Some(location),
                        ..field
                    },
                )
            }));
    }

    /// Tells parameters of the path from those of the query: by the template, or where both leave one over, by each other.
    pub(super) fn place_address(&mut self) {
        let operation = self.operation.clone();
        let holders = operation.placeholders();
        let described = |name: &str| {
            self.parameters
                .iter()
                .chain(&self.address)
                .any(|(_, field)| field.name == name)
        };
        let holders_left = holders.iter().filter(|holder| !described(holder)).count();
        let fits = |field: &Field| holders.contains(&field.name.as_str());
        let rows_left = self
            .address
            .iter()
            .filter(|(_, field)| !fits(field) && !operation.query.contains(&field.name))
            .count();
        let mut placed = Vec::new();
        for (line, field) in std::mem::take(&mut self.address) {
            let in_query = operation.query.contains(&field.name) || holders_left != rows_left;
            let location = if fits(&field) || !in_query {
                Location::Path
            } else {
                Location::Query
            };
            placed.push((
                line,
                Field {
                    location: Some(field.location.unwrap_or(location)),
                    ..field
                },
            ));
        }
        // They stand first on the page.
        placed.append(&mut self.parameters);
        self.parameters = placed;
    }
}
