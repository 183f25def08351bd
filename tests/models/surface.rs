//! The public surface of the generated crate, as a snapshot that a reviewer can read.

use std::fmt::Write;
use std::fs;

use syn::{
    Attribute, Fields, GenericArgument, Item, ItemMod, ItemStruct, PathArguments, Type, Visibility,
};
use xtask::codegen::{GENERATED, services::SERVICES};

use crate::models::workspace;

#[test]
fn the_public_surface_is_as_reviewed() {
    let mut surface = String::new();
    for service in SERVICES {
        let path = workspace()
            .join(GENERATED)
            .join(format!("{}.rs", service.module));
        let file =
            syn::parse_file(&fs::read_to_string(path).expect("a generated file")).expect("Rust");
        writeln!(surface, "# {}\n", service.module).expect("writing to a string");
        surface.push_str(&operations(&file.items));
        surface.push_str(&structs(module(&file.items, "types")));
        for name in ["types", "enums"] {
            surface.push_str(&enums(module(&file.items, name)));
        }
    }
    insta::assert_snapshot!("surface", surface);
}

/// The items of the module `name`; none if there is no such module.
fn module<'a>(items: &'a [Item], name: &str) -> &'a [Item] {
    let found = items.iter().find_map(|item| match item {
        Item::Mod(ItemMod {
            ident,
            content: Some((_, items)),
            ..
        }) if ident == name => Some(items.as_slice()),
        _ => None,
    });
    found.unwrap_or_default()
}

fn public_structs(items: &[Item]) -> impl Iterator<Item = &ItemStruct> {
    items.iter().filter_map(|item| match item {
        Item::Struct(item) if matches!(item.vis, Visibility::Public(_)) => Some(item),
        _ => None,
    })
}

/// The operations and their parameters, read from the request builders.
fn operations(items: &[Item]) -> String {
    let mut text = String::new();
    let requests = module(items, "builder");
    for request in public_structs(requests) {
        let answer = answer(requests, &request.ident.to_string());
        writeln!(text, "operation {} -> {answer}", request.ident).expect("writing to a string");
        let parameters = request
            .fields
            .iter()
            .filter_map(|field| Some((field.ident.as_ref()?, &field.ty)));
        for (name, kind) in parameters.filter(|(name, _)| *name != "client") {
            let kind = first_argument(kind).map_or_else(|| short(kind), short);
            writeln!(text, "    {name}: {kind}").expect("writing to a string");
        }
        text.push('\n');
    }
    text
}

/// What `send` of the request builder `name` brings.
fn answer(items: &[Item], name: &str) -> String {
    let methods = items.iter().filter_map(|item| match item {
        Item::Impl(item) if item.trait_.is_none() && short(&item.self_ty) == name => {
            Some(&item.items)
        }
        _ => None,
    });
    let send = methods.flatten().find_map(|item| match item {
        syn::ImplItem::Fn(method) if method.sig.ident == "send" => Some(&method.sig.output),
        _ => None,
    });
    match send {
        Some(syn::ReturnType::Type(_, kind)) => short(kind),
        _ => panic!("{name} has no send"),
    }
}

/// The models: each field with its Rust type and its name on the wire.
fn structs(items: &[Item]) -> String {
    let mut text = String::new();
    for item in public_structs(items) {
        writeln!(text, "struct {}", item.ident).expect("writing to a string");
        for field in &item.fields {
            let name = field.ident.as_ref().expect("a named field").to_string();
            let wire = rename(&field.attrs).unwrap_or_else(|| name.clone());
            writeln!(text, "    {name}: {} = \"{wire}\"", short(&field.ty))
                .expect("writing to a string");
        }
        text.push('\n');
    }
    text
}

/// The value sets: each variant with its value on the wire; open sets say so.
fn enums(items: &[Item]) -> String {
    let mut text = String::new();
    for item in items {
        let Item::Enum(item) = item else { continue };
        let open = item
            .variants
            .iter()
            .any(|variant| !matches!(variant.fields, Fields::Unit));
        writeln!(
            text,
            "{} enum {}",
            if open { "open" } else { "closed" },
            item.ident
        )
        .expect("writing to a string");
        for variant in &item.variants {
            let wire = rename(&variant.attrs)
                .or_else(|| first_word(&variant.attrs))
                .unwrap_or_default();
            match &variant.fields {
                Fields::Unit => writeln!(text, "    {} = \"{wire}\"", variant.ident),
                fields => writeln!(
                    text,
                    "    {}({})",
                    variant.ident,
                    fields
                        .iter()
                        .map(|field| short(&field.ty))
                        .collect::<String>()
                ),
            }
            .expect("writing to a string");
        }
        text.push('\n');
    }
    text
}

/// The name that serde is told to use.
fn rename(attributes: &[Attribute]) -> Option<String> {
    let mut name = None;
    for attribute in attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("serde"))
    {
        let parsed = attribute.parse_nested_meta(|meta| {
            if let Ok(value) = meta.value() {
                let value: syn::LitStr = value.parse()?;
                if meta.path.is_ident("rename") {
                    name = Some(value.value());
                }
            }
            Ok(())
        });
        parsed.expect("serde attributes");
    }
    name
}

/// The first word of the documentation, which is the value on the wire for variants of open sets.
fn first_word(attributes: &[Attribute]) -> Option<String> {
    let doc = attributes
        .iter()
        .find(|attribute| attribute.path().is_ident("doc"))?;
    let syn::Expr::Lit(syn::ExprLit {
        lit: syn::Lit::Str(text),
        ..
    }) = &doc.meta.require_name_value().ok()?.value
    else {
        return None;
    };
    Some(text.value().trim().split('`').nth(1)?.to_owned())
}

/// A type without its paths: `::std::option::Option<i64>` is `Option<i64>`.
fn short(kind: &Type) -> String {
    let Type::Path(path) = kind else {
        return "()".to_owned();
    };
    let segment = path.path.segments.last().expect("a path");
    let arguments: Vec<String> = arguments(kind).into_iter().map(short).collect();
    match arguments.as_slice() {
        [] => segment.ident.to_string(),
        arguments => format!("{}<{}>", segment.ident, arguments.join(", ")),
    }
}

fn first_argument(kind: &Type) -> Option<&Type> {
    arguments(kind).into_iter().next()
}

fn arguments(kind: &Type) -> Vec<&Type> {
    let Type::Path(path) = kind else {
        return Vec::new();
    };
    let arguments = path.path.segments.last().map(|segment| &segment.arguments);
    let Some(PathArguments::AngleBracketed(list)) = arguments else {
        return Vec::new();
    };
    let types = list.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(kind) => Some(kind),
        _ => None,
    });
    types.collect()
}
