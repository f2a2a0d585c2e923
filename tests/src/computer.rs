//! The computer's side: a whole portal on loopback with the demo's citizens, and a browser without a window.

use crate::words;
use anyhow::{Context, Result, anyhow, ensure};
use axum::{
    Router,
    body::Body,
    http::{
        Method, Request, Response,
        header::{CONTENT_TYPE, COOKIE, HOST, LOCATION},
    },
};
use portal::{
    App,
    clock::{Clock, SystemClock},
    demo,
    rng::SystemRng,
    router,
};
use std::{path::Path, sync::Arc};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};
use tower::ServiceExt;
use url::Url;

/// Pages and documents of a story are smaller than this.
const MAX_PAGE: usize = 64 << 20;

/// A portal and one citizen who is signed in to it.
pub struct Computer {
    pub app: App,
    pages: Router,
    host: String,
    cookie: String,
    csrf: String,
    _data: tempfile::TempDir,
    serving: Option<Serving>,
}

/// A portal that listens, until it is told to stop.
struct Serving {
    stop: oneshot::Sender<()>,
    ends: JoinHandle<std::io::Result<()>>,
}

/// What the window asks before 'Generate'.
#[derive(Debug, Clone, Copy, Default)]
pub struct NewCode<'a> {
    pub procedure: &'a str,
    /// For 'Attach' and 'Replace'.
    pub slot: &'a str,
    /// For 'Add a supporting document'.
    pub document_type: &'a str,
    pub name: &'a str,
}

impl Computer {
    /// Starts a portal of its own and signs a citizen of the demo in. `gate`: the program that looks at documents.
    pub async fn start(citizen: &str, gate: &Path) -> Result<Self> {
        Self::start_at(citizen, gate, Arc::new(SystemClock)).await
    }

    /// The same at a time of the story's choice.
    pub async fn start_at(citizen: &str, gate: &Path, clock: Arc<dyn Clock>) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let data = tempfile::tempdir()?;
        let issuer = Url::parse("http://127.0.0.1:1")?;
        let mut config = demo::config(data.path().join("portal"), port, issuer)?;
        config.gate_program = Some(gate.into());
        let app = App::open(config, clock, Arc::new(SystemRng)).await?;
        demo::seed(&app).await?;
        let serving = Some(serve(&app, listener));
        let signed_in = app.sign_in(citizen, "urn:folio:acr:eid", "sc", app.clock.now()).await?;
        Ok(Self {
            pages: router::router(app.clone()),
            host: format!("127.0.0.1:{port}"),
            cookie: format!("session={}", signed_in.token.expose()),
            csrf: signed_in.session.csrf.clone(),
            app,
            _data: data,
            serving,
        })
    }

    /// From now on nobody listens where the portal was.
    pub async fn goes_away(&mut self) -> Result<()> {
        let Serving { stop, ends } = self.serving.take().context("the portal is away already")?;
        stop.send(()).map_err(|()| anyhow!("the portal has ended by itself"))?;
        Ok(ends.await??)
    }

    /// The portal listens again at its address.
    pub async fn comes_back(&mut self) -> Result<()> {
        let listener = TcpListener::bind(self.app.config.listen).await?;
        self.serving = Some(serve(&self.app, listener));
        Ok(())
    }

    /// The cookie of the citizen's browser.
    pub fn session(&self) -> &str {
        self.cookie.trim_start_matches("session=")
    }

    /// Waits until a page says this; what a phone has just done may be on its way.
    pub async fn says(&self, path: &str, key: &str) -> Result<()> {
        let text = words::english(key)?;
        let said = crate::within(text, async {
            while !self.page(path).await?.replace("&#39;", "'").contains(text) {
                tokio::task::yield_now().await;
            }
            anyhow::Ok(())
        });
        said.await?
    }

    pub async fn page(&self, path: &str) -> Result<String> {
        Ok(String::from_utf8(self.bytes(path).await?)?)
    }

    /// Sends a form; gives the address it leads to.
    pub async fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Result<String> {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("csrf", &self.csrf).extend_pairs(fields);
        let response = self.ask(Method::POST, path, form.finish()).await?;
        let location = response.headers().get(LOCATION).with_context(|| format!("{path}: {}", response.status()))?;
        Ok(location.to_str()?.split('#').next().unwrap_or_default().to_owned())
    }

    /// 'Enter a code instead', as the page shows it this once.
    pub async fn typed_code(&self, window: &str) -> Result<String> {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("csrf", &self.csrf);
        let response = self.ask(Method::POST, &format!("{window}/typed"), form.finish()).await?;
        let page = String::from_utf8(axum::body::to_bytes(response.into_body(), MAX_PAGE).await?.to_vec())?;
        let (_, code) = page.split_once("data-typed>").context("no typed code in the window")?;
        Ok(code.chars().take_while(|c| *c != '<').collect())
    }

    async fn bytes(&self, path: &str) -> Result<Vec<u8>> {
        let response = self.ask(Method::GET, path, String::new()).await?;
        ensure!(response.status().is_success(), "{path}: {}", response.status());
        Ok(axum::body::to_bytes(response.into_body(), MAX_PAGE).await?.to_vec())
    }

    /// As the citizen's browser asks; nothing is followed by itself, a story looks at every step.
    async fn ask(&self, method: Method, path: &str, form: String) -> Result<Response<Body>> {
        let request = Request::builder().method(method).uri(path).header(HOST, &self.host).header(COOKIE, &self.cookie);
        let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(Body::from(form))?;
        Ok(self.pages.clone().oneshot(request).await?)
    }

    pub async fn choose_espace(&self, espace: &str) -> Result<()> {
        let to = self.submit("/espaces", &[("espace", espace)]).await?;
        ensure!(to == "/procedures", "choosing an eSpace leads to {to}");
        Ok(())
    }

    /// 'Generate': the address of the window and the text of its QR code.
    pub async fn generate(&self, code: NewCode<'_>) -> Result<(String, String)> {
        let fields = [("slot", code.slot), ("document_type", code.document_type), ("name", code.name)];
        let window = self.submit(&format!("/procedures/{}/tickets", code.procedure), &fields).await?;
        let text = self.code_text(&window).await?;
        Ok((window, text))
    }

    /// What the QR code of the window says, as the page offers it to a browser on the phone itself.
    pub async fn code_text(&self, window: &str) -> Result<String> {
        let page = self.page(window).await?;
        let start = page.find(&format!("{}t#", self.app.config.link_origin)).context("no code in the window")?;
        let text: String = page[start..].chars().take_while(|c| *c != '"').collect();
        Ok(text)
    }

    /// A received document, as its link gives it.
    pub async fn download(&self, document: &str) -> Result<Vec<u8>> {
        self.bytes(&format!("/documents/{document}")).await
    }
}

fn serve(app: &App, listener: TcpListener) -> Serving {
    let (stop, stopped) = oneshot::channel();
    let until = async move {
        // A computer that is dropped stops too.
        let _ = stopped.await;
    };
    Serving { stop, ends: tokio::spawn(portal::serve(app.clone(), listener, until)) }
}
