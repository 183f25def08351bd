//! Takes out of the generated client what nobody should call.

use syn::{ImplItem, Item, ItemImpl, Type};

/// Removes `Client::new`.
///
/// It makes an HTTP client of its own, with limits that nobody chose, and panics where none can be made. The transport
/// brings one.
pub fn prune(file: &mut syn::File) {
    for item in &mut file.items {
        if let Item::Impl(implementation) = item
            && is_inherent_client(implementation)
        {
            implementation
                .items
                .retain(|item| !matches!(item, ImplItem::Fn(method) if method.sig.ident == "new"));
        }
    }
}

fn is_inherent_client(implementation: &ItemImpl) -> bool {
    let name = match implementation.self_ty.as_ref() {
        Type::Path(path) => path.path.get_ident(),
        _ => None,
    };
    implementation.trait_.is_none() && name.is_some_and(|name| name == "Client")
}
