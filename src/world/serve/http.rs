//! As much of HTTP as a preview needs: GET and HEAD, one thread a connection, one request each. A path is looked up in
//! the tree and never joined to a folder.

use std::io::{self, BufRead as _, BufReader, Write};
use std::net::{IpAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::desk::Desk;
use super::inject;

/// What is ours and no page of the site begins so, and with the token.
const OWN: &str = "/_wellkept/";
/// The head of a request is at most so long, in bytes.
const HEAD: u64 = 16 * 1024;
/// So many connections at once; a browser holds one for each page that is open.
const CONNECTIONS: usize = 256;
/// How long a request may take to arrive, and an answer to be taken.
const SLOW: Duration = Duration::from_secs(10);
/// How often a page that waits for news is told that there is none, so that one that has gone is noticed.
const BEAT: Duration = Duration::from_secs(15);
/// What the browser is told of every page, beside the page's own policy.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
    form-action 'none'; base-uri 'none'; frame-ancestors 'none'";
/// The original files of records are shown and may do nothing.
const SANDBOX: &str = "default-src 'none'; sandbox";

/// Answers requests until the program ends.
pub(super) fn serve(listener: &TcpListener, desk: &Arc<Desk>) {
    let open = Arc::new(AtomicUsize::new(0));
    for stream in listener.incoming().flatten() {
        if open.fetch_add(1, Ordering::Relaxed) >= CONNECTIONS {
            open.fetch_sub(1, Ordering::Relaxed);
            continue;
        }
        let (desk, open) = (Arc::clone(desk), Arc::clone(&open));
        std::thread::spawn(move || {
            // A browser that went away is nobody's fault.
            let _ = connection(&stream, &desk);
            open.fetch_sub(1, Ordering::Relaxed);
        });
    }
}

fn connection(stream: &TcpStream, desk: &Desk) -> io::Result<()> {
    stream.set_read_timeout(Some(SLOW))?;
    stream.set_write_timeout(Some(SLOW))?;
    let mut out = stream;
    let Some(request) = read(stream)? else {
        return Answer::text(400, "bad request").write(&mut out, Body::Sent);
    };
    match answer(&request, desk) {
        Reply::Answer(answer) => {
            let body = if request.method == "HEAD" { Body::Withheld } else { Body::Sent };
            answer.write(&mut out, body)
        }
        Reply::Events(since) => events(&mut out, desk, since),
    }
}

/// The parts of a request that matter.
#[derive(Debug, Default, PartialEq, Eq)]
struct Request {
    method: String,
    /// As it was sent, without the query.
    path: String,
    query: String,
    host: String,
}

fn read(stream: impl io::Read) -> io::Result<Option<Request>> {
    let mut reader = BufReader::new(stream.take(HEAD));
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split_ascii_whitespace();
    let (Some(method), Some(target), Some(version)) = (words.next(), words.next(), words.next()) else {
        return Ok(None);
    };
    if !version.starts_with("HTTP/1.") || !target.starts_with('/') {
        return Ok(None);
    }
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut request =
        Request { method: method.to_owned(), path: path.to_owned(), query: query.to_owned(), host: String::new() };
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            // It ended, or was cut at the limit, before its head did.
            return Ok(None);
        }
        let Some((name, value)) = line.split_once(':') else {
            return Ok(line.trim().is_empty().then_some(request));
        };
        if name.eq_ignore_ascii_case("host") {
            value.trim().clone_into(&mut request.host);
        }
    }
}

enum Reply {
    Answer(Answer),
    /// A stream that tells when something newer than a version is shown.
    Events(u64),
}

fn answer(request: &Request, desk: &Desk) -> Reply {
    if !is_ours(&request.host) {
        return Reply::Answer(Answer::text(403, "this preview answers to IP addresses and to localhost only"));
    }
    if !matches!(request.method.as_str(), "GET" | "HEAD") {
        return Reply::Answer(Answer::text(405, "only GET and HEAD"));
    }
    if let Some(own) = request.path.strip_prefix(OWN) {
        let own = own.strip_prefix(desk.token.as_str()).unwrap_or_default();
        return match own {
            "/events" if request.method == "GET" => {
                let since = request.query.strip_prefix("since=").and_then(|text| text.parse().ok());
                Reply::Events(since.unwrap_or(0))
            }
            "/live.js" => Reply::Answer(Answer::new(200, "text/javascript; charset=utf-8", inject::SCRIPT)),
            "/panel.css" => Reply::Answer(Answer::new(200, "text/css; charset=utf-8", inject::STYLE)),
            _ => Reply::Answer(Answer::text(404, "not found")),
        };
    }
    Reply::Answer(page(&request.path, desk))
}

fn page(path: &str, desk: &Desk) -> Answer {
    let shown = desk.shown();
    let frame = inject::Frame { own: format!("{OWN}{}", desk.token), shown: &shown };
    let Some(site) = &shown.site else {
        return Answer::new(503, HTML, frame.alone().into_bytes());
    };
    let Some(mut path) = decoded(path) else { return Answer::text(400, "bad request") };
    if path.is_empty() || path.ends_with('/') {
        path.push_str("index.html");
    }
    let (code, path) = match site.tree.get(&path) {
        Some(_) => (200, path),
        None if site.tree.get(&format!("{path}/index.html")).is_some() => {
            let last = path.rsplit('/').next().unwrap_or_default();
            return Answer::moved(&format!("{}/", crate::page::inert::part(last)));
        }
        // Browsers ask for it of their own accord; that there is none is no mistake to be told of.
        None if path == "favicon.ico" => return Answer::new(204, "image/x-icon", ""),
        None => (404, "404.html".to_owned()),
    };
    let bytes = site.tree.get(&path).unwrap_or_default();
    let foreign = path.starts_with("evidence/");
    let kind = mime(&path);
    let body = match std::str::from_utf8(bytes) {
        Ok(text) if kind == HTML && !foreign => frame.around(&path, text).into_bytes(),
        _ => bytes.to_vec(),
    };
    let policy = if foreign { SANDBOX } else { POLICY };
    Answer { policy, ..Answer::new(code, kind, body) }
}

/// The path in the tree that a path of a request means; none where it is no text.
fn decoded(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.strip_prefix('/')?.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

/// Whether the browser asked this machine by an address, or by the one name that always means it. A page from elsewhere
/// whose name was made to lead here (DNS rebinding) asks by that name.
fn is_ours(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok()
}

const HTML: &str = "text/html; charset=utf-8";

fn mime(path: &str) -> &'static str {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).as_deref() {
        Some("html") => HTML,
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("csv") => "text/csv; charset=utf-8",
        Some("xml") => "application/xml",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("gif") => "image/gif",
        Some("webp") => "image/webp",
        Some("avif") => "image/avif",
        Some("ico") => "image/x-icon",
        Some("pdf") => "application/pdf",
        Some("txt" | "md" | "toml" | "log" | "yaml" | "yml" | "sh" | "sql" | "conf") => "text/plain; charset=utf-8",
        _ if name == crate::tree::SUMS => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

struct Answer {
    code: u16,
    kind: &'static str,
    policy: &'static str,
    location: Option<String>,
    body: Vec<u8>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Body {
    Sent,
    Withheld,
}

impl Answer {
    fn new(code: u16, kind: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self { code, kind, policy: POLICY, location: None, body: body.into() }
    }

    fn text(code: u16, why: &str) -> Self {
        Self::new(code, "text/plain; charset=utf-8", format!("{why}\n"))
    }

    fn moved(to: &str) -> Self {
        Self { location: Some(to.to_owned()), ..Self::text(302, "see the folder") }
    }

    fn write(&self, out: &mut impl Write, body: Body) -> io::Result<()> {
        let Self { code, kind, policy, location, .. } = self;
        let reason = match code {
            200 => "OK",
            204 => "No Content",
            302 => "Found",
            400 => "Bad Request",
            403 => "Forbidden",
            404 => "Not Found",
            405 => "Method Not Allowed",
            _ => "Service Unavailable",
        };
        let length = self.body.len();
        let mut head = format!(
            "HTTP/1.1 {code} {reason}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nContent-Security-Policy: {policy}\r\n\
             X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\nCross-Origin-Resource-Policy: same-origin\r\n\
             Cache-Control: no-store\r\nConnection: close\r\n"
        );
        if let Some(location) = location {
            head += "Location: ";
            head += location;
            head += "\r\n";
        }
        if *code == 405 {
            head.push_str("Allow: GET, HEAD\r\n");
        }
        head.push_str("\r\n");
        out.write_all(head.as_bytes())?;
        if body == Body::Sent {
            out.write_all(&self.body)?;
        }
        out.flush()
    }
}

/// Tells a page when something newer than what it shows is there, and ends: the page is loaded again then.
fn events(out: &mut impl Write, desk: &Desk, since: u64) -> io::Result<()> {
    out.write_all(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n\
          X-Content-Type-Options: nosniff\r\nCross-Origin-Resource-Policy: same-origin\r\nConnection: close\r\n\r\n: here\n\n",
    )?;
    out.flush()?;
    while !desk.newer(since, BEAT) {
        out.write_all(b": nothing new\n\n")?;
        out.flush()?;
    }
    out.write_all(b"data: newer\n\n")?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_refused_and_addresses_are_not() {
        for host in ["127.0.0.1:4173", "localhost:4173", "LOCALHOST", "[::1]:4173", "192.168.1.5:80", "10.0.0.1"] {
            assert!(is_ours(host), "{host}");
        }
        for host in ["", "evil.example:4173", "localhost.evil.example", "127.0.0.1.evil.example:4173", "[evil]:1"] {
            assert!(!is_ours(host), "{host}");
        }
    }

    #[test]
    fn heads_are_read_and_what_is_none_is_refused() {
        let ask = |text: &str| read(text.as_bytes()).unwrap();
        let request = ask("GET /a/b.html?x=1 HTTP/1.1\r\nHost: localhost:1\r\nAccept: */*\r\n\r\n").unwrap();
        assert_eq!((request.path.as_str(), request.query.as_str()), ("/a/b.html", "x=1"));
        assert_eq!((request.method.as_str(), request.host.as_str()), ("GET", "localhost:1"));
        let long = format!("GET / HTTP/1.1\r\nX: {}\r\n\r\n", "a".repeat(20_000));
        for bad in ["", "GET\r\n\r\n", "GET http://x/ HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\n", &long] {
            assert_eq!(ask(bad), None, "{}", &bad[..bad.len().min(40)]);
        }
    }

    #[test]
    fn paths_are_decoded_once_and_mean_nothing_but_a_key() {
        assert_eq!(decoded("/%E5%A4%87/a%20b.html").as_deref(), Some("备/a b.html"));
        assert_eq!(decoded("/%252e").as_deref(), Some("%2e"));
        assert_eq!(decoded("/../../etc/passwd").as_deref(), Some("../../etc/passwd"));
        for bad in ["", "a", "/%", "/%zz", "/%ff"] {
            assert_eq!(decoded(bad), None, "{bad}");
        }
    }
}
