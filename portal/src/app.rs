//! What every handler can reach, put together once at the start.

use crate::{
    auth::{LoginError, provider::Provider},
    clock::Clock,
    config::{Config, ConfigError},
    files::{Files, FilesError},
    keys::{KeyError, Keys},
    rng::Rng,
    store::{Store, StoreError, sqlite::SqliteStore},
};
use protocol::Secret;
use std::{ops::Deref, path::PathBuf, sync::Arc};

/// A cheap handle; handlers take it as their state.
#[derive(Clone)]
pub struct App(Arc<Parts>);

pub struct Parts {
    pub config: Config,
    pub zone: jiff::tz::TimeZone,
    pub store: Arc<dyn Store>,
    pub files: Files,
    pub keys: Keys,
    pub clock: Arc<dyn Clock>,
    pub rng: Arc<dyn Rng>,
    pub provider: Provider,
    pub live: crate::live::Live,
    pub intake: crate::intake::Intake,
}

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Files(#[from] FilesError),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Login(#[from] LoginError),
    #[error("the demo's data does not read")]
    Seed,
    #[error("{0}: {1}")]
    Read(PathBuf, std::io::Error),
}

impl App {
    /// Opens database, files and key below `config.data`.
    pub async fn open(config: Config, clock: Arc<dyn Clock>, rng: Arc<dyn Rng>) -> Result<Self, StartError> {
        Self::open_with(config, clock, rng, None).await
    }

    /// The same with another place for files than a folder below `config.data`.
    pub async fn open_with(
        config: Config,
        clock: Arc<dyn Clock>,
        rng: Arc<dyn Rng>,
        files: Option<Files>,
    ) -> Result<Self, StartError> {
        config.check()?;
        let read = |path: &PathBuf, error| StartError::Read(path.clone(), error);
        private_folder(&config.data).map_err(|error| read(&config.data, error))?;
        let secret = match &config.login.client_secret_file {
            None => None,
            Some(path) => {
                let text = std::fs::read_to_string(path).map_err(|error| read(path, error))?;
                Some(Secret::new(text.trim_end().to_owned()))
            }
        };
        Ok(Self(Arc::new(Parts {
            zone: config.zone()?,
            store: Arc::new(SqliteStore::open(&config.data.join("portal.sqlite")).await?),
            files: files.map_or_else(|| Files::folder(&config.data.join("files")), Ok)?,
            keys: Keys::open(&config.data.join("portal.key"), &*rng)?,
            provider: Provider::new(&config, secret)?,
            live: crate::live::Live::default(),
            intake: config.gate_program.as_ref().map(crate::intake::Intake::new).unwrap_or_default(),
            clock,
            rng,
            config,
        })))
    }

    /// Checks documents and sweeps for as long as the handle lives.
    pub fn start_background(&self) -> Background {
        Background(tokio::spawn(crate::intake::run(self.clone())))
    }
}

/// Documents and the database are nobody's but the portal's.
fn private_folder(path: &std::path::Path) -> std::io::Result<()> {
    let mut folder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
    folder.recursive(true).create(path)
}

/// Work beside the requests; ends when dropped. What it was at is resumed from the store.
pub struct Background(tokio::task::JoinHandle<()>);

impl Drop for Background {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
