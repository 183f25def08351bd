//! The models of a generated client: the structs for what services send.

use serde_json::Value;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Item, ItemMod, ItemStruct, Path, parse_quote};

/// Removes what no caller needs from the generated module `types`, and documents the rest.
///
/// Only services create models, so the error of a conversion is removed.
pub(super) fn complete(types: &mut ItemMod, document: &Value) {
    let Some((_, items)) = &mut types.content else {
        return;
    };
    items.retain(|item| !matches!(item, Item::Mod(_)));
    for item in items {
        if let Item::Struct(model) = item {
            complete_model(model, document);
        }
        ShortPaths.visit_item_mut(item);
    }
    types.attrs = vec![parse_quote!(#[doc = " What the service sends."])];
}

fn complete_model(model: &mut ItemStruct, document: &Value) {
    let schema = &document["components"]["schemas"][model.ident.to_string()];
    model.attrs = described(schema);
    model.attrs.push(parse_quote! {
        #[derive(Clone, Debug, Default, PartialEq, serde::Deserialize, serde::Serialize, schemars::JsonSchema)]
    });
    for field in &mut model.fields {
        let Some(name) = &field.ident else { continue };
        let mut attributes = described(&schema["properties"][name.to_string()]);
        // Every field is optional and has its name on the wire. Without `default`, an array is not read as an object.
        attributes.push(parse_quote!(#[serde(skip_serializing_if = "Option::is_none")]));
        field.attrs = attributes;
    }
}

fn described(schema: &Value) -> Vec<Attribute> {
    doc(schema["description"].as_str().unwrap_or_default())
}

/// Documentation comments, one for each line of `text`.
pub(super) fn doc(text: &str) -> Vec<Attribute> {
    let lines = text.trim().lines().map(|line| {
        let line = if line.is_empty() {
            String::new()
        } else {
            format!(" {}", line.trim_end())
        };
        parse_quote!(#[doc = #line])
    });
    lines.collect()
}

/// Shortens paths into the standard library: `::std::option::Option` becomes `Option`, others lose their leading colons.
pub(super) struct ShortPaths;

impl VisitMut for ShortPaths {
    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        let Some(last) = path
            .segments
            .last()
            .filter(|_| path.leading_colon.is_some())
        else {
            return;
        };
        if ["Option", "String", "Vec"]
            .iter()
            .any(|name| last.ident == name)
        {
            *path = last.clone().into();
        } else {
            path.leading_colon = None;
        }
    }
}
