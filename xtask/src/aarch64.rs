//! The net's arithmetic as phones do it: scan's kernels built for 64-bit ARM and run under qemu.
//!
//! Says that NEON gives the reference's values; says nothing about time.

use anyhow::Result;
use std::{path::Path, process::Command};

use crate::compiler::Compiler;

const TARGET: &str = "aarch64-unknown-linux-gnu";
/// What is run: emulated, the net's other tests take minutes and say nothing about the processor.
const TESTS: &[&str] = &["net::tests::the_net_agrees_with_the_reference", "kernels::"];

/// The command that runs the tests.
pub fn tests(root: &Path) -> Result<Command> {
    let mut test = Compiler::prepared()?.cargo(root, "test", TARGET, "std,panic_unwind")?;
    test.args(["-p", "scan", "--lib", "--"])
        .args(TESTS)
        .env("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER", "aarch64-linux-gnu-gcc")
        .env("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER", "qemu-aarch64 -L /usr/aarch64-linux-gnu");
    Ok(test)
}
