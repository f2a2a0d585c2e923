//! A byte that was acknowledged is there after the power went.

mod common;

use async_trait::async_trait;
use bytes::Bytes;
use common::{TestPortal, within};
use futures_util::stream::BoxStream;
use object_store::{
    CopyOptions, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore, PutMultipartOptions,
    PutOptions, PutPayload, PutResult, Result, UploadPart, memory::InMemory, path::Path,
};
use portal::files::Files;
use protocol::api::UploadState;
use std::{
    collections::HashSet,
    sync::{Arc, Mutex},
};
use tokio::sync::{Notify, Semaphore};

/// A store whose disk is slow: what is written is forgotten at a power cut until its sync returns, and a sync returns
/// when the test says so.
#[derive(Debug, Default, Clone)]
struct Forgetful(Arc<Parts>);

struct Parts {
    memory: InMemory,
    durable: Mutex<HashSet<String>>,
    syncing: Notify,
    may_return: Semaphore,
}

impl Default for Parts {
    fn default() -> Self {
        Self {
            memory: InMemory::new(),
            durable: Mutex::default(),
            syncing: Notify::new(),
            may_return: Semaphore::new(0),
        }
    }
}

impl std::fmt::Debug for Parts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Parts")
    }
}

impl std::fmt::Display for Forgetful {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Forgetful")
    }
}

impl Forgetful {
    async fn sync(&self, location: &Path) {
        self.0.syncing.notify_one();
        self.0.may_return.acquire().await.expect("open").forget();
        self.0.durable.lock().expect("lock").insert(location.to_string());
    }

    /// The worst moment for the power to go: bytes are written, their sync is under way. Nobody may rely on them,
    /// however long it takes. The portal is given all the time it would need to do so.
    async fn power_cut(&self, portal: &TestPortal) {
        within(self.0.syncing.notified()).await;
        let now = portal::clock::Clock::now(&*portal.clock);
        for _ in 0..20 {
            // One writer: a commit that was asked for before this one has happened when it returns.
            portal.app.store.expire(now).await.expect("answers");
            portal.phone(99).client.portal_info().await.expect("answers");
        }
        assert_eq!(self.forgotten(portal).await, Vec::<String>::new(), "relied on before it was durable");
    }

    /// Pieces and documents that the portal counts on and that a cut would take.
    async fn forgotten(&self, portal: &TestPortal) -> Vec<String> {
        let mut relied_on: Vec<_> = portal.app.store.objects_in_use().await.expect("answers").into_iter().collect();
        // A document under check is kept from the sweeper before it is written; that relies on nothing.
        relied_on
            .retain(|object| object.starts_with("uploads/") && !self.0.durable.lock().expect("lock").contains(object));
        relied_on
    }

    fn let_go(&self) {
        self.0.may_return.add_permits(1);
    }
}

#[async_trait]
impl ObjectStore for Forgetful {
    async fn put_opts(&self, location: &Path, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        let put = self.0.memory.put_opts(location, payload, options).await?;
        self.sync(location).await;
        Ok(put)
    }

    async fn put_multipart_opts(
        &self,
        location: &Path,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        let inner = self.0.memory.put_multipart_opts(location, options).await?;
        Ok(Box::new(Parted { inner, location: location.clone(), store: self.clone() }))
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        self.0.memory.get_opts(location, options).await
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        self.0.memory.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.0.memory.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.0.memory.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.0.memory.copy_opts(from, to, options).await
    }
}

#[derive(Debug)]
struct Parted {
    inner: Box<dyn MultipartUpload>,
    location: Path,
    store: Forgetful,
}

#[async_trait]
impl MultipartUpload for Parted {
    fn put_part(&mut self, data: PutPayload) -> UploadPart {
        self.inner.put_part(data)
    }

    async fn complete(&mut self) -> Result<PutResult> {
        let put = self.inner.complete().await?;
        self.store.sync(&self.location).await;
        Ok(put)
    }

    async fn abort(&mut self) -> Result<()> {
        self.inner.abort().await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_counted_or_acknowledged_before_it_is_durable() {
    let store = Forgetful::default();
    let portal = TestPortal::with_files(Files::store(Arc::new(store.clone()))).await;
    let (phone, pass) = portal.connected(1).await;
    let phone = Arc::new(phone);
    // Past the size that is written in one go, so both ways of writing are seen.
    let document = common::padded_pdf(9 << 20);
    phone.client.create_file(&pass, document.len() as u64).await.expect("creates");
    let mut offset = 0;
    for piece in [1 << 10, document.len()] {
        let end = document.len().min(offset + piece);
        let sent = Bytes::copy_from_slice(&document[offset..end]);
        let (sender, pass_too) = (phone.clone(), pass.clone());
        let patch = tokio::spawn(async move { sender.client.patch(&pass_too, offset as u64, sent).await });
        store.power_cut(&portal).await;
        assert!(!patch.is_finished(), "204 before the bytes were durable");
        assert_eq!(phone.client.offset(&pass).await, Ok(offset as u64));
        store.let_go();
        assert_eq!(within(patch).await.expect("runs"), Ok(end as u64));
        offset = end;
    }
    phone.client.complete(&pass, &common::complete(&document)).await.expect("hands in");
    store.power_cut(&portal).await;
    assert_eq!(phone.client.state(&pass).await, Ok(UploadState::Checking), "accepted before it was durable");
    assert!(portal.app.store.slots(common::PROCEDURE).await.expect("slots").iter().all(|slot| slot.document.is_none()));
    store.let_go();
    let state = phone.settled(&pass).await;
    assert!(matches!(state, UploadState::Accepted { .. }), "{state:?}");
}
