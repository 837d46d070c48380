//! Taking connections: HTTP/1.1 with a limit on how long a client may take to say what it wants.

use std::future::Future;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tower::Service;

use super::unheard::{Worded, Words};

/// How long a client may take for the head of a request; a connection between two requests ends after that time too.
const HEAD: Duration = Duration::from_secs(30);
/// How long a server that was told to stop waits for requests under way; longer than any of them may take.
const LAST: Duration = Duration::from_secs(65);
/// How long to wait when the machine has no more connections to give.
const PAUSE: Duration = Duration::from_millis(500);

/// What answers: the router, and `words` for what cannot be read as a request.
#[derive(Clone)]
pub(super) struct Answers {
    pub router: Router,
    pub words: Words,
}

/// Serves until `stop`; then requests under way are finished.
pub(super) async fn listen(listener: TcpListener, answers: Answers, stop: impl Future<Output = ()>) {
    listen_with(listener, answers, stop, HEAD).await;
}

async fn listen_with(listener: TcpListener, answers: Answers, stop: impl Future<Output = ()>, head: Duration) {
    let connections = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => serve(stream, peer, answers.clone(), head, &connections),
                // The client has gone before it was heard: nothing of ours.
                Err(error) if gone(error.kind()) => {}
                Err(error) => {
                    tracing::error!(%error, "no connection can be accepted");
                    tokio::time::sleep(PAUSE).await;
                }
            },
            () = &mut stop => break,
        }
    }
    drop(listener);
    if tokio::time::timeout(LAST, connections.shutdown()).await.is_err() {
        tracing::warn!("connections that did not end in time were cut");
    }
}

fn gone(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::ConnectionAborted | ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset)
}

fn serve(stream: TcpStream, peer: SocketAddr, answers: Answers, head: Duration, connections: &GracefulShutdown) {
    let Answers { router, words } = answers;
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        // A router is always ready.
        router.clone().call(request.map(Body::new))
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head)
        .serve_connection(TokioIo::new(Worded::new(stream, words)), service);
    let watched = connections.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = watched.await {
            tracing::debug!(%error, "a connection ended");
        }
    });
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use axum::http::HeaderMap;

    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    #[tokio::test]
    async fn a_head_that_never_ends_is_cut_and_whole_ones_are_answered() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route(
            "/",
            axum::routing::get(|ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.ip().to_string() }),
        );
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let told = async move { drop(stopped.await) };
        let words: Words = Arc::new(|status, heard| {
            let heard = String::from_utf8_lossy(heard).lines().next().unwrap_or_default().to_owned();
            (HeaderMap::new(), format!("{status} after {heard}").into())
        });
        let answers = Answers { router, words };
        let server = tokio::spawn(listen_with(listener, answers, told, Duration::from_millis(50)));
        let ask = async |head: &str| {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(head.as_bytes()).await.unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
            answer
        };
        let answer = ask("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("127.0.0.1"), "{answer}");
        assert_eq!(ask("GET / HTTP/1.1\r\nHost: a\r\nX-Slow:").await, "", "cut without an answer");
        // What hyper refuses before the router hears of it goes out with words, and is whole.
        let many = format!("GET /x HTTP/1.1\r\n{}\r\n", "X-One: 1\r\n".repeat(120));
        let long = format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(70_000));
        for (head, words) in [
            ("GET / HTTP/9.9\r\n\r\n", "400 Bad Request after GET / HTTP/9.9"),
            (long.as_str(), "414 URI Too Long after GET /aaa"),
            (many.as_str(), "431 Request Header Fields Too Large after GET /x HTTP/1.1"),
        ] {
            let answer = ask(head).await;
            let (lines, body) = answer.split_once("\r\n\r\n").unwrap();
            assert!(body.starts_with(words), "{answer}");
            assert!(lines.contains(&format!("\r\ncontent-length: {}", body.len())), "{answer}");
            assert_eq!(lines.matches("content-length").count(), 1, "{answer}");
        }
        assert!(!ask("HEAD / HTTP/9.9\r\n\r\n").await.contains("after"), "an answer to HEAD has no body");
        // A connection that says nothing does not keep the server from ending.
        let idle = TcpStream::connect(address).await.unwrap();
        stop.send(()).unwrap();
        server.await.unwrap();
        drop(idle);
    }
}
