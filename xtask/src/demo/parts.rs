//! The parts of the demo: login provider, portal, app; and for the headless walk a display and two WebDriver servers.

use anyhow::Result;
use serde_json::{Value, json};
use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::{
    process::{Process, free_port},
    webdriver::Session,
};
use crate::command;

/// Size of the phone-sized window, in CSS pixels.
const PHONE: (u32, u32) = (390, 844);
const COMPUTER: (u32, u32) = (1280, 900);

/// Builds what the demo runs: the screens, the portal and the app with its tester's panel, where wanted with the webcam.
pub fn build(root: &Path, webcam: bool) -> Result<()> {
    command::run(command::npm(&root.join("ui")).args(["run", "--silent", "build"]))?;
    command::run(command::workspace(root, "build").args(if webcam { command::WEBCAM } else { &[] }))
}

/// Provider and portal, running.
pub struct Parts {
    root: PathBuf,
    data: PathBuf,
    pub portal_address: String,
    portals_file: PathBuf,
    _provider: Process,
    _portal: Process,
}

impl Parts {
    pub fn start(root: &Path, data: &Path) -> Result<Self> {
        let logs = data.join("logs");
        fs::create_dir_all(&logs)?;
        let (provider_port, portal_port) = (free_port()?, free_port()?);
        let portal_address = format!("http://127.0.0.1:{portal_port}");
        let issuer = format!("http://127.0.0.1:{provider_port}");
        let (provider, _) = Process::start_announced(
            "provider",
            &logs,
            Command::new("node")
                .arg(root.join("tests/oidc/provider.mjs"))
                .args(["--port", &provider_port.to_string()])
                .args(["--redirect-uri", &format!("{portal_address}/login/callback")]),
        )?;
        let (portal, _) = Process::start_announced(
            "portal",
            &logs,
            Command::new(binary("portal")).arg("demo").arg("--data").arg(data.join("portal")).args([
                "--port",
                &portal_port.to_string(),
                "--issuer",
                &issuer,
            ]),
        )?;
        let portals_file = data.join("portals.toml");
        let link_origin = format!("http://localhost:{portal_port}");
        fs::write(
            &portals_file,
            format!(
                "[[portal]]\nname = \"Folio Portal\"\norigin = \"{portal_address}\"\nlink_origin = \"{link_origin}\"\n"
            ),
        )?;
        Ok(Self {
            root: root.to_owned(),
            data: data.to_owned(),
            portal_address,
            portals_file,
            _provider: provider,
            _portal: portal,
        })
    }

    /// Opens the app's window on the display there is.
    pub fn start_app(&self, photos: &Path, webcam: bool) -> Result<Process> {
        let mut command = Command::new(binary("folio"));
        command.current_dir(&self.root).args(webcam.then_some("--webcam"));
        for (name, value) in self.app_environment(photos) {
            command.env(name, value);
        }
        Process::start("app", &self.data.join("logs"), &mut command)
    }

    fn app_environment(&self, photos: &Path) -> [(&'static str, PathBuf); 3] {
        [
            ("FOLIO_PORTALS", self.portals_file.clone()),
            ("FOLIO_DATA", self.data.join("app")),
            ("FOLIO_PHOTOS", photos.to_owned()),
        ]
    }

    /// Copies the logs beside a failed walk's story.
    pub fn keep_logs(&self, out: &Path) -> Result<()> {
        let kept = out.join("logs");
        fs::create_dir_all(&kept)?;
        for log in fs::read_dir(self.data.join("logs"))? {
            let log = log?;
            fs::copy(log.path(), kept.join(log.file_name()))?;
        }
        Ok(())
    }
}

/// A display nobody sees, with a WebDriver server for each side.
pub struct Desk {
    display: String,
    app_driver: String,
    portal_driver: String,
    profile: PathBuf,
    _processes: Vec<Process>,
}

impl Desk {
    pub fn start(data: &Path) -> Result<Self> {
        let logs = data.join("logs");
        let size = format!("{}x{}x24", COMPUTER.0, COMPUTER.1);
        let (xvfb, number) = Process::start_announced(
            "display",
            &logs,
            Command::new("Xvfb").args(["-displayfd", "1", "-screen", "0", &size, "-nolisten", "tcp"]),
        )?;
        let display = format!(":{number}");
        let (app_port, portal_port) = (free_port()?, free_port()?);
        let mut app_driver = Process::start(
            "app-driver",
            &logs,
            Command::new("WebKitWebDriver")
                .args(["--host=127.0.0.1", &format!("--port={app_port}")])
                .env("DISPLAY", &display)
                .env("TAURI_WEBVIEW_AUTOMATION", "true"),
        )?;
        let mut portal_driver =
            Process::start("portal-driver", &logs, Command::new("chromedriver").arg(format!("--port={portal_port}")))?;
        app_driver.wait_for_port(app_port)?;
        portal_driver.wait_for_port(portal_port)?;
        Ok(Self {
            display,
            app_driver: format!("http://127.0.0.1:{app_port}"),
            portal_driver: format!("http://127.0.0.1:{portal_port}"),
            profile: data.join("browser"),
            _processes: vec![portal_driver, app_driver, xvfb],
        })
    }

    /// The computer's browser.
    pub fn open_portal(&self) -> Result<Session> {
        let arguments = [
            "--headless=new".to_owned(),
            "--no-sandbox".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-quic".to_owned(),
            "--no-first-run".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--disable-sync".to_owned(),
            "--lang=en".to_owned(),
            format!("--window-size={},{}", COMPUTER.0, COMPUTER.1),
            format!("--user-data-dir={}", self.profile.display()),
        ];
        let options = json!({ "binary": "/usr/bin/chromium", "args": arguments });
        Session::open("portal", &self.portal_driver, json!({ "browserName": "chrome", "goog:chromeOptions": options }))
    }

    /// The app's real window, phone-sized.
    pub fn open_app(&self, parts: &Parts, photos: &Path) -> Result<Session> {
        self.open_window(&parts.data, Command::new(binary("folio")).envs(parts.app_environment(photos)))
    }

    /// The phone-sized window that a command opens; its output goes into `data/logs`.
    pub fn open_window(&self, data: &Path, command: &Command) -> Result<Session> {
        // WebKitWebDriver starts a program without arguments and environment of ours, so a line of shell has them.
        let starter = data.join("app.sh");
        let mut script = format!("#!/bin/sh\nexport DISPLAY={} TAURI_WEBVIEW_AUTOMATION=true\n", self.display);
        for (name, value) in command.get_envs().filter_map(|(name, value)| Some((name, value?))) {
            script += &format!("export {}={}\n", name.to_string_lossy(), quoted(value));
        }
        script += "exec";
        for word in std::iter::once(command.get_program()).chain(command.get_args()) {
            script += &format!(" {}", quoted(word));
        }
        script += &format!(" \"$@\" >>{} 2>&1\n", quoted(data.join("logs/app.log").as_os_str()));
        fs::write(&starter, script)?;
        #[cfg(unix)]
        fs::set_permissions(&starter, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
        let capabilities: Value = json!({ "webkitgtk:browserOptions": { "binary": starter, "args": [] } });
        let session = Session::open("app", &self.app_driver, capabilities)?;
        session.resize(PHONE)?;
        Ok(session)
    }
}

/// A word of a shell's.
fn quoted(word: &OsStr) -> String {
    format!("'{}'", word.to_string_lossy().replace('\'', "'\\''"))
}

/// Cargo puts this command and the demo's programs into the same folder.
fn binary(name: &str) -> PathBuf {
    let mut path = std::env::current_exe().unwrap_or_default();
    path.set_file_name(name);
    path
}
