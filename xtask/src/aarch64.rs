//! What phones compute as phones do it: built for 64-bit ARM and run under qemu.
//!
//! Says that ARM's instructions give the same values, NEON's in the net as all others elsewhere; says nothing about time.

use anyhow::Result;
use std::{path::Path, process::Command};

use crate::compiler::Compiler;

const TARGET: &str = "aarch64-unknown-linux-gnu";
/// Of the net only what is said about the processor: emulated, its other tests take minutes.
const KERNELS: &str = "-p scan --lib -- net::tests::the_net_agrees_with_the_reference kernels::";
/// Whole but for the one that starts itself anew on a bus of its own, which an emulated program cannot.
const WHOLE: &str = "-p pdf -p vault -p journey --lib --tests -- --skip secrets::contract::a_secret_service";

/// The commands that run the tests.
pub fn tests(root: &Path) -> Result<[Command; 2]> {
    let compiler = Compiler::prepared()?;
    let run = |what: &str| -> Result<Command> {
        let mut test = compiler.cargo(root, "test", TARGET, "std,panic_unwind")?;
        test.args(what.split(' '))
            .env("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER", "aarch64-linux-gnu-gcc")
            .env("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER", "qemu-aarch64 -L /usr/aarch64-linux-gnu");
        Ok(test)
    };
    Ok([run(KERNELS)?, run(WHOLE)?])
}
