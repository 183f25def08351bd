//! The operations of a generated client: its struct, and a request builder for each operation.
//!
//! They are written here, since those of the generator neither build a request without sending it nor return the error of
//! a transport.

use heck::{ToSnakeCase, ToUpperCamelCase};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;
use syn::Ident;

use super::enums::{self, OpenEnums};
use super::models::doc;

/// One operation of the document.
pub(super) struct ApiOperation<'a> {
    path: &'a str,
    method: &'a str,
    id: &'a str,
    description: String,
    /// Name of the method that starts it.
    method_name: Ident,
    builder: Ident,
    parameters: Vec<Parameter<'a>>,
    /// Name of the schema of the response with status 200.
    pub(super) response: Ident,
}

struct Parameter<'a> {
    name: Ident,
    location: &'a str,
    description: &'a str,
    value: &'a Value,
    /// The Rust type of a value.
    kind: TokenStream,
}

/// Path, method and value of each operation of a document.
pub(super) fn operations(document: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths.flat_map(|(path, item)| {
        let methods = item.as_object().into_iter().flatten();
        methods.map(move |(method, value)| (path.as_str(), method.as_str(), value))
    })
}

impl<'a> ApiOperation<'a> {
    /// The operations of a document with these open enums.
    ///
    /// # Errors
    ///
    /// An operation lacks something, or a parameter has a type that is not supported.
    pub(super) fn all(document: &'a Value, enums: &OpenEnums) -> Result<Vec<Self>, String> {
        let operations = operations(document).map(|(path, method, value)| {
            let operation = Self::read(path, method, value, enums);
            operation.ok_or_else(|| format!("lacks something in {method} {path}"))
        });
        operations.collect()
    }

    fn read(path: &'a str, method: &'a str, value: &'a Value, enums: &OpenEnums) -> Option<Self> {
        let id = value["operationId"].as_str()?;
        let parameters = value["parameters"].as_array()?.iter();
        let schema = &value["responses"]["200"]["content"]["application/json"]["schema"];
        Some(Self {
            path,
            method,
            id,
            description: operation_text(path, method, value),
            parameters: parameters
                .map(|parameter| Parameter::read(parameter, enums))
                .collect::<Option<_>>()?,
            method_name: format_ident!("{}", id.to_snake_case()),
            builder: format_ident!("{}", id.to_upper_camel_case()),
            response: format_ident!("{}", schema["$ref"].as_str()?.rsplit('/').next()?),
        })
    }
}

impl<'a> Parameter<'a> {
    fn read(value: &'a Value, enums: &OpenEnums) -> Option<Self> {
        Some(Self {
            name: format_ident!("{}", value["name"].as_str()?),
            location: value["in"].as_str()?,
            description: value["description"].as_str()?,
            kind: rust_type(&value["schema"], enums)?,
            value,
        })
    }
}

/// The Rust type of a parameter; none for a schema that is not supported.
fn rust_type(schema: &Value, enums: &OpenEnums) -> Option<TokenStream> {
    if let Some(name) = enums::name_of(schema, enums) {
        let name = format_ident!("{name}");
        return Some(quote!(super::enums::#name));
    }
    let (kind, format) = (schema["type"].as_str()?, schema["format"].as_str());
    Some(match (kind, format, schema["minimum"].as_i64()) {
        ("string", None, _) => quote!(String),
        ("boolean", ..) => quote!(bool),
        ("integer", Some("int32"), Some(0)) => quote!(u32),
        ("integer", Some("int32"), Some(1)) => quote!(std::num::NonZeroU32),
        _ => return None,
    })
}

/// The documentation of an operation.
fn operation_text(path: &str, method: &str, value: &Value) -> String {
    let text = |key: &str| value[key].as_str().unwrap_or_default().trim();
    let (summary, description) = (text("summary"), text("description"));
    let call = format!("{} {path}", method.to_uppercase());
    let url = value["externalDocs"]["url"].as_str().unwrap_or_default();
    format!("{summary}\n\n{description}\n\n`{call}`, see <{url}>.")
}

/// The struct `Client`, with a method for each operation; `about` is its documentation.
pub(super) fn client(about: &str, operations: &[ApiOperation<'_>]) -> TokenStream {
    let about = doc(about);
    let methods = operations.iter().map(|operation| {
        let (name, builder) = (&operation.method_name, &operation.builder);
        let docs = doc(&operation.description);
        quote! {
            #(#docs)*
            pub fn #name(&self) -> builder::#builder<'_, T> {
                builder::#builder::new(self)
            }
        }
    });
    quote! {
        #(#about)*
        #[derive(Clone, Debug)]
        pub struct Client<T> {
            base_url: String,
            transport: T,
        }

        impl<T> Client<T> {
            /// A client of the service at `base_url`, such as `https://host` or `https://host/prefix`.
            ///
            /// `transport` sends the requests. With `()` for it, operations can be built but not sent.
            pub fn new(base_url: impl Into<String>, transport: T) -> Self {
                let mut base_url = base_url.into();
                base_url.truncate(base_url.trim_end_matches('/').len());
                Self { base_url, transport }
            }

            #(#methods)*
        }
    }
}

/// The module `builder`: a request builder for each operation.
pub(super) fn builders(operations: &[ApiOperation<'_>]) -> TokenStream {
    let builders = operations.iter().map(builder);
    quote! {
        /// Requests in the making.
        pub mod builder {
            use bytes::Bytes;
            use http::{Method, Request, Response};

            use crate::transport::{self, Error, InvalidRequest, RequestBuilder, Transport};

            #(#builders)*
        }
    }
}

fn builder(operation: &ApiOperation<'_>) -> TokenStream {
    let (name, id) = (&operation.builder, operation.id);
    let parameters = &operation.parameters;
    let fields: Vec<_> = parameters.iter().map(|it| &it.name).collect();
    let kinds = parameters.iter().map(|it| &it.kind);
    let setters = parameters.iter().map(setter);
    let about = doc(&format!(
        "Builds and sends the request of [`{0}`](super::Client::{0}).",
        operation.method_name
    ));
    let (request, response) = (request(operation), &operation.response);
    quote! {
        #(#about)*
        #[derive(Clone, Debug)]
        #[must_use = "nothing is sent before `send`"]
        pub struct #name<'a, T> {
            client: &'a super::Client<T>,
            #(#fields: Option<#kinds>,)*
        }

        impl<'a, T> #name<'a, T> {
            /// The `operationId` in the document.
            pub const OPERATION_ID: &'static str = #id;

            pub(super) fn new(client: &'a super::Client<T>) -> Self {
                Self { client, #(#fields: None,)* }
            }

            #(#setters)*
            #request

            /// Sends the request and decodes the response.
            ///
            /// # Errors
            ///
            /// See [`Error`].
            pub async fn send(self) -> Result<Response<super::types::#response>, Error<T::Error>>
            where
                T: Transport,
            {
                let transport = &self.client.transport;
                transport::send(transport, Self::OPERATION_ID, self.request()?).await
            }
        }
    }
}

fn setter(parameter: &Parameter<'_>) -> TokenStream {
    let (name, kind, whole) = (&parameter.name, &parameter.kind, parameter.value);
    let mut text = parameter.description.trim().to_owned();
    if whole["required"] == true {
        text += "\n\nRequired.";
    }
    let docs = doc(&text);
    // A number or flag is taken as it is, a text as what converts into it.
    let json_type = whole["schema"]["type"].as_str();
    let (argument, value) = if matches!(json_type, Some("integer" | "boolean")) {
        (quote!(#kind), quote!(#name))
    } else {
        (quote!(impl Into<#kind>), quote!(#name.into()))
    };
    quote! {
        #(#docs)*
        pub fn #name(mut self, #name: #argument) -> Self {
            self.#name = Some(#value);
            self
        }
    }
}

fn request(operation: &ApiOperation<'_>) -> TokenStream {
    let method = format_ident!("{}", operation.method.to_uppercase());
    let path = path(operation);
    let others = operation.parameters.iter();
    let others = others.filter(|parameter| parameter.location != "path");
    let others = others.map(|parameter| {
        let (name, text) = (&parameter.name, parameter.name.to_string());
        let format = parameter.value["schema"]["format"].as_str();
        match (parameter.location, format) {
            ("header", _) => quote!(request.header(#text, self.#name)?;),
            (_, Some("int32")) => quote!(request.query_int32(#text, self.#name)?;),
            _ => quote!(request.query(#text, self.#name);),
        }
    });
    quote! {
        /// Builds the request without sending it.
        ///
        /// # Errors
        ///
        /// A required parameter is missing, or a value cannot be sent.
        pub fn request(self) -> Result<Request<Bytes>, InvalidRequest> {
            let mut request = RequestBuilder::new(Method::#method, &self.client.base_url);
            #path
            #(#others)*
            request.build()
        }
    }
}

/// The statements that add the path, part by part.
fn path(operation: &ApiOperation<'_>) -> TokenStream {
    let parts = operation.path.split(['{', '}']).enumerate();
    let parts = parts.filter(|(_, part)| !part.is_empty());
    let statements = parts.map(|(index, part)| {
        if index % 2 == 0 {
            return quote!(request.path(#part););
        }
        let name = format_ident!("{part}");
        quote!(request.segment(#part, self.#name)?;)
    });
    statements.collect()
}
