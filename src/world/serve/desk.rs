//! The one thing that the server and the rebuilding share: what is shown now. It is exchanged as a whole, and a request
//! is answered from what it found.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, ErrorKind, Read as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::http;
use crate::finding::Finding;
use crate::output::human::Lines;
use crate::pipeline::Judgement;
use crate::say;
use crate::say::Lang;
use crate::source::{Failure, Sources};
use crate::tree::{SiteTree, hex};

/// A site that was built, and what was found.
pub struct Site {
    /// Its files.
    pub tree: SiteTree,
    /// The findings, in their order, without the waived ones.
    pub(super) findings: Vec<Finding>,
    /// The lines that they are about.
    pub(super) lines: Lines,
    /// The file of the workspace that each page was written in, by the page's path.
    pub(super) written: BTreeMap<String, Arc<str>>,
    /// The language of the pages.
    pub(super) lang: Lang,
}

impl Site {
    /// Puts together what is shown. The findings of the judgement are taken.
    pub fn new(tree: SiteTree, judged: Judgement, sources: &Sources) -> Self {
        let lines = Lines::read(&judged.findings, sources);
        let written = judged.content.documents.iter().map(|d| (d.route.clone(), d.source.clone())).collect();
        let findings = judged.findings.into_iter().filter(|finding| finding.waived_by.is_none()).collect();
        Self { tree, findings, lines, written, lang: judged.config.site.lang }
    }
}

/// Why the newest state of the files is not shown.
pub(super) struct Broken {
    pub findings: Vec<Finding>,
    pub lines: Lines,
}

/// What is shown now.
#[derive(Clone, Default)]
pub(super) struct Shown {
    /// How often something was shown; 0 before the first time.
    pub version: u64,
    /// The last good site.
    pub site: Option<Arc<Site>>,
    /// What keeps a newer one from being shown.
    pub broken: Option<Arc<Broken>>,
    /// The language of messages while there is no site.
    pub lang: Lang,
}

/// What the threads share.
pub(super) struct Desk {
    /// Known only to pages that were served from here.
    pub token: String,
    shown: Mutex<Shown>,
    changed: Condvar,
}

impl Desk {
    /// A desk on which nothing is shown yet.
    pub fn new(token: String) -> Self {
        Self { token, shown: Mutex::default(), changed: Condvar::new() }
    }

    /// What is shown; waits for the first time.
    pub fn shown(&self) -> Shown {
        let mut shown = self.lock();
        while shown.version == 0 {
            shown = self.changed.wait(shown).unwrap_or_else(PoisonError::into_inner);
        }
        shown.clone()
    }

    /// Waits until something else is shown than at a version, at most so long. Whether it is.
    pub fn newer(&self, than: u64, patience: Duration) -> bool {
        let same = |shown: &mut Shown| shown.version <= than;
        let waited = self.changed.wait_timeout_while(self.lock(), patience, same);
        !waited.unwrap_or_else(PoisonError::into_inner).1.timed_out()
    }

    fn lock(&self) -> MutexGuard<'_, Shown> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes what is shown, and tells the pages.
    pub fn change(&self, change: impl FnOnce(&mut Shown)) {
        let mut shown = self.lock();
        change(&mut shown);
        shown.version += 1;
        self.changed.notify_all();
    }
}

/// A port on which a site is handed out.
pub struct Server {
    desk: Arc<Desk>,
    /// Where it listens.
    pub addr: SocketAddr,
}

impl Server {
    /// Listens on an address such as `127.0.0.1:4173`; port 0 means any that is free. Requests wait for the first site.
    pub fn listen(addr: &str) -> Result<Self, Failure> {
        let wanted = parse(addr)?;
        let listener = TcpListener::bind(wanted).map_err(|why| refused(wanted, &why))?;
        let addr = listener.local_addr().map_err(|why| refused(wanted, &why))?;
        let token = token()
            .map_err(|why| Failure(say!("无法取得随机数：{why}", "the machine gives no random numbers: {why}")))?;
        let desk = Arc::new(Desk::new(token));
        let shared = Arc::clone(&desk);
        std::thread::spawn(move || http::serve(&listener, &shared));
        Ok(Self { desk, addr })
    }

    /// Shows a site.
    pub fn show(&self, site: Arc<Site>) {
        self.desk.change(|shown| (shown.lang, shown.site, shown.broken) = (site.lang, Some(site), None));
    }

    /// Says what keeps a site from being shown; the last good one stays.
    pub fn broken(&self, findings: Vec<Finding>, sources: Option<&Sources>, lang: Lang) {
        let lines = sources.map(|sources| Lines::read(&findings, sources)).unwrap_or_default();
        self.desk.change(|shown| {
            shown.broken = Some(Arc::new(Broken { findings, lines }));
            if shown.site.is_none() {
                shown.lang = lang;
            }
        });
    }
}

/// An address and a port; `localhost` is this machine.
fn parse(addr: &str) -> Result<SocketAddr, Failure> {
    let local = addr.strip_prefix("localhost:").map(|port| format!("127.0.0.1:{port}"));
    local.as_deref().unwrap_or(addr).parse().map_err(|_| {
        let shown = addr.escape_debug().to_string();
        Failure(say!(
            "--addr {shown} 不是地址和端口；例如 127.0.0.1:4173，端口写 0 表示任选一个空闲的",
            "--addr {shown} is not an address with a port; write such as 127.0.0.1:4173, with port 0 for any that is free"
        ))
    })
}

fn refused(addr: SocketAddr, why: &io::Error) -> Failure {
    let next = addr.port().checked_add(1).unwrap_or(0);
    let ip = if addr.is_ipv6() { format!("[{}]", addr.ip()) } else { addr.ip().to_string() };
    Failure(match why.kind() {
        ErrorKind::AddrInUse => say!(
            "{addr} 已被别的程序占用（也许是另一个 wellkept serve）；请换一个端口，例如 --addr {ip}:{next}",
            "{addr} is in use by another program (perhaps another wellkept serve); choose another port, such as --addr {ip}:{next}"
        ),
        ErrorKind::PermissionDenied => say!(
            "没有权限使用 {addr}；请用 1024 以上的端口，例如 --addr {ip}:4173",
            "{addr} may not be used; choose a port above 1024, such as --addr {ip}:4173"
        ),
        ErrorKind::AddrNotAvailable => say!(
            "{addr} 不是这台机器的地址；请用 127.0.0.1:4173",
            "{addr} is no address of this machine; use 127.0.0.1:4173"
        ),
        _ => say!("无法监听 {addr}：{why}；请用 127.0.0.1:4173", "cannot listen on {addr}: {why}; use 127.0.0.1:4173"),
    })
}

/// 128 random bits.
fn token() -> io::Result<String> {
    let mut bytes = [0; 16];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(hex(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_refused_with_an_example() {
        assert_eq!(parse("localhost:80").unwrap(), parse("127.0.0.1:80").unwrap());
        assert!(parse("[::1]:4173").is_ok());
        for bad in ["", "4173", "127.0.0.1", "127.0.0.1:99999", "example.org:80", "\u{1b}[2J"] {
            let said = parse(bad).unwrap_err().0;
            assert!(said.en.contains("127.0.0.1:4173") && !said.en.contains('\u{1b}'), "{}", said.en);
        }
    }

    #[test]
    fn a_port_in_use_is_told_with_the_next_one() {
        let first = Server::listen("127.0.0.1:0").unwrap();
        let said = Server::listen(&first.addr.to_string()).err().unwrap().0;
        let next = format!("--addr 127.0.0.1:{}", first.addr.port() + 1);
        assert!(said.en.contains("in use") && said.en.contains(&next) && said.zh.contains(&next), "{}", said.en);
    }
}
