//! The essor binary: configuration, start-up, HTTP and the command line.

pub mod assets;
pub mod boot;
pub mod cli;
pub mod config;
pub mod http;
