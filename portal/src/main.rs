//! `portal serve --config FILE`, `portal demo`, `portal migrate --config FILE`, and `portal gate`, which the portal starts itself.

use anyhow::{Context, Result, bail};
use portal::{App, Config, clock::SystemClock, demo, rng::SystemRng};
use std::{path::PathBuf, sync::Arc};

const USAGE: &str = "usage: portal serve --config FILE | portal migrate --config FILE | portal demo --data DIR --port PORT --issuer URL";

fn main() -> Result<()> {
    let mut arguments = pico_args::Arguments::from_env();
    match arguments.subcommand()?.as_deref() {
        Some("gate") => Ok(portal::gate::run()?),
        Some("serve") => serving(async { serve(configured(&mut arguments)?, false).await }),
        Some("migrate") => serving(async { open(configured(&mut arguments)?).await.map(drop).context("migrate") }),
        Some("demo") => {
            let data: PathBuf = arguments.value_from_str("--data")?;
            let config =
                demo::config(data, arguments.value_from_str("--port")?, arguments.value_from_str("--issuer")?)?;
            serving(serve(config, true))
        }
        _ => bail!(USAGE),
    }
}

fn configured(arguments: &mut pico_args::Arguments) -> Result<Config> {
    let path: PathBuf = arguments.value_from_str("--config").context(USAGE)?;
    Ok(Config::read(&path)?)
}

fn serving(work: impl Future<Output = Result<()>>) -> Result<()> {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}

/// With the real clock and real chance.
async fn open(config: Config) -> Result<App, portal::StartError> {
    App::open(config, Arc::new(SystemClock), Arc::new(SystemRng)).await
}

async fn serve(config: Config, seeded: bool) -> Result<()> {
    let app = open(config).await?;
    if seeded {
        demo::seed(&app).await?;
    }
    let listener =
        tokio::net::TcpListener::bind(app.config.listen).await.with_context(|| format!("{}", app.config.listen))?;
    // Whoever started it waits for this line.
    println!("{}", serde_json::json!({ "ready": app.config.public_origin, "listen": listener.local_addr()? }));
    Ok(portal::serve(app, listener, stop()).await?)
}

async fn stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) else {
            return;
        };
        tokio::select! { _ = interrupt => {}, _ = terminate.recv() => {} }
    }
    #[cfg(not(unix))]
    let _ = interrupt.await;
}
