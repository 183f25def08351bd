//! Tests of the parts together: no network but loopback, and no waiting for real time.

mod exports;

mod days;
mod episodes;
mod follow;
mod given;
mod store;
mod sweeps;
mod web;
