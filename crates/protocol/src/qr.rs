//! The text in a QR code: `https://LINK_ORIGIN/t#SECRET` (upload ticket) or `…/l#SECRET` (link code).
//!
//! The secret stands in the fragment, so it reaches no server log.

use crate::{Portal, Secret, origin::same_origin};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use url::Url;

/// 256 bits as 43 characters of base64url.
pub const SECRET_CHARS: usize = 43;

/// What a code asks for, and of which portal (index into the list that was given).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scanned {
    Ticket { portal: usize, secret: Secret<String> },
    Link { portal: usize, secret: Secret<String> },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QrProblem {
    /// No address, or an address of ours that is no code.
    #[error("not a code of a portal")]
    NotACode,
    /// An address that looks like a code, of a portal this app does not know.
    #[error("a code of another portal")]
    OtherPortal,
}

/// Text of an upload ticket's QR code.
pub fn ticket_text(link_origin: &Url, secret: &Secret<String>) -> String {
    format!("{}t#{}", link_origin, secret.expose())
}

/// Text of a link code's QR code.
pub fn link_text(link_origin: &Url, secret: &Secret<String>) -> String {
    format!("{}l#{}", link_origin, secret.expose())
}

/// Reads a scanned text. Only the origins in `portals` count; look-alikes are [`QrProblem::OtherPortal`].
pub fn read(text: &str, portals: &[Portal]) -> Result<Scanned, QrProblem> {
    let url = Url::parse(text.trim()).map_err(|_| QrProblem::NotACode)?;
    if !matches!(url.scheme(), "https" | "http") {
        return Err(QrProblem::NotACode);
    }
    let portal = portals.iter().position(|portal| same_origin(&portal.link_origin, &url));
    let secret = url.fragment().filter(|f| is_secret(f)).map(|f| Secret::new(f.to_owned()));
    let (Some(secret), None, "/t" | "/l") = (secret, url.query(), url.path()) else {
        return Err(if portal.is_some() { QrProblem::NotACode } else { foreign(&url) });
    };
    let portal = portal.ok_or(QrProblem::OtherPortal)?;
    Ok(if url.path() == "/t" { Scanned::Ticket { portal, secret } } else { Scanned::Link { portal, secret } })
}

/// A foreign address is called 'another portal' only where it imitates a code; else it is simply no code.
fn foreign(url: &Url) -> QrProblem {
    if url.fragment().is_some() && matches!(url.path(), "/t" | "/l") {
        QrProblem::OtherPortal
    } else {
        QrProblem::NotACode
    }
}

fn is_secret(fragment: &str) -> bool {
    fragment.len() == SECRET_CHARS && URL_SAFE_NO_PAD.decode(fragment).is_ok_and(|bytes| bytes.len() == 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn portals() -> Vec<Portal> {
        vec![Portal {
            name: "Example".into(),
            origin: Url::parse("https://portal.example").expect("url"),
            link_origin: Url::parse("https://link.example").expect("url"),
        }]
    }

    const SECRET: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

    #[test]
    fn reads_what_it_writes() {
        let secret = Secret::new(SECRET.to_owned());
        let text = ticket_text(&portals()[0].link_origin, &secret);
        assert_eq!(text, format!("https://link.example/t#{SECRET}"));
        assert_eq!(read(&text, &portals()), Ok(Scanned::Ticket { portal: 0, secret: secret.clone() }));
        let text = link_text(&portals()[0].link_origin, &secret);
        assert_eq!(text, format!("https://link.example/l#{SECRET}"));
        assert_eq!(read(&text, &portals()), Ok(Scanned::Link { portal: 0, secret }));
    }

    #[test]
    fn refuses_look_alikes() {
        for origin in [
            "http://link.example",
            "https://link.example.",
            "https://link.example:8443",
            "https://user@link.example",
            "https://link.example.evil.test",
            "https://l1nk.example",
            "https://lınk.example",
            "https://portal.example",
        ] {
            assert_eq!(read(&format!("{origin}/t#{SECRET}"), &portals()), Err(QrProblem::OtherPortal), "{origin}");
        }
    }

    #[test]
    fn refuses_what_is_no_code() {
        for text in [
            "",
            "hello",
            "WIFI:S:home;;",
            "javascript:alert(1)",
            "https://link.example/",
            "https://link.example/t",
            "https://link.example/t#short",
            "https://link.example/t?x=1#AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
            "https://news.example/story#top",
        ] {
            assert_eq!(read(text, &portals()), Err(QrProblem::NotACode), "{text}");
        }
    }
}
