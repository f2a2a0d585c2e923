//! Serving begins on the listener it was given and ends when told to, whoever is still watching.

mod common;

use common::{desk::Desk, within};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
};

#[tokio::test]
async fn a_page_that_follows_a_phone_does_not_keep_the_portal_from_stopping() {
    let desk = Desk::open().await;
    let marie = desk.marie().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("binds");
    let address = listener.local_addr().expect("address");
    let (stop, stopped) = oneshot::channel::<()>();
    let until = async move { stopped.await.expect("is told") };
    let serving = tokio::spawn(portal::serve(desk.app.clone(), listener, until));

    let mut page = TcpStream::connect(address).await.expect("connects");
    let path = "/procedures/study-grant/events";
    let request = format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1:7000\r\ncookie: {}\r\n\r\n", marie.cookies[0]);
    page.write_all(request.as_bytes()).await.expect("asks");
    let mut status = [0; 12];
    within(page.read_exact(&mut status)).await.expect("answers");
    assert_eq!(&status, b"HTTP/1.1 200");

    stop.send(()).expect("tells");
    within(serving).await.expect("no panic").expect("ends well");
    assert!(TcpStream::connect(address).await.is_err(), "nobody listens any more");
}
