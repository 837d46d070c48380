//! A small HTTP/1.1 client that keeps its connection: enough to load a server that we know, and cheap enough to share the
//! machine with it.

use std::io::{Error, ErrorKind, Read, Result, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

/// Longer than any request may take.
const PATIENCE: Duration = Duration::from_secs(90);

/// One connection, opened when first needed and again after an error.
#[derive(Debug)]
pub struct Client {
    port: u16,
    stream: Option<TcpStream>,
    buffer: Vec<u8>,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Status.
    pub status: u16,
    /// Body as it was sent, so compressed if the request allowed it.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// The bytes of a GET request.
pub fn get(path: &str, headers: &[(&str, &str)]) -> Vec<u8> {
    request("GET", path, headers, None)
}

/// The bytes of a POST request with a JSON body.
pub fn post(path: &str, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    request("POST", path, headers, Some(body))
}

fn request(method: &str, path: &str, headers: &[(&str, &str)], body: Option<&str>) -> Vec<u8> {
    let mut text = format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    if let Some(body) = body {
        text.push_str(&format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len()));
    }
    text.push_str("\r\n");
    text.push_str(body.unwrap_or_default());
    text.into_bytes()
}

impl Client {
    /// To a port of this machine.
    pub fn new(port: u16) -> Client {
        Client { port, stream: None, buffer: Vec::new() }
    }

    /// Sends one request and waits for its answer.
    pub fn send(&mut self, request: &[u8]) -> Result<Answer> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => open(self.port)?,
        };
        self.buffer.clear();
        stream.write_all(request)?;
        let answer = read(&mut stream, &mut self.buffer)?;
        self.stream = Some(stream);
        Ok(answer)
    }
}

fn open(port: u16) -> Result<TcpStream> {
    let stream = TcpStream::connect(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    Ok(stream)
}

fn bad(what: &str) -> Error {
    Error::new(ErrorKind::InvalidData, what.to_owned())
}

/// Reads more; the end of the connection in the middle of an answer is an error.
fn more(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Result<()> {
    let mut chunk = [0; 16 << 10];
    let count = stream.read(&mut chunk)?;
    if count == 0 {
        return Err(bad("the server closed the connection"));
    }
    buffer.extend_from_slice(chunk.get(..count).unwrap_or_default());
    Ok(())
}

fn read(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Result<Answer> {
    let head_end = loop {
        match find(buffer, b"\r\n\r\n", 0) {
            Some(end) => break end,
            None => more(stream, buffer)?,
        }
    };
    let head = String::from_utf8_lossy(buffer.get(..head_end).unwrap_or_default()).to_ascii_lowercase();
    let status = head.get(9..12).and_then(|text| text.parse().ok()).ok_or_else(|| bad("no status line"))?;
    let header = |name: &str| {
        head.lines().filter_map(|line| line.split_once(':')).find(|(own, _)| *own == name).map(|(_, v)| v.trim())
    };
    let start = head_end + 4;
    if header("transfer-encoding").is_some_and(|value| value.contains("chunked")) {
        return Ok(Answer { status, body: chunks(stream, buffer, start)? });
    }
    let length: usize = header("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
    while buffer.len() < start + length {
        more(stream, buffer)?;
    }
    Ok(Answer { status, body: buffer.get(start..start + length).unwrap_or_default().to_vec() })
}

fn chunks(stream: &mut TcpStream, buffer: &mut Vec<u8>, mut at: usize) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line_end = loop {
            match find(buffer, b"\r\n", at) {
                Some(end) => break end,
                None => more(stream, buffer)?,
            }
        };
        let line = buffer.get(at..line_end).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default();
        let size = usize::from_str_radix(line.trim(), 16).map_err(|_| bad("a chunk without its size"))?;
        let start = line_end + 2;
        while buffer.len() < start + size + 2 {
            more(stream, buffer)?;
        }
        body.extend_from_slice(buffer.get(start..start + size).unwrap_or_default());
        at = start + size + 2;
        if size == 0 {
            return Ok(body);
        }
    }
}

fn find(buffer: &[u8], what: &[u8], from: usize) -> Option<usize> {
    let rest = buffer.get(from..)?;
    rest.windows(what.len()).position(|window| window == what).map(|place| place + from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    /// Answers every request of one connection with these bytes, in pieces of seven.
    fn server(answer: &'static str) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut asked = [0; 4096];
            while stream.read(&mut asked).is_ok_and(|count| count > 0) {
                for piece in answer.as_bytes().chunks(7) {
                    stream.write_all(piece).unwrap();
                    stream.flush().unwrap();
                }
            }
        });
        port
    }

    #[test]
    fn answers_are_read_whole_however_they_come() {
        let all = [
            ("HTTP/1.1 201 Created\r\nContent-Length: 11\r\n\r\nhello world", 201, "hello world"),
            (
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n6\r\nhello \r\n5\r\nworld\r\n0\r\n\r\n",
                200,
                "hello world",
            ),
            ("HTTP/1.1 204 No Content\r\n\r\n", 204, ""),
        ];
        for (bytes, status, body) in all {
            let mut client = Client::new(server(bytes));
            for _ in 0..3 {
                let answer = client.send(&get("/", &[])).unwrap();
                assert_eq!((answer.status, answer.text().as_str()), (status, body));
            }
        }
    }
}
