//! The three services on one loopback port.
