//! Serving on a listener that is there already, until told to stop. `main` and the stories use the same few lines.

use crate::{App, router};
use std::{io, net::SocketAddr, time::Duration};
use tokio::{net::TcpListener, sync::oneshot};

/// What is under way when told to stop has this long to end. A page that follows a phone never lets go by itself: it
/// finds the portal again when that is back, and asks for what it missed.
const GRACE: Duration = Duration::from_secs(3);

/// Answers requests, checks documents and sweeps, until `stop` comes.
pub async fn serve(app: App, listener: TcpListener, stop: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
    let _background = app.start_background();
    let service = router::router(app).into_make_service_with_connect_info::<SocketAddr>();
    let (stopping, stopped) = oneshot::channel();
    let until = async move {
        stop.await;
        // The other end is gone only when serving is over anyway.
        let _ = stopping.send(());
    };
    let server = axum::serve(listener, service).with_graceful_shutdown(until);
    let cut = async {
        let _ = stopped.await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        served = async { server.await } => served,
        () = cut => Ok(()),
    }
}
