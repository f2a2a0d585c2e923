//! The OpenID Connect provider, discovered at the first login and kept.

use super::LoginError;
use crate::{config::Config, rng::Rng, store::model::Means};
use jiff::Timestamp;
use openidconnect::{
    AsyncHttpClient, AuthenticationContextClass, AuthenticationFlow, AuthorizationCode, ClientId, ClientSecret,
    CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, IssuerUrl, Nonce,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, TokenResponse,
    core::{CoreClient, CoreProviderMetadata, CoreResponseType},
};
use protocol::Secret;
use std::{pin::Pin, sync::Arc, time::Duration};
use tokio::sync::OnceCell;

type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// Answers of a provider are small; more than this is no answer.
const MAX_ANSWER: usize = 1 << 20;
/// A login older than this, in seconds, is not what the citizen just did.
const MAX_AGE: i64 = 10 * 60;
/// How far the provider's clock may be ahead of ours, in seconds.
const SKEW: i64 = 60;

pub struct Provider {
    config: Config,
    secret: Option<Secret<String>>,
    http: reqwest::Client,
    client: OnceCell<Client>,
}

/// Where to send the browser, and what to remember until it comes back.
pub struct Departure {
    pub address: String,
    pub state: String,
    pub nonce: String,
    pub verifier: Secret<String>,
}

/// Who came back.
pub struct Identity {
    pub iss: String,
    pub sub: String,
    pub name: String,
    pub acr: String,
    pub amr: String,
    pub auth_time: Timestamp,
}

impl Provider {
    pub fn new(config: &Config, secret: Option<Secret<String>>) -> Result<Self, LoginError> {
        let unreachable = |error: &dyn std::fmt::Display| LoginError::Unreachable(error.to_string());
        let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.into() };
        let tls = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| unreachable(&error))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .redirect(reqwest::redirect::Policy::none())
            .https_only(!config.loopback_http)
            .timeout(Duration::from_secs(10))
            .build()
            .map_err(|error| unreachable(&error))?;
        Ok(Self { config: config.clone(), secret, http, client: OnceCell::new() })
    }

    pub async fn depart(&self, means: Means, rng: &dyn Rng) -> Result<Departure, LoginError> {
        let draw = || rng.token().expose().clone();
        let (verifier, state, nonce) = (PkceCodeVerifier::new(draw()), draw(), draw());
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
        let (address, state, nonce) = self
            .client()
            .await?
            .authorize_url(
                AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
                move || CsrfToken::new(state),
                move || Nonce::new(nonce),
            )
            .add_scope(Scope::new("profile".into()))
            .add_auth_context_value(AuthenticationContextClass::new(self.acr(means).to_owned()))
            .set_max_age(Duration::from_secs(0))
            .set_pkce_challenge(challenge)
            .url();
        Ok(Departure {
            address: address.to_string(),
            state: state.secret().clone(),
            nonce: nonce.secret().clone(),
            verifier: Secret::new(verifier.secret().clone()),
        })
    }

    /// Exchanges the code and checks the identity: signature, nonce, `acr` and `auth_time`.
    pub async fn arrive(
        &self,
        code: String,
        nonce: String,
        verifier: &Secret<String>,
        means: Means,
        now: Timestamp,
    ) -> Result<Identity, LoginError> {
        let answer = |error: &dyn std::fmt::Display| LoginError::Answer(error.to_string());
        let client = self.client().await?;
        let tokens = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|error| answer(&error))?
            .set_pkce_verifier(PkceCodeVerifier::new(verifier.expose().clone()))
            .request_async(&Http(self.http.clone()))
            .await
            .map_err(|error| answer(&error))?;
        let id_token = tokens.id_token().ok_or_else(|| LoginError::Answer("no id token".into()))?;
        let at = chrono::DateTime::from_timestamp(now.as_second(), 0).unwrap_or_default();
        let verifier = client.id_token_verifier().set_time_fn(move || at);
        let claims = id_token.claims(&verifier, &Nonce::new(nonce)).map_err(|error| answer(&error))?;
        let acr = claims.auth_context_ref().map(|acr| acr.to_string());
        let wanted = self.acr(means);
        if acr.as_deref() != Some(wanted) {
            return Err(LoginError::Acr { wanted: wanted.to_owned(), got: acr });
        }
        let auth_time = claims.auth_time().ok_or_else(|| LoginError::Answer("no auth_time".into()))?.timestamp();
        let age = now.as_second() - auth_time;
        if !(-SKEW..=MAX_AGE).contains(&age) {
            return Err(LoginError::Stale(age));
        }
        let name = claims.name().and_then(|name| name.get(None)).map(|name| name.to_string());
        let amr = claims.auth_method_refs().into_iter().flatten().map(|amr| amr.to_string()).collect::<Vec<_>>();
        Ok(Identity {
            iss: claims.issuer().to_string(),
            sub: claims.subject().to_string(),
            name: name.ok_or_else(|| LoginError::Answer("no name".into()))?,
            acr: wanted.to_owned(),
            amr: amr.join(" "),
            auth_time: Timestamp::from_second(auth_time).map_err(|error| answer(&error))?,
        })
    }

    fn acr(&self, means: Means) -> &str {
        self.config.login.acr(means)
    }

    async fn client(&self) -> Result<&Client, LoginError> {
        self.client.get_or_try_init(|| self.discover()).await
    }

    async fn discover(&self) -> Result<Client, LoginError> {
        let unreachable = |error: &dyn std::fmt::Display| LoginError::Unreachable(error.to_string());
        let issuer = self.config.login.issuer.as_str().trim_end_matches('/').to_owned();
        let issuer = IssuerUrl::new(issuer).map_err(|error| unreachable(&error))?;
        let metadata = CoreProviderMetadata::discover_async(issuer, &Http(self.http.clone()))
            .await
            .map_err(|error| unreachable(&error))?;
        let redirect = RedirectUrl::new(self.config.address("/login/callback")).map_err(|error| unreachable(&error))?;
        let secret = self.secret.as_ref().map(|secret| ClientSecret::new(secret.expose().clone()));
        let id = ClientId::new(self.config.login.client_id.clone());
        Ok(CoreClient::from_provider_metadata(metadata, id, secret).set_redirect_uri(redirect))
    }
}

#[derive(Debug, thiserror::Error)]
enum SendError {
    #[error(transparent)]
    Http(#[from] reqwest::Error),
    #[error(transparent)]
    Form(#[from] http::Error),
    #[error("the answer is too large")]
    TooLarge,
}

/// Our client under the name that `openidconnect` asks for.
struct Http(reqwest::Client);

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = SendError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, SendError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(send(&self.0, request))
    }
}

async fn send(http: &reqwest::Client, request: HttpRequest) -> Result<HttpResponse, SendError> {
    let mut response = http.execute(request.try_into()?).await?;
    let mut answer = http::Response::builder().status(response.status());
    for (name, value) in response.headers() {
        answer = answer.header(name, value);
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > MAX_ANSWER {
            return Err(SendError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(answer.body(body)?)
}
