//! The low-level client.
