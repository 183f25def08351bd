//! What the examples show of where parameters are sent.

use serde_json::{Map, Value};

use super::super::block::Remark;
use super::super::facts::{Field, Location};
use super::Page;

impl Page {
    /// Takes parameters for fields of the body of which nothing but an example tells where they are sent.
    pub(super) fn place_by_example(&mut self) {
        let bodies = self.bodies();
        let unknown = |field: &Field| field.location == Some(Location::Unknown);
        let shown = |(_, field): &(usize, Field)| {
            unknown(field) && bodies.iter().any(|body| body.contains_key(&field.name))
        };
        let Some(line) = self
            .parameters
            .iter()
            .find(|field| shown(field))
            .map(|(line, _)| *line)
        else {
            return;
        };
        for (_, field) in self
            .parameters
            .iter_mut()
            .filter(|(_, field)| unknown(field))
        {
            field.location = Some(Location::Body);
        }
        let message =
            "an example shows these parameters in the body: they were taken for its fields";
        self.remarks.push(Remark::doubt(line, message));
    }

    /// Tells fields of the body that every example shows deeper: their table may be that of a structure.
    pub(super) fn misplaced_body(&self) -> Option<Remark> {
        let bodies = self.bodies();
        let of_body = |field: &Field| field.location == Some(Location::Body);
        let fields = || self.parameters.iter().filter(|(_, field)| of_body(field));
        let (line, _) = fields().next()?;
        let on_top = |name: &str| bodies.iter().any(|body| body.contains_key(name));
        if fields().any(|(_, field)| on_top(&field.name)) {
            return None;
        }
        let mut members = bodies.iter().flat_map(|body| body.iter());
        let (name, _) = members.find(|(_, member)| {
            let object = member.as_object();
            object.is_some_and(|object| fields().all(|(_, field)| object.contains_key(&field.name)))
        })?;
        let message = format!(
            "an example shows these fields within `{name}`, not in the body itself: is a table of the body missing?"
        );
        Some(Remark::doubt(*line, message))
    }

    /// The bodies that examples of requests show.
    fn bodies(&self) -> Vec<&Map<String, Value>> {
        let requests = self.examples.iter().filter(|example| example.request);
        requests
            .filter_map(|example| example.value.as_ref()?.as_object())
            .collect()
    }
}
