//! The Rust client of one document.

use std::panic::{AssertUnwindSafe, catch_unwind};

use openapiv3::OpenAPI;
use proc_macro2::TokenStream;
use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TypeImpl};
use quote::{ToTokens, quote};

use super::enums::{self, OpenEnum};
use super::problem::Problem;
use super::services::Service;
use super::spec::Document;
use super::{docs, lower, objects, prune};

/// The client, its models and its open enums.
///
/// # Errors
///
/// What the generator has against the document.
pub fn client(service: &Service, document: &Document) -> Result<TokenStream, Problem> {
    let problem = |message: String| Problem::of_file(service.file, message);
    let enums = enums::open_enums(&document.root);
    let lowered = lower::lower(document.root.clone()).document;
    let spec: OpenAPI = serde_json::from_value(lowered)
        .map_err(|error| problem(format!("is not OpenAPI 3.0: {error}")))?;
    let tokens = generate(&settings(service, &enums), &spec).map_err(problem)?;
    let mut file: syn::File = syn::parse2(tokens)
        .map_err(|error| problem(format!("was generated as bad Rust: {error}")))?;
    let enums: syn::File = syn::parse2(enums::module(&enums))
        .map_err(|error| problem(format!("was generated as bad Rust: {error}")))?;
    file.items.extend(enums.items);
    prune::prune(&mut file);
    docs::complete(&mut file, &document.root);
    objects::read_objects_only(&mut file);
    Ok(file.into_token_stream())
}

fn settings(service: &Service, enums: &[OpenEnum]) -> GenerationSettings {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_hooks(HooksMode::Expected)
        .with_inner_type(quote!(crate::hook::Inner))
        .with_derive("schemars::JsonSchema");
    for open_enum in enums {
        let path = format!(
            "crate::generated::{}::enums::{}",
            service.module, open_enum.name
        );
        settings.with_replacement(&open_enum.name, path, [TypeImpl::Display].into_iter());
    }
    settings
}

/// Runs the generator, which panics on some documents that the house rules do not foresee.
fn generate(settings: &GenerationSettings, spec: &OpenAPI) -> Result<TokenStream, String> {
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        Generator::new(settings).generate_tokens(spec)
    }));
    match outcome {
        Ok(Ok(tokens)) => Ok(tokens),
        Ok(Err(error)) => Err(format!("is refused by the generator: {error}")),
        Err(_) => Err(
            "makes the generator panic: see its message above, and add a house rule for this case"
                .to_owned(),
        ),
    }
}
