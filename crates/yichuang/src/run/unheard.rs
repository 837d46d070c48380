//! Words where the protocol's own code has none: a first line or headers that cannot be read never reach the router, and
//! hyper refuses them with an empty 400, 414 or 431. On its way out that answer gets its page or its problem document.

use std::io::{Error, ErrorKind, IoSlice, Result};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Headers and body for a refusal, from its status and from what was heard of the request.
pub(super) type Words = Arc<dyn Fn(StatusCode, &[u8]) -> (HeaderMap, Bytes) + Send + Sync>;

/// Bytes that are remembered of where a request begins, for its path, and of the last that came in, for the language it asks for:
/// an address that is too long stands between the two.
const BEGINNING: usize = 1024;
const LATEST: usize = 8192;

/// A connection on which no refusal goes out without words.
pub(super) struct Worded<S> {
    stream: S,
    words: Words,
    /// The beginning and the latest of what has come in since the last answer.
    heard: Vec<u8>,
    /// An answer of ours that is on its way.
    unsent: Vec<u8>,
}

impl<S: AsyncWrite + Unpin> Worded<S> {
    pub(super) fn new(stream: S, words: Words) -> Worded<S> {
        Worded { stream, words, heard: Vec::new(), unsent: Vec::new() }
    }

    /// Sends what is on its way.
    fn send(&mut self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        while !self.unsent.is_empty() {
            let sent = ready!(Pin::new(&mut self.stream).poll_write(cx, &self.unsent))?;
            if sent == 0 {
                return Poll::Ready(Err(Error::from(ErrorKind::WriteZero)));
            }
            self.unsent.drain(..sent);
        }
        Poll::Ready(Ok(()))
    }

    /// Puts an answer with words in the place of one without; false where `head` is any other.
    fn worded(&mut self, head: &[u8]) -> bool {
        let refused = refusal(head).filter(|_| !self.heard.starts_with(b"HEAD "));
        if let Some((status, lines)) = &refused {
            let (headers, body) = (self.words)(*status, &self.heard);
            self.unsent.extend_from_slice(lines.as_bytes());
            for (name, value) in &headers {
                let parts: [&[u8]; 4] = [name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"];
                parts.iter().for_each(|part| self.unsent.extend_from_slice(part));
            }
            self.unsent.extend_from_slice(format!("content-length: {}\r\n\r\n", body.len()).as_bytes());
            self.unsent.extend_from_slice(&body);
        }
        self.heard.clear();
        refused.is_some()
    }
}

/// The status of an answer that refuses a request without a word, and its lines without the length.
fn refusal(head: &[u8]) -> Option<(StatusCode, String)> {
    const EMPTY: &str = "\r\ncontent-length: 0\r\n";
    // Nearly every answer ends here, after a look at its first bytes.
    let code = head.strip_prefix(b"HTTP/1.").filter(|rest| rest.get(1..3) == Some(b" 4".as_slice()))?.get(2..5)?;
    let status = StatusCode::from_bytes(code).ok().filter(|status| matches!(status.as_u16(), 400 | 414 | 431))?;
    let lines = std::str::from_utf8(head).ok()?.strip_suffix("\r\n")?;
    let bare = lines.contains(EMPTY) && !lines.contains("\r\ncontent-type:");
    bare.then(|| (status, lines.replace(EMPTY, "\r\n")))
}

impl<S: AsyncRead + Unpin> AsyncRead for Worded<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<Result<()>> {
        let this = self.get_mut();
        let before = buf.filled().len();
        ready!(Pin::new(&mut this.stream).poll_read(cx, buf))?;
        this.heard.extend_from_slice(buf.filled().get(before..).unwrap_or_default());
        if this.heard.len() > BEGINNING + 2 * LATEST {
            this.heard.drain(BEGINNING..this.heard.len() - LATEST);
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Worded<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<Result<usize>> {
        let this = self.get_mut();
        ready!(this.send(cx))?;
        if this.worded(buf) {
            return Poll::Ready(Ok(buf.len()));
        }
        Pin::new(&mut this.stream).poll_write(cx, buf)
    }

    fn poll_write_vectored(self: Pin<&mut Self>, cx: &mut Context<'_>, bufs: &[IoSlice<'_>]) -> Poll<Result<usize>> {
        let this = self.get_mut();
        ready!(this.send(cx))?;
        if let Some(first) = bufs.iter().find(|buf| !buf.is_empty())
            && this.worded(first)
        {
            return Poll::Ready(Ok(first.len()));
        }
        Pin::new(&mut this.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        let this = self.get_mut();
        ready!(this.send(cx))?;
        Pin::new(&mut this.stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        let this = self.get_mut();
        ready!(this.send(cx))?;
        Pin::new(&mut this.stream).poll_shutdown(cx)
    }
}
