//! Fictional citizens and procedures. The demo differs from production in this data and its configuration only.

use crate::{
    App, Config,
    app::StartError,
    apps::Apps,
    config::{Login, SessionLimits},
    store::model::*,
};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use std::path::PathBuf;
use url::Url;

const SEED: &str = include_str!("../demo/seed.json");

/// A portal on loopback: `127.0.0.1` is its public host, `localhost` its link host.
pub fn config(data: PathBuf, port: u16, issuer: Url) -> Result<Config, url::ParseError> {
    Ok(Config {
        name: "Folio Portal".into(),
        listen: ([127, 0, 0, 1], port).into(),
        public_origin: Url::parse(&format!("http://127.0.0.1:{port}"))?,
        link_origin: Url::parse(&format!("http://localhost:{port}"))?,
        data,
        login: Login {
            issuer,
            client_id: "folio-portal".into(),
            client_secret_file: None,
            luxtrust_acr: "urn:folio:acr:luxtrust".into(),
            eid_acr: "urn:folio:acr:eid".into(),
        },
        time_zone: "Europe/Luxembourg".into(),
        min_app_version: "0.1.0".into(),
        session: SessionLimits::default(),
        apps: Apps::default(),
        loopback_http: true,
        invented: true,
        gate_program: None,
    })
}

/// Writes the seed and the files of the documents that are there already. A second time changes nothing.
pub async fn seed(app: &App) -> Result<(), StartError> {
    let mut seed: Seed = serde_json::from_str(SEED).map_err(|_| StartError::Seed)?;
    let issuer = app.config.login.issuer.as_str().trim_end_matches('/').to_owned();
    for citizen in &mut seed.citizens {
        citizen.iss.clone_from(&issuer);
    }
    let now = app.clock.now();
    let procedures = seed.espaces.iter_mut().flat_map(|espace| &mut espace.procedures);
    for (document_type, document) in procedures
        .flat_map(|procedure| &mut procedure.slots)
        .filter_map(|slot| Some((&slot.document_type, slot.document.as_mut()?)))
    {
        let object = format!("documents/{}", document.id);
        let pdf = paper(document_type, document.pages, document.received_at)?;
        document.bytes = pdf.len() as u64;
        document.sha256 = crate::intake::hex(&Sha256::digest(&pdf));
        app.files.put(&object, pdf.into()).await?;
    }
    for procedure in seed.espaces.iter_mut().flat_map(|espace| &mut espace.procedures).filter(|p| p.active) {
        procedure.deadline = now.checked_add(SignedDuration::from_hours(24 * 21)).ok();
    }
    Ok(app.store.seed(&seed).await?)
}

/// A small PDF that says what it stands for.
fn paper(title: &str, pages: u32, at: Timestamp) -> Result<Vec<u8>, StartError> {
    let mut objects = vec!["<< /Type /Catalog /Pages 2 0 R >>".to_owned()];
    let kids: Vec<String> = (0..pages).map(|page| format!("{} 0 R", 4 + 2 * page)).collect();
    objects.push(format!("<< /Type /Pages /Count {pages} /Kids [{}] >>", kids.join(" ")));
    objects.push("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned());
    for page in 0..pages {
        let text =
            format!("BT /F 24 Tf 72 740 Td ({title}) Tj 0 -40 Td /F 14 Tf (Page {}. Invented, {at}) Tj ET", page + 1);
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F 3 0 R >> >> /Contents {} 0 R >>",
            5 + 2 * page
        ));
        objects.push(format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()));
    }
    let mut pdf = String::from("%PDF-1.7\n");
    let mut offsets = Vec::new();
    for (number, object) in objects.iter().enumerate() {
        offsets.push(pdf.len());
        pdf += &format!("{} 0 obj\n{object}\nendobj\n", number + 1);
    }
    let start = pdf.len();
    pdf += &format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for offset in offsets {
        pdf += &format!("{offset:010} 00000 n \n");
    }
    pdf += &format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1);
    Ok(pdf.into_bytes())
}
