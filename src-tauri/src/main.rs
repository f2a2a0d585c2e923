//! The desktop's entry. The only place that reads the environment.

fn main() -> anyhow::Result<()> {
    #[cfg(desktop)]
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_max_level(tracing::Level::INFO).init();
    folio_lib::run_with(launch()?)
}

/// A released app takes nothing from its environment.
#[cfg(not(feature = "demo"))]
fn launch() -> anyhow::Result<folio_lib::Launch> {
    Ok(folio_lib::Launch { webcam: webcam()?, ..folio_lib::Launch::default() })
}

/// `FOLIO_DATA`: the folder for everything the app keeps. `FOLIO_PORTALS`: a `portals.toml` instead of the built-in one.
/// `FOLIO_PHOTOS`: the folder of the simulated camera.
#[cfg(feature = "demo")]
#[expect(clippy::disallowed_methods, reason = "this is where the configuration is read")]
fn launch() -> anyhow::Result<folio_lib::Launch> {
    use anyhow::Context;
    let path = |name| std::env::var_os(name).map(std::path::PathBuf::from);
    let portals = path("FOLIO_PORTALS")
        .map(|file| std::fs::read_to_string(&file).with_context(|| format!("FOLIO_PORTALS: {}", file.display())))
        .transpose()?;
    Ok(folio_lib::Launch { data: path("FOLIO_DATA"), portals, photos: path("FOLIO_PHOTOS"), webcam: webcam()? })
}

/// `--webcam`: the machine's own camera instead of the simulated one.
fn webcam() -> anyhow::Result<bool> {
    let asked = std::env::args_os().any(|argument| argument == "--webcam");
    anyhow::ensure!(
        !asked || cfg!(feature = "webcam"),
        "--webcam: this program was built without the feature 'webcam'"
    );
    Ok(asked)
}
