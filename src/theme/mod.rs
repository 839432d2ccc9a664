//! The theme: templates, static files and the texts of the interface. The built-in one is embedded; a workspace's
//! `themes/<name>/` overrides it file by file (site.md, section 5).

use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};

use crate::finding::{Finding, Severity};
use crate::say;
use crate::say::Lang;
use crate::source::{Failure, Place, Sources};

mod squeeze;

static BUILTIN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/themes/default");

/// A theme as it is used.
pub struct Theme {
    /// Templates by name, relative to `templates/`.
    pub templates: BTreeMap<String, Template>,
    /// Files that are copied to `static/`.
    pub files: BTreeMap<String, Vec<u8>>,
    texts: BTreeMap<Lang, BTreeMap<String, String>>,
}

/// A template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// The path of its file, which a message names: in the workspace, or `themes/default/…` in the program's source.
    pub path: String,
    /// What is in it.
    pub text: String,
    /// Whether it is the program's own.
    pub builtin: bool,
}

impl Theme {
    /// The built-in theme with the workspace's own files laid over it.
    pub fn load(sources: &Sources, name: &str) -> Result<Self, Vec<Finding>> {
        let mut files: BTreeMap<String, Found> = BTreeMap::new();
        gather(&BUILTIN, &mut files);
        let folder = format!("themes/{name}/");
        for entry in sources.below(&folder) {
            let bytes =
                sources.read(&entry.path).map_err(|Failure(why)| vec![Finding::new(CODE, Severity::Error, why)])?;
            let found = Found { path: entry.path.to_string(), bytes, builtin: false };
            files.insert(entry.path[folder.len()..].to_owned(), found);
        }
        let mut theme = Self { templates: BTreeMap::new(), files: BTreeMap::new(), texts: BTreeMap::new() };
        let mut problems = Vec::new();
        for (name, Found { path, bytes, builtin }) in files {
            if let Some(name) = name.strip_prefix("templates/") {
                match String::from_utf8(bytes) {
                    Ok(text) => _ = theme.templates.insert(name.to_owned(), Template { path, text, builtin }),
                    Err(_) => problems.push(not_text(&path)),
                }
            } else if let Some(name) = name.strip_prefix("static/") {
                theme.files.insert(name.to_owned(), published(name, bytes));
            } else if let Some(lang) =
                name.strip_prefix("i18n/").and_then(|n| n.strip_suffix(".toml")).and_then(Lang::of_tag)
            {
                match catalogue(&bytes, &path) {
                    Ok(texts) => _ = theme.texts.insert(lang, texts),
                    Err(problem) => problems.push(problem),
                }
            }
        }
        if problems.is_empty() { Ok(theme) } else { Err(problems) }
    }

    /// The texts of the interface in a language, by key.
    pub fn texts(&self, lang: Lang) -> BTreeMap<String, String> {
        self.texts.get(&lang).cloned().unwrap_or_default()
    }
}

/// The files of the built-in theme, relative to its folder.
pub fn builtin() -> BTreeMap<String, Vec<u8>> {
    let mut files: BTreeMap<String, Found> = BTreeMap::new();
    gather(&BUILTIN, &mut files);
    files.into_iter().map(|(path, found)| (path, found.bytes)).collect()
}

/// The code of problems in a theme.
pub const CODE: &str = "theme";

/// A file of a theme, before it is known what it is.
struct Found {
    path: String,
    bytes: Vec<u8>,
    builtin: bool,
}

fn gather(dir: &Dir<'_>, out: &mut BTreeMap<String, Found>) {
    for file in dir.files() {
        if let Some(path) = file.path().to_str() {
            let bytes = file.contents().to_vec();
            out.insert(path.to_owned(), Found { path: format!("themes/default/{path}"), bytes, builtin: true });
        }
    }
    dir.dirs().for_each(|inner| gather(inner, out));
}

/// A static file as the site has it: without what only readers of the source need. Scripts of others are handed over as
/// they are, for what they rely on is not known here.
fn published(name: &str, bytes: Vec<u8>) -> Vec<u8> {
    let own = || BUILTIN.get_file(format!("static/{name}")).is_some_and(|file| file.contents() == bytes);
    match (std::str::from_utf8(&bytes), crate::load::extension(name).as_str()) {
        (Ok(css), "css") => squeeze::css(css).into_bytes(),
        (Ok(js), "js") if own() => squeeze::js(js).into_bytes(),
        _ => bytes,
    }
}

fn not_text(path: &str) -> Finding {
    Finding::new(CODE, Severity::Error, say!("文件不是 UTF-8 编码", "the file is not UTF-8")).at(Place::file(path))
}

fn catalogue(bytes: &[u8], path: &str) -> Result<BTreeMap<String, String>, Finding> {
    let text = std::str::from_utf8(bytes).map_err(|_| not_text(path))?;
    toml::from_str(text).map_err(|e| {
        let why = e.message().to_owned();
        let span = e.span().unwrap_or(0..0);
        Finding::new(CODE, Severity::Error, say!("文本目录有误：{why}", "the catalogue of texts: {why}"))
            .at(Place::of_bytes(path, text, span.start, span.end))
    })
}

#[cfg(test)]
mod contrast;

#[cfg(test)]
mod tests {
    use super::*;

    fn builtin() -> Theme {
        Theme::load(&Sources::of_memory([]), "default").unwrap()
    }

    #[test]
    fn both_languages_have_the_same_keys_and_no_text_is_empty() {
        let theme = builtin();
        let (zh, en) = (theme.texts(Lang::Zh), theme.texts(Lang::En));
        assert!(!zh.is_empty());
        assert_eq!(zh.keys().collect::<Vec<_>>(), en.keys().collect::<Vec<_>>());
        assert!(zh.values().chain(en.values()).all(|text| !text.trim().is_empty()));
    }

    #[test]
    fn every_key_of_a_template_is_in_the_catalogue_and_every_text_is_used() {
        let theme = builtin();
        let texts = theme.texts(Lang::En);
        let mut used = std::collections::BTreeSet::new();
        for (name, template) in &theme.templates {
            for (at, _) in template.text.match_indices("text.") {
                let before = template.text[..at].chars().next_back();
                if before.is_some_and(|c| c.is_alphanumeric() || c == '.' || c == '_') {
                    continue;
                }
                let key: String =
                    template.text[at + 5..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
                if key.is_empty() {
                    continue; // The end of a sentence in a comment.
                }
                assert!(texts.contains_key(&key), "{name}: text.{key}");
                used.insert(key);
            }
        }
        let unused: Vec<&String> = texts.keys().filter(|key| !used.contains(*key)).collect();
        assert!(unused.is_empty(), "no template uses {unused:?}");
    }

    #[test]
    fn a_workspace_overrides_file_by_file() {
        let files = [("style.css", "a { }"), ("theme.js", "// ours\nf( 1 )")];
        let files = files.map(|(name, text)| (format!("themes/ours/static/{name}"), text.as_bytes().to_vec()));
        let theme = Theme::load(&Sources::of_memory(files), "ours").unwrap();
        assert_eq!(theme.files["style.css"], b"a{}");
        assert_eq!(theme.files["theme.js"], b"// ours\nf( 1 )");
        assert!(theme.templates.contains_key("base.html"));
    }
}
