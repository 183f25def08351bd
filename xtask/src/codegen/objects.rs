//! Makes generated structs refuse JSON arrays.
//!
//! What serde derives for a struct also reads an array, as the fields in order. A list of empty arrays would then pass
//! for a list of empty items. This step moves the derived code into a private twin of each struct, which reads from a
//! deserializer that offers objects only.

use quote::{ToTokens, quote};
use syn::punctuated::Punctuated;
use syn::{Attribute, Item, ItemMod, ItemStruct, Meta, Path, Token, parse_quote};

/// Rewrites every struct of the module `types` that derives `Deserialize`.
pub fn read_objects_only(file: &mut syn::File) {
    for item in &mut file.items {
        if let Item::Mod(module) = item
            && module.ident == "types"
        {
            rewrite_module(module);
        }
    }
}

fn rewrite_module(module: &mut ItemMod) {
    let Some((_, items)) = &mut module.content else {
        return;
    };
    *items = std::mem::take(items)
        .into_iter()
        .flat_map(rewrite_item)
        .collect();
}

fn rewrite_item(item: Item) -> Vec<Item> {
    match item {
        Item::Struct(mut item) if item.fields.iter().any(|field| field.ident.is_some()) => {
            if remove_deserialize(&mut item) {
                let implementation = deserialize_impl(&item);
                vec![Item::Struct(item), implementation]
            } else {
                vec![Item::Struct(item)]
            }
        }
        other => vec![other],
    }
}

/// Takes `Deserialize` out of the derived traits; tells whether it was there.
fn remove_deserialize(item: &mut ItemStruct) -> bool {
    let mut found = false;
    for attribute in item
        .attrs
        .iter_mut()
        .filter(|attribute| attribute.path().is_ident("derive"))
    {
        let Ok(paths) = attribute.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated)
        else {
            continue;
        };
        let (taken, kept): (Vec<Path>, Vec<Path>) = paths.into_iter().partition(is_deserialize);
        found |= !taken.is_empty();
        *attribute = parse_quote!(#[derive(#(#kept),*)]);
    }
    found
}

fn is_deserialize(path: &Path) -> bool {
    path.segments
        .last()
        .is_some_and(|segment| segment.ident == "Deserialize")
}

fn deserialize_impl(item: &ItemStruct) -> Item {
    let name = &item.ident;
    let remote = name.to_string();
    let fields = item.fields.iter().map(|field| {
        let attributes = field.attrs.iter().filter(|attribute| is_serde(attribute));
        let (name, kind) = (&field.ident, &field.ty);
        quote! { #(#attributes)* #name: #kind }
    });
    let container = item
        .attrs
        .iter()
        .filter(|attribute| is_serde(attribute))
        .map(ToTokens::to_token_stream);
    parse_quote! {
        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                #[derive(::serde::Deserialize)]
                #[serde(remote = #remote)]
                #(#container)*
                struct Fields {
                    #(#fields,)*
                }

                Fields::deserialize(crate::object::ObjectOnly(deserializer))
            }
        }
    }
}

fn is_serde(attribute: &Attribute) -> bool {
    matches!(&attribute.meta, Meta::List(list) if list.path.is_ident("serde"))
}
