//! `serve`: what it hands out is what `build` publishes, whatever was edited before; what is broken is told and mended;
//! who may not ask gets no answer.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::program::{command, must, run};
use crate::workspace::{Workspace, tree};

const AS_OF: &str = "2026-06-30";
const MARKS: [&str; 2] = ["<!--wellkept serve-->", "<!--/wellkept serve-->"];

/// A preview of a workspace, ended with the test.
struct Preview {
    child: Child,
    addr: String,
}

/// What was answered: the code, the head, the body.
struct Answer {
    code: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body without what is put into pages that are served.
    fn bare(&self) -> Vec<u8> {
        let Ok(mut page) = String::from_utf8(self.body.clone()) else { return self.body.clone() };
        if page.contains(MARKS[0]) {
            page = page.replacen("connect-src 'self'; ", "", 1);
        }
        while let Some(from) = page.find(MARKS[0]) {
            let to = from + page[from..].find(MARKS[1]).unwrap() + MARKS[1].len();
            page.replace_range(from..to, "");
        }
        page.into_bytes()
    }
}

impl Preview {
    fn of(ws: &Workspace, args: &[&str]) -> Self {
        let all = [&["serve", "--addr", "127.0.0.1:0", "--lang", "en"], args].concat();
        let mut child = command(ws.root(), &all).stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        lines.read_line(&mut line).unwrap();
        let addr = line.split("http://").nth(1).unwrap_or_else(|| panic!("{line}"));
        let addr = addr.split('/').next().unwrap().to_owned();
        // What it says later is read, so that it never waits for us.
        std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
        Self { child, addr }
    }

    fn send(&self, request: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.addr).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        stream
    }

    fn ask(&self, request: &str) -> Answer {
        let mut bytes = Vec::new();
        self.send(request).read_to_end(&mut bytes).unwrap();
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        Answer { code: head[9..12].parse().unwrap(), head, body: bytes[end + 4..].to_vec() }
    }

    fn get(&self, path: &str) -> Answer {
        self.ask(&format!("GET /{path} HTTP/1.1\r\nHost: {}\r\n\r\n", self.addr))
    }

    /// Asks for a page until it is as it should be.
    fn until(&self, path: &str, what: &str, holds: impl Fn(&Answer) -> bool) -> Answer {
        let begun = Instant::now();
        loop {
            let answer = self.get(path);
            if holds(&answer) {
                return answer;
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "{what}: {}", answer.text());
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn small() -> Workspace {
    let ws = Workspace::small(
        "-- records/backup/2026-04.csv --\nid,system,started_at,finished_at,type,result,offsite\n\
         B-1,oa,2026-04-01 01:00,2026-04-01 01:10,full,success,yes\n\
         -- content/runbooks/restore.md --\n---\ntitle: 恢复\nowner: 管理员甲\n---\n\n## 步骤\n\n1. 停止服务\n\
         -- content/notes/first.md --\n# 第一页\n\n见[恢复](../runbooks/restore.md#步骤)。\n",
    );
    ws.write(".gitignore", "site/\n");
    ws
}

/// The site as `build` publishes it.
fn built(ws: &Workspace) -> BTreeMap<String, Vec<u8>> {
    must(ws.root(), &["build", "-q", "--as-of", AS_OF], 0);
    let mut site = tree(&ws.path("site"));
    site.remove(".wellkept-site");
    site
}

fn encoded(path: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'.' | b'-' | b'_');
    path.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

/// Every file that is served against every file that is built.
fn same(preview: &Preview, ws: &Workspace) {
    let site = built(ws);
    let sums = site["SHA256SUMS"].clone();
    preview.until("SHA256SUMS", "the last edit is shown", |answer| answer.body == sums);
    for (path, bytes) in &site {
        let answer = preview.get(&encoded(path));
        assert_eq!(answer.code, 200, "{path}");
        assert!(answer.bare() == *bytes, "{path} is not served as it is built");
        let page = path.ends_with(".html") && !path.starts_with("evidence/");
        assert_eq!(answer.text().contains("live.js"), page, "{path}");
        assert!(!String::from_utf8_lossy(bytes).contains("_wellkept/"), "{path} is published with what is for serving");
    }
}

#[test]
fn what_is_served_is_what_is_built() {
    let ws = small();
    let preview = Preview::of(&ws, &["--as-of", AS_OF]);
    same(&preview, &ws);
    let folder = preview.get("runbooks");
    assert_eq!((folder.code, folder.head.contains("Location: runbooks/")), (302, true));
    assert_eq!(preview.get("runbooks/").bare(), preview.get("runbooks/index.html").bare());
    let missing = preview.get("no/such.html");
    assert_eq!((missing.code, missing.bare()), (404, preview.get("404.html").bare()));
}

#[test]
fn after_two_hundred_edits_it_is_what_a_fresh_build_is() {
    let ws = small();
    let preview = Preview::of(&ws, &["--as-of", AS_OF]);
    // A generator of its own (Knuth, MMIX), so that a run can be repeated.
    let mut state: u64 = 20_261_125;
    let mut random = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let begun = Instant::now();
    for edit in 0..200 {
        let (month, day) = (4 + random(3), 1 + random(28));
        let table = format!("records/backup/2026-{month:02}.csv");
        let page = format!("content/notes/n{}/page-{}.md", random(3), random(4));
        match random(10) {
            0..=3 => {
                let mut text = fs::read_to_string(ws.path(&table))
                    .unwrap_or_else(|_| "id,system,started_at,finished_at,type,result,offsite\n".to_owned());
                let result = ["success", "failed", "no such result"][random(3) as usize];
                text.push_str(&format!("E-{edit},oa,2026-{month:02}-{day:02} 02:00,,full,{result},yes\n"));
                ws.write(&table, text);
            }
            4 => drop(fs::remove_file(ws.path(&table))),
            5 | 6 => {
                fs::create_dir_all(ws.path(&page).parent().unwrap()).unwrap();
                let anchor = ["步骤", "没有"][random(2) as usize];
                ws.write(&page, format!("# 页 {edit}\n\n[恢复](../../runbooks/restore.md#{anchor})\n"));
            }
            7 => drop(fs::remove_dir_all(ws.path(format!("content/notes/n{}", random(3))))),
            8 => {
                // As editors save: beside, then renamed.
                ws.write("content/runbooks/.restore.md.swp", format!("# 恢复\n\n## 步骤\n\n{edit}\n"));
                fs::rename(ws.path("content/runbooks/.restore.md.swp"), ws.path("content/runbooks/restore.md"))
                    .unwrap();
            }
            _ => {
                let title = ["title = \"档案\"", "titel = \"档案\"", "title = \"另一个档案\""][random(3) as usize];
                let config = crate::workspace::CONFIG.replace("title = \"档案\"", title);
                ws.write("wellkept.toml", config);
            }
        }
        std::thread::sleep(Duration::from_millis([0, 10, 60, 200][random(4) as usize]));
    }
    // At the end nothing is broken, so that there is a build to compare with.
    ws.write("wellkept.toml", crate::workspace::CONFIG);
    for (path, bytes) in tree(&ws.path("content")) {
        let text = String::from_utf8(bytes).unwrap();
        ws.write(&format!("content/{path}"), text.replace("#没有", "#步骤"));
    }
    same(&preview, &ws);
    assert!(begun.elapsed() < Duration::from_secs(180), "{:?}", begun.elapsed());
}

#[test]
fn what_is_broken_is_told_and_the_last_good_page_stays() {
    let ws = small();
    let preview = Preview::of(&ws, &["--as-of", AS_OF]);
    let page = "notes/first.html";
    let good = preview.get(page).bare();
    let broken = |what: &str, place: &str| {
        let answer = preview.until(page, what, |answer| answer.text().contains("class=\"banner\""));
        assert_eq!(answer.bare(), good, "{what}");
        assert!(answer.text().contains(&format!("<code>{place}</code>")), "{what}: {place}: {}", answer.text());
    };
    let mended = || _ = preview.until(page, "mended", |answer| !answer.text().contains("class=\"banner\""));

    ws.write("wellkept.toml", crate::workspace::CONFIG.replace("title", "titel"));
    broken("a key that is not known", "wellkept.toml:2:1");
    ws.write("wellkept.toml", crate::workspace::CONFIG);
    mended();
    let text = fs::read_to_string(ws.path("content/notes/first.md")).unwrap();
    ws.write("content/notes/first.md", format!("{text}\n[x<b>](nowhere.md)\n"));
    broken("a dead link", "content/notes/first.md:5:1");
    assert!(preview.get(page).text().contains("<mark>[x&lt;b&gt;](nowhere.md)</mark>"), "the line is shown, escaped");
    ws.write("content/notes/first.md", &text);
    mended();
    ws.write("themes/default/templates/page.html", "{% extends \"base.html\" %}\n{{ nothing }}");
    let _ = preview.until(page, "a broken template", |answer| answer.text().contains("class=\"banner\""));
    assert!(preview.get(page).text().contains("<code>themes/default/templates/page.html"));
    fs::remove_dir_all(ws.path("themes")).unwrap();
    mended();
    assert_eq!(preview.get(page).bare(), good);
}

#[test]
fn a_first_build_that_fails_is_told_until_it_is_mended() {
    let ws = small();
    ws.write("wellkept.toml", "[site]\n");
    let preview = Preview::of(&ws, &["--as-of", AS_OF]);
    let answer = preview.get("runbooks/restore.html");
    assert_eq!(answer.code, 503);
    assert!(answer.text().contains("wellkept.toml") && answer.text().contains("live.js"), "{}", answer.text());
    ws.write("wellkept.toml", crate::workspace::CONFIG);
    preview.until("runbooks/restore.html", "mended", |answer| answer.code == 200);
    same(&preview, &ws);
}

#[test]
fn a_page_that_waits_is_told_of_a_change() {
    let ws = small();
    let preview = Preview::of(&ws, &["--as-of", AS_OF, "--poll"]);
    let page = preview.get("notes/first.html").text();
    let script = page.split("src=\"/_wellkept/").nth(1).unwrap();
    let token = script.split('/').next().unwrap();
    let version = page.split("data-version=\"").nth(1).unwrap().split('"').next().unwrap();
    let host = &preview.addr;
    let events =
        |token: &str| format!("GET /_wellkept/{token}/events?since={version} HTTP/1.1\r\nHost: {host}\r\n\r\n");
    assert_eq!(preview.ask(&events("0")).code, 404);
    let mut stream = preview.send(&events(token));
    ws.write("content/notes/first.md", "# 第一页\n\n改过了\n");
    let mut said = String::new();
    stream.read_to_string(&mut said).unwrap();
    assert!(said.contains("text/event-stream") && said.ends_with("data: newer\n\n"), "{said}");
    assert!(preview.get("notes/first.html").text().contains("改过了"));
}

#[test]
fn who_may_not_ask_gets_no_page() {
    let ws = small();
    let preview = Preview::of(&ws, &["--as-of", AS_OF]);
    let ask = |method: &str, path: &str, host: &str| {
        preview.ask(&format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://evil.example\r\n\r\n"))
    };
    let good = ask("GET", "/", "localhost:1");
    assert_eq!(good.code, 200);
    assert!(!good.head.to_lowercase().contains("access-control"), "{}", good.head);
    assert_eq!(ask("GET", "/", "evil.example").code, 403);
    assert_eq!(ask("POST", "/", "localhost").code, 405);
    let head = ask("HEAD", "/", "localhost");
    assert_eq!((head.code, head.body.len()), (200, 0));
    for path in
        ["/../wellkept.toml", "/%2e%2e/wellkept.toml", "/wellkept.toml", "/..%2f..%2fetc%2fpasswd", "//etc/passwd"]
    {
        let answer = ask("GET", path, "localhost");
        assert_eq!(answer.code, 404, "{path}");
        assert!(!answer.text().contains("[site]") && !answer.text().contains("root:"), "{path}");
    }
    assert_eq!(preview.ask("nonsense\r\n\r\n").code, 400);
}

#[test]
fn drafts_are_shown_and_marked_and_never_published() {
    let ws = small();
    ws.write("content/runbooks/new.md", "---\ntitle: 新手册\ndraft: true\n---\n\n[还没写](later.md)\n");
    let preview = Preview::of(&ws, &["--as-of", AS_OF]);
    let draft = preview.get("runbooks/new.html");
    assert_eq!(draft.code, 200);
    assert!(draft.text().contains("〔草稿〕新手册"), "{}", draft.text());
    assert!(preview.get("runbooks/index.html").text().contains("〔草稿〕新手册"));
    let site = built(&ws);
    assert!(!site.contains_key("runbooks/new.html"));
    assert!(!String::from_utf8_lossy(&site["runbooks/index.html"]).contains("新手册"));
}

#[test]
fn it_says_why_it_cannot_begin_and_ends_when_asked() {
    let ws = small();
    let preview = Preview::of(&ws, &["--as-of", AS_OF]);
    let taken = run(ws.root(), &["serve", "--addr", &preview.addr, "--lang", "en"]);
    assert_eq!(taken.code, Some(2));
    assert!(taken.stderr.contains("in use") && taken.stderr.contains("--addr 127.0.0.1:"), "{}", taken.stderr);
    let wrong = run(ws.root(), &["serve", "--addr", "here", "--lang", "en"]);
    assert!(wrong.code == Some(2) && wrong.stderr.contains("127.0.0.1:4173"), "{}", wrong.stderr);
    let nowhere = Workspace::empty();
    let none = run(nowhere.root(), &["serve", "--addr", "127.0.0.1:0", "--lang", "en"]);
    assert!(none.code == Some(2) && none.stderr.contains("wellkept.toml"), "{}", none.stderr);

    let _ = preview.get("");
    let mut preview = preview;
    let pid = preview.child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    assert_eq!(preview.child.wait().unwrap().code(), Some(0));
    let left: Vec<_> = fs::read_dir(ws.root()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 4, "nothing is written: {left:?}");
}
