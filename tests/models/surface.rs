//! The public surface of the generated crate, as a snapshot that a reviewer can read.

use std::fs;

use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Block, Fields, File, ImplItem, Item, Visibility, parse_quote};
use xtask::codegen::GENERATED;

use crate::responses::workspace;

#[test]
fn the_public_surface_is_as_reviewed() {
    for service in ["dataarts_studio", "dws", "mrs"] {
        let path = workspace().join(GENERATED).join(format!("{service}.rs"));
        let source = fs::read_to_string(path).expect("a generated file");
        let mut file: File = syn::parse_file(&source).expect("Rust");
        PublicSurface.visit_file_mut(&mut file);
        insta::assert_snapshot!(service, prettyplease::unparse(&file));
    }
}

/// Removes what callers do not see: documentation, bodies, private fields and imports.
struct PublicSurface;

impl VisitMut for PublicSurface {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        attributes.retain(|attribute| !attribute.path().is_ident("doc"));
    }

    fn visit_block_mut(&mut self, block: &mut Block) {
        *block = parse_quote!({});
    }

    fn visit_file_mut(&mut self, file: &mut File) {
        file.items.retain(|item| !matches!(item, Item::Use(_)));
        visit_mut::visit_file_mut(self, file);
    }

    fn visit_item_mod_mut(&mut self, module: &mut syn::ItemMod) {
        if let Some((_, items)) = &mut module.content {
            items.retain(|item| !matches!(item, Item::Use(_)));
        }
        visit_mut::visit_item_mod_mut(self, module);
    }

    fn visit_item_impl_mut(&mut self, item: &mut syn::ItemImpl) {
        item.items.retain(|item| match item {
            ImplItem::Fn(method) => matches!(method.vis, Visibility::Public(_)),
            _ => true,
        });
        visit_mut::visit_item_impl_mut(self, item);
    }

    fn visit_fields_mut(&mut self, fields: &mut Fields) {
        if let Fields::Named(named) = fields {
            let kept = named.named.clone().into_iter();
            named.named = kept
                .filter(|field| matches!(field.vis, Visibility::Public(_)))
                .collect();
        }
        visit_mut::visit_fields_mut(self, fields);
    }
}
