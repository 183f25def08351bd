//! The documentation comments of generated code.

use serde_json::Value;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Expr, ExprLit, Field, Fields, ItemStruct, Lit, Meta, parse_quote};

/// Gives each field the description of its property, and each line of documentation its own `///`.
///
/// The generator leaves a field that refers to another schema without a word, and writes long texts as block comments.
pub fn complete(file: &mut syn::File, document: &Value) {
    Documentation { document }.visit_file_mut(file);
}

struct Documentation<'a> {
    document: &'a Value,
}

impl Documentation<'_> {
    fn describe(&self, schema: &str, fields: &mut Fields) {
        let undocumented = fields
            .iter_mut()
            .filter(|field| !field.attrs.iter().any(is_doc));
        for field in undocumented {
            if let Some(text) = self.description(schema, field) {
                field.attrs.insert(0, parse_quote!(#[doc = #text]));
            }
        }
    }

    /// What the document says of the property that became `field`.
    fn description(&self, schema: &str, field: &Field) -> Option<String> {
        let property = field.ident.as_ref()?;
        let place = format!("/components/schemas/{schema}/properties/{property}/description");
        Some(self.document.pointer(&place)?.as_str()?.to_owned())
    }
}

impl VisitMut for Documentation<'_> {
    fn visit_item_struct_mut(&mut self, item: &mut ItemStruct) {
        if item.attrs.iter().any(is_doc) {
            self.describe(&item.ident.to_string(), &mut item.fields);
        }
        visit_mut::visit_item_struct_mut(self, item);
    }

    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        *attributes = std::mem::take(attributes)
            .into_iter()
            .flat_map(lines)
            .collect();
    }
}

fn is_doc(attribute: &Attribute) -> bool {
    attribute.path().is_ident("doc")
}

/// A documentation attribute as one attribute a line; anything else as it is.
fn lines(attribute: Attribute) -> Vec<Attribute> {
    let Some(text) = doc_text(&attribute) else {
        return vec![attribute];
    };
    let lines = text.trim().lines();
    lines
        .map(|line| {
            let line = format!(" {}", line.trim_end());
            parse_quote!(#[doc = #line])
        })
        .collect()
}

fn doc_text(attribute: &Attribute) -> Option<String> {
    match &attribute.meta {
        Meta::NameValue(pair) if is_doc(attribute) => match &pair.value {
            Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}
