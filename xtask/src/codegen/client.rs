//! The Rust client of one document.

use openapiv3::OpenAPI;
use proc_macro2::TokenStream;
use progenitor::{GenerationSettings, Generator, TypeImpl};
use quote::quote;
use serde_json::Value;
use syn::{File, Item, ItemMod};

use super::enums::{self, OpenEnums};
use super::operations::{self, ApiOperation};
use super::{lower, models};

/// The client, its models and its open enums.
///
/// # Errors
///
/// The generator refuses the document.
pub(super) fn client(document: &Value) -> Result<TokenStream, String> {
    let enums = enums::open_enums(document);
    let operations = ApiOperation::all(document, &enums)?;
    let responses = operations.iter().map(|it| it.response.to_string());
    let spec: OpenAPI = serde_json::from_value(lower::lower(document, responses))
        .map_err(|error| format!("is not OpenAPI 3.0: {error}"))?;
    // The generator panics on some documents; its message names the cause.
    let tokens = Generator::new(&settings(&enums)).generate_tokens(&spec);
    let tokens = tokens.map_err(|error| format!("is refused by the generator: {error}"))?;
    let generated: File =
        syn::parse2(tokens).map_err(|error| format!("was generated as bad Rust: {error}"))?;
    let mut types = module(&generated, "types")?.clone();
    models::complete(&mut types, document);
    let client = operations::client(&about(document), &operations);
    let builders = operations::builders(&operations);
    let enums = enums::module(&enums);
    Ok(quote! { #client #builders #types #enums })
}

/// The documentation of a client.
fn about(document: &Value) -> String {
    let text = |key: &str| document["info"][key].as_str().unwrap_or_default();
    format!("{}\n\n{}", text("title"), text("description"))
}

fn module<'a>(file: &'a File, name: &str) -> Result<&'a ItemMod, String> {
    let found = file.items.iter().find_map(|item| match item {
        Item::Mod(module) if module.ident == name => Some(module),
        _ => None,
    });
    found.ok_or_else(|| format!("the generator made no module `{name}`"))
}

fn settings(enums: &OpenEnums) -> GenerationSettings {
    let mut settings = GenerationSettings::new();
    for name in enums.keys() {
        let path = format!("super::enums::{name}");
        settings.with_replacement(name, path, [TypeImpl::Display].into_iter());
    }
    settings
}
