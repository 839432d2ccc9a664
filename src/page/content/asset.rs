//! Files beside the pages: which are copied to the site, and how pictures are shown.
//!
//! A copied file is opened by a click, from the site's own address, and then a browser obeys what is in it: a script in
//! an SVG or an HTML file would run with the rights of the whole site. So only types that no browser runs are copied.
//! An SVG is put into its page as the source of a picture, where browsers run nothing and load nothing, and there is
//! no file of it that could be opened.

use std::sync::Arc;

use crate::markdown::Resolved;
use crate::say;
use crate::source::{Failure, Sources};

/// The largest SVG that is put into a page, in bytes.
const SVG_LIMIT: u64 = 128 * 1024;

/// Pictures that are copied, with the bytes that they begin with.
const PICTURES: [(&str, &[u8]); 6] = [
    ("png", b"\x89PNG\r\n\x1a\n"),
    ("jpg", b"\xff\xd8\xff"),
    ("jpeg", b"\xff\xd8\xff"),
    ("gif", b"GIF8"),
    ("webp", b"RIFF"),
    ("avif", b"\0\0\0"),
];

/// Other files that are copied: texts, tables, office documents, settings, archives, sounds and films.
const FILES: &str = "pdf txt text log csv tsv json jsonl yaml yml toml ini conf cfg cnf properties env service timer socket \
    repo rules sql sh bash zsh fish py pl rb ps1 bat cmd awk sed j2 tmpl tpl diff patch pem crt cer csr pub asc sig \
    sha256 doc docx xls xlsx ppt pptx odt ods odp rtf wps et dps ofd vsd vsdx drawio xmind zip gz tgz bz2 xz zst 7z rar \
    tar deb rpm mp4 webm mp3 ogg wav m4a bmp tif tiff ico";

/// What a picture becomes. `url` is where a copy of the file would lie, seen from the page.
pub fn picture(sources: &Sources, path: &str, url: String) -> Resolved {
    let ending = ending(path);
    if is_embedded(path) {
        return embedded(sources, path);
    }
    let Some((_, magic)) = PICTURES.iter().find(|(name, _)| *name == ending) else {
        let known: Vec<&str> = PICTURES.iter().map(|(name, _)| *name).chain(["svg"]).collect();
        let (list, list_en) = (known.join("、"), known.join(", "));
        return Resolved::Withheld {
            why: say!("不是可以显示的图片类型：{path}", "this type of picture is not shown: {path}"),
            help: say!("可用的类型：{list}", "types that are shown: {list_en}"),
        };
    };
    match beginning(sources, path) {
        Err(why) => refused(why),
        Ok(bytes) if bytes.starts_with(b"version https://git-lfs") => Resolved::Withheld {
            why: say!("{path} 只是 Git LFS 的指针，不是图片", "{path} is a Git LFS pointer and no picture"),
            help: say!("在工作区运行 git lfs pull", "run `git lfs pull` in the workspace"),
        },
        Ok(bytes) if bytes.starts_with(magic) => Resolved::Url(url),
        Ok(_) => Resolved::Withheld {
            why: say!("{path} 的内容不是 {ending} 图片", "what is in {path} is no {ending} picture"),
            help: say!("重新导出该图片", "export the picture again"),
        },
    }
}

/// Whether a file is shown from within its page only.
pub fn is_embedded(path: &str) -> bool {
    ending(path) == "svg"
}

/// What a link to a file becomes. `target` is what the author wrote.
pub fn download(path: &str, target: &str, url: String) -> Resolved {
    let ending = ending(path);
    let known = PICTURES.iter().any(|(name, _)| *name == ending) || FILES.split_whitespace().any(|f| f == ending);
    if known {
        return Resolved::Url(url);
    }
    Resolved::Withheld {
        why: say!("这种类型的文件不发布：{path}", "files of this type are not published: {path}"),
        help: match ending.as_str() {
            "svg" => say!("作为图片引用：![说明]({target})", "show it as a picture: ![words]({target})"),
            _ => say!(
                "网页和脚本类文件打开即会执行；请压缩为 .zip 或改名为 .txt",
                "what a browser would run is not copied; pack it into a .zip or name it .txt"
            ),
        },
    }
}

/// What stands after the last dot of a name, in lower case.
fn ending(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or_else(String::new, |(_, ending)| ending.to_ascii_lowercase())
}

fn embedded(sources: &Sources, path: &str) -> Resolved {
    let size = sources.get(path).map_or(0, |entry| entry.len);
    if size > SVG_LIMIT {
        let (kib, most) = (size / 1024, SVG_LIMIT / 1024);
        return Resolved::Withheld {
            why: say!(
                "SVG 图片有 {kib} KiB，上限是 {most} KiB：{path}",
                "the SVG picture has {kib} KiB, the limit is {most}: {path}"
            ),
            help: say!("导出为 PNG，或精简该图", "export it as PNG, or simplify it"),
        };
    }
    match sources.read(path) {
        Err(why) => refused(why),
        Ok(bytes) if memchr::memmem::find(&bytes, b"<svg").is_some() => {
            Resolved::Embedded(format!("data:image/svg+xml;base64,{}", base64(&bytes)))
        }
        Ok(_) => Resolved::Withheld {
            why: say!("{path} 的内容不是 SVG 图片", "what is in {path} is no SVG picture"),
            help: say!("重新导出该图片", "export the picture again"),
        },
    }
}

fn beginning(sources: &Sources, path: &str) -> Result<Vec<u8>, Failure> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    sources.open(path)?.take(32).read_to_end(&mut bytes).map_err(|why| Failure::reading(path, &why))?;
    Ok(bytes)
}

fn refused(Failure(why): Failure) -> Resolved {
    Resolved::Withheld { why, help: say!("检查该文件的读取权限", "check that the file may be read") }
}

/// RFC 4648, section 4.
pub fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for (at, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            let digit = DIGITS[(bits >> shift) as usize & 63];
            out.push(if at <= three.len() { char::from(digit) } else { '=' });
        }
    }
    out
}

/// A file that pages show or offer, and where it lies in the site.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Asset {
    /// Its path relative to the workspace.
    pub source: Arc<str>,
    /// Its path in the site.
    pub route: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources() -> Sources {
        let large = " ".repeat(140_000);
        let files: [(&str, &[u8]); 7] = [
            ("content/a.png", b"\x89PNG\r\n\x1a\n..."),
            ("content/b.png", b"version https://git-lfs.github.com/spec/v1\n"),
            ("content/c.png", b"<html>"),
            ("content/d.svg", b"<svg onload='alert(1)'/>"),
            ("content/e.svg", b"nothing"),
            ("content/f.tiff", b"II"),
            ("content/g.svg", large.as_bytes()),
        ];
        Sources::of_memory(files.map(|(path, bytes)| (path.to_owned(), bytes.to_vec())))
    }

    fn why(resolved: Resolved) -> String {
        match resolved {
            Resolved::Withheld { why, .. } => why.en,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn pictures_are_what_their_names_say() {
        let of = |path| picture(&sources(), path, "u".to_owned());
        assert_eq!(of("content/a.png"), Resolved::Url("u".to_owned()));
        assert!(why(of("content/b.png")).contains("LFS"));
        assert!(why(of("content/c.png")).contains("no png picture"));
        assert!(why(of("content/e.svg")).contains("no SVG"));
        assert!(why(of("content/f.tiff")).contains("not shown"));
        assert!(why(of("content/g.svg")).contains("the limit is 128"));
    }

    #[test]
    fn an_svg_is_never_a_file_of_the_site() {
        let Resolved::Embedded(url) = picture(&sources(), "content/d.svg", "u".to_owned()) else { panic!() };
        assert_eq!(url, "data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9J2FsZXJ0KDEpJy8+");
        assert!(why(download("content/d.svg", "d.svg", "u".to_owned())).contains("not published"));
    }

    #[test]
    fn only_what_no_browser_runs_is_offered() {
        for name in ["a.PDF", "b.csv", "c.tar.gz", "巡检表.wps", "nginx.conf", "a.png"] {
            assert_eq!(download(name, name, "u".to_owned()), Resolved::Url("u".to_owned()), "{name}");
        }
        for name in
            ["a.html", "a.HTM", "a.xhtml", "a.xml", "a.svg", "a.js", "a.mjs", "a.mht", "a.pdf.html", "Makefile", "a."]
        {
            assert!(matches!(download(name, name, "u".to_owned()), Resolved::Withheld { .. }), "{name}");
        }
    }

    #[test]
    fn base64_is_that_of_the_rfc() {
        let all = ["", "f", "fo", "foo", "foob", "fooba", "foobar"].map(|text| base64(text.as_bytes()));
        assert_eq!(all, ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"]);
    }
}
