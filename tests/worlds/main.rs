//! Small worlds: what the three services answer, and the verdict that the command must come to.

mod ordinary;
mod reasons;
mod server;
mod unseen;
mod world;
