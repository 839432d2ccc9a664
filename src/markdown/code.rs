//! Colours of code: which words of a block are comments, texts, numbers, keywords. Told by a table of languages that
//! stand in runbooks, not by grammars: a block takes microseconds, and a word that is taken for another does no harm.

use super::escape;

/// The classes of the style sheet: comment, string, number, keyword, name (of a key, an option, a tag), variable, added
/// and deleted line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Plain,
    Comment,
    Text,
    Number,
    Keyword,
    Name,
    Variable,
    Added,
    Deleted,
}

impl Class {
    fn name(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Comment => "hc",
            Self::Text => "hs",
            Self::Number => "hn",
            Self::Keyword => "hk",
            Self::Name => "ha",
            Self::Variable => "hv",
            Self::Added => "hi",
            Self::Deleted => "hd",
        }
    }
}

/// How lines of a language are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// Words, texts and comments.
    Words,
    /// `key = value`, `key: value`, and sections in brackets.
    Pairs,
    /// Texts before a colon are names.
    Json,
    /// Lines that are added and deleted.
    Diff,
    /// Tags.
    Markup,
    /// What was typed after a prompt, and what came of it.
    Session,
}

struct Language {
    names: &'static [&'static str],
    shape: Shape,
    /// What begins a comment that goes to the end of its line.
    comments: &'static [&'static str],
    /// What begins and ends a comment over lines.
    block: Option<(&'static str, &'static str)>,
    quotes: &'static [char],
    /// Whether words mean the same in upper case.
    folded: bool,
    keywords: &'static str,
}

const SHELL: &str = "if then elif else fi for while until do done case esac in function return exit export local readonly \
    set unset shift source trap break continue sudo true false";

/// The languages, the first of which a name means.
const LANGUAGES: [Language; 15] = [
    Language { names: &["sh", "bash", "shell", "zsh", "ash", "ksh"], keywords: SHELL, ..WORDS },
    Language { names: &["console", "shell-session", "terminal"], shape: Shape::Session, keywords: SHELL, ..WORDS },
    Language {
        names: &["powershell", "ps1", "pwsh"],
        folded: true,
        block: Some(("<#", "#>")),
        keywords: "if else elseif foreach for while do switch function param return try catch finally throw begin process end in",
        ..WORDS
    },
    Language {
        names: &["bat", "cmd"],
        comments: &["rem ", "REM ", "::"],
        folded: true,
        keywords: "echo set if else goto call for in do exit not exist errorlevel setlocal endlocal pause",
        ..WORDS
    },
    Language {
        names: &["sql", "psql", "mysql"],
        comments: &["--"],
        block: Some(("/*", "*/")),
        folded: true,
        keywords: "select from where and or not in is null as on join left right inner outer full group by order having limit offset \
            insert into values update set delete create alter drop table index view database schema user role grant revoke \
            to with union all distinct case when then else end begin commit rollback primary key foreign references default \
            exists between like analyze vacuum explain truncate if add column constraint",
        ..WORDS
    },
    Language {
        names: &["python", "py"],
        keywords: "def class return if elif else for while in not and or is import from as with try except finally raise pass \
            break continue lambda yield None True False async await global",
        ..WORDS
    },
    Language {
        names: &["js", "javascript", "ts", "typescript", "java", "c", "cpp", "go", "rust", "rs", "php", "groovy"],
        comments: &["//"],
        block: Some(("/*", "*/")),
        quotes: &['"', '\'', '`'],
        keywords: "if else for while do switch case default break continue return function func fn let const var class struct enum \
            interface type impl pub public private protected static final new import export package use from void int long double \
            float bool boolean string true false null nil undefined try catch finally throw throws async await match mut",
        ..WORDS
    },
    Language {
        names: &["ruby", "rb", "perl", "pl", "lua", "awk", "tcl", "expect", "makefile", "make"],
        keywords: "if then else elsif elif end def function do while for in return my local use require begin print unless until and or not",
        ..WORDS
    },
    Language {
        names: &["dockerfile", "docker"],
        folded: true,
        keywords: "from run cmd copy add env arg workdir expose entrypoint user volume label as healthcheck",
        ..WORDS
    },
    Language {
        names: &["nginx", "apache", "haproxy", "cron", "crontab"],
        keywords: "server location upstream listen proxy_pass root index include events http return if set frontend backend bind mode option",
        ..WORDS
    },
    Language {
        names: &["ini", "toml", "conf", "cfg", "cnf", "properties", "env", "dotenv", "systemd", "service", "desktop"],
        shape: Shape::Pairs,
        comments: &["#", ";"],
        keywords: "true false yes no on off",
        ..WORDS
    },
    Language { names: &["yaml", "yml"], shape: Shape::Pairs, keywords: "true false yes no null on off", ..WORDS },
    Language {
        names: &["json", "jsonc", "json5", "jsonl"],
        shape: Shape::Json,
        comments: &["//"],
        quotes: &['"'],
        keywords: "true false null",
        ..WORDS
    },
    Language { names: &["diff", "patch", "udiff"], shape: Shape::Diff, ..WORDS },
    Language {
        names: &["html", "xml", "xhtml", "svg"],
        shape: Shape::Markup,
        comments: &[],
        block: Some(("<!--", "-->")),
        ..WORDS
    },
];

const WORDS: Language = Language {
    names: &[],
    shape: Shape::Words,
    comments: &["#"],
    block: None,
    quotes: &['"', '\''],
    folded: false,
    keywords: "",
};

/// Writes the code of a block as HTML, with classes where its language is known.
pub(super) fn write(out: &mut String, language: &str, code: &str) {
    let folded = language.to_ascii_lowercase();
    match LANGUAGES.iter().find(|of| of.names.contains(&folded.as_str())) {
        Some(language) => Scan { language, out, run: String::new(), class: Class::Plain }.all(code),
        None => escape::text(out, code),
    }
}

/// Code on its way; neighbours of one class are written as one.
struct Scan<'a> {
    language: &'a Language,
    out: &'a mut String,
    run: String,
    class: Class,
}

impl Scan<'_> {
    fn all(mut self, code: &str) {
        match self.language.shape {
            Shape::Diff => code.split_inclusive('\n').for_each(|line| self.put(line, diff(line))),
            Shape::Session => code.split_inclusive('\n').for_each(|line| self.session(line)),
            _ => self.words(code),
        }
        self.put("", Class::Plain);
        self.flush();
    }

    fn put(&mut self, text: &str, class: Class) {
        if class != self.class {
            self.flush();
            self.class = class;
        }
        self.run.push_str(text);
    }

    fn flush(&mut self) {
        let run = std::mem::take(&mut self.run);
        if run.is_empty() {
            return;
        }
        match self.class.name() {
            "" => escape::text(self.out, &run),
            name => {
                self.out.push_str("<span class=\"");
                self.out.push_str(name);
                self.out.push_str("\">");
                escape::text(self.out, &run);
                self.out.push_str("</span>");
            }
        }
    }

    /// What stands after `$` or `#` at the start of a line was typed; the rest is an answer and has no colours.
    fn session(&mut self, line: &str) {
        match ["$ ", "# ", "> "].into_iter().find(|prompt| line.starts_with(prompt)) {
            Some(prompt) => {
                self.put(prompt, Class::Comment);
                self.words(&line[prompt.len()..]);
            }
            None => self.put(line, Class::Plain),
        }
    }

    fn words(&mut self, code: &str) {
        let language = self.language;
        let typed = matches!(language.shape, Shape::Words | Shape::Session);
        let mut at = 0;
        let mut before = '\n';
        while let Some(c) = code[at..].chars().next() {
            let rest = &code[at..];
            let head = code[..at].trim_end_matches([' ', '\t', '-']);
            let line_start = head.is_empty() || head.ends_with('\n');
            let (len, class) = if let Some(len) = comment(language, rest, before) {
                (len, Class::Comment)
            } else if let Some(len) = text(language, rest, before) {
                let named = language.shape == Shape::Json && rest[len..].trim_start().starts_with(':');
                (len, if named { Class::Name } else { Class::Text })
            } else if let Some((len, class)) = self.own(rest, line_start, before) {
                (len, class)
            } else if c == '$' && typed {
                (variable(rest), Class::Variable)
            } else if c.is_ascii_digit() && !is_word(before) && !in_name(&code[..at]) {
                (number(rest), Class::Number)
            } else if is_word(c) {
                let len = length(rest, is_word);
                (len, if keyword(language, &rest[..len]) && before != '-' { Class::Keyword } else { Class::Plain })
            } else if c == '-' && matches!(before, ' ' | '\t') && typed && rest[1..].starts_with(is_option) {
                (1 + length(&rest[1..], is_option), Class::Name)
            } else {
                (c.len_utf8(), Class::Plain)
            };
            self.put(&rest[..len], class);
            at += len;
            before = code[..at].chars().next_back().unwrap_or('\n');
        }
    }

    /// What only a shape knows.
    fn own(&self, rest: &str, line_start: bool, before: char) -> Option<(usize, Class)> {
        match self.language.shape {
            Shape::Pairs if line_start && rest.starts_with('[') => {
                let line = rest.lines().next().unwrap_or_default();
                Some((line.rfind(']')? + 1, Class::Keyword))
            }
            Shape::Pairs if line_start && rest.starts_with(|c| is_key(c) && c != '-') => {
                let len = length(rest, |c| is_key(c) || c == ' ');
                let key = rest[..len].trim_end().len();
                let after = &rest[len..];
                (after.starts_with('=') || after.starts_with(": ") || after.starts_with(":\n") || after == ":")
                    .then_some((key, Class::Name))
            }
            Shape::Markup if rest.starts_with('<') => {
                let tag = length(&rest[1..], |c| is_word(c) || matches!(c, '/' | '!' | '?' | ':' | '-'));
                Some((1 + tag, Class::Keyword))
            }
            Shape::Markup if matches!(before, ' ' | '\n' | '\t') && rest.starts_with(is_word) => {
                let len = length(rest, |c| is_word(c) || matches!(c, ':' | '-'));
                rest[len..].starts_with('=').then_some((len, Class::Name))
            }
            _ => None,
        }
    }
}

fn diff(line: &str) -> Class {
    match line.as_bytes() {
        [b'+', b'+', b'+', ..] | [b'-', b'-', b'-', ..] | [b'd', b'i', b'f', b'f', b' ', ..] => Class::Name,
        [b'@', b'@', ..] => Class::Keyword,
        [b'+', ..] => Class::Added,
        [b'-', ..] => Class::Deleted,
        _ => Class::Plain,
    }
}

fn comment(language: &Language, rest: &str, before: char) -> Option<usize> {
    if let Some((open, close)) = language.block
        && rest.starts_with(open)
    {
        return Some(rest[open.len()..].find(close).map_or(rest.len(), |at| open.len() + at + close.len()));
    }
    let begins = |mark: &&str| rest.starts_with(*mark) && (before.is_whitespace() || ["//", "--"].contains(mark));
    language.comments.iter().find(|mark| begins(mark))?;
    Some(rest.find('\n').unwrap_or(rest.len()))
}

/// A quoted text. A quote that is never closed, or an apostrophe within a word, is none.
fn text(language: &Language, rest: &str, before: char) -> Option<usize> {
    let quote = rest.chars().next().filter(|c| language.quotes.contains(c) && !is_word(before))?;
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' if quote == '"' => escaped = true,
            '\n' if language.shape != Shape::Words => return None,
            c if c == quote => return Some(at + c.len_utf8()),
            _ => {}
        }
    }
    None
}

/// `$name`, `${…}`, `$1`, `$?`.
fn variable(rest: &str) -> usize {
    let after = &rest[1..];
    if after.starts_with('{') {
        return after.find('}').map_or(1, |at| at + 2);
    }
    match length(after, is_word) {
        0 if after.starts_with(['?', '!', '@', '*', '#', '$']) => 2,
        len => 1 + len,
    }
}

fn keyword(language: &Language, word: &str) -> bool {
    let same = |known: &str| if language.folded { known.eq_ignore_ascii_case(word) } else { known == word };
    language.keywords.split_ascii_whitespace().any(same)
}

fn length(text: &str, of: impl Fn(char) -> bool) -> usize {
    text.find(|c| !of(c)).unwrap_or(text.len())
}

/// A number, a time, a date: `12`, `0x1f`, `1.5`, `09:00`, `2026-10-01`.
fn number(rest: &str) -> usize {
    let len = length(rest, |c| is_word(c) || matches!(c, '.' | ':'));
    let after = &rest[len..];
    match after.strip_prefix('-') {
        Some(next) if next.starts_with(|c: char| c.is_ascii_digit()) => len + 1 + number(next),
        _ => len,
    }
}

/// Whether what comes next goes on with a word by a dash: `F-DEMO-1`, `restic-2026`.
fn in_name(before: &str) -> bool {
    before.strip_suffix('-').is_some_and(|name| name.ends_with(is_word))
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn is_option(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-'
}

fn is_key(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '"')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(language: &str, code: &str) -> String {
        let mut out = String::new();
        write(&mut out, language, code);
        out
    }

    /// The text of what was written.
    fn bare(html: &str) -> String {
        let mut out = String::new();
        for part in html.split('<') {
            out.push_str(part.split_once('>').map_or(part, |(_, text)| text));
        }
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
            .iter()
            .fold(out, |text, (name, c)| text.replace(name, c))
    }

    #[test]
    fn each_kind_of_word_has_its_class() {
        assert_eq!(
            shown("sh", "# 甲\nif [ -f \"$A\" ]; then ls --all $HOME 12 # b\nfi"),
            "<span class=\"hc\"># 甲</span>\n<span class=\"hk\">if</span> [ <span class=\"ha\">-f</span> \
             <span class=\"hs\">&quot;$A&quot;</span> ]; <span class=\"hk\">then</span> ls \
             <span class=\"ha\">--all</span> <span class=\"hv\">$HOME</span> <span class=\"hn\">12</span> \
             <span class=\"hc\"># b</span>\n<span class=\"hk\">fi</span>"
        );
        assert_eq!(
            shown("SQL", "Select 1 -- x"),
            "<span class=\"hk\">Select</span> <span class=\"hn\">1</span> <span class=\"hc\">-- x</span>"
        );
        assert_eq!(
            shown("toml", "[a.b]\nkey = \"v\" # c\n"),
            "<span class=\"hk\">[a.b]</span>\n<span class=\"ha\">key</span> = <span class=\"hs\">&quot;v&quot;</span> \
             <span class=\"hc\"># c</span>\n"
        );
        assert_eq!(
            shown("yaml", "- name: it's\n  on: true"),
            "- <span class=\"ha\">name</span>: it&#39;s\n  <span class=\"ha\">on</span>: <span class=\"hk\">true</span>"
        );
        assert_eq!(
            shown("json", "{\"a\": \"b\"}"),
            "{<span class=\"ha\">&quot;a&quot;</span>: <span class=\"hs\">&quot;b&quot;</span>}"
        );
        assert_eq!(shown("diff", "-a\n+b\n c"), "<span class=\"hd\">-a\n</span><span class=\"hi\">+b\n</span> c");
        assert_eq!(
            shown("xml", "<a b=\"c\">"),
            "<span class=\"hk\">&lt;a</span> <span class=\"ha\">b</span>=<span class=\"hs\">&quot;c&quot;</span>&gt;"
        );
        assert_eq!(
            shown("console", "$ ls -l\ntotal 0"),
            "<span class=\"hc\">$ </span>ls <span class=\"ha\">-l</span>\ntotal 0"
        );
        assert_eq!(
            shown("sh", "wellkept prove F-DEMO-1 -n 7 2026-10-01"),
            "wellkept prove F-DEMO-1 <span class=\"ha\">-n</span> <span class=\"hn\">7</span> \
             <span class=\"hn\">2026-10-01</span>"
        );
        assert_eq!(shown("nothing", "if <b>"), "if &lt;b&gt;");
    }

    #[test]
    fn whatever_stands_in_a_block_is_shown_and_nothing_else() {
        let pieces = [
            "'", "\"", "#", "$", "${", "}", "\\", "<", "<!--", "/*", "甲", " ", "\n", "if", "-x", "=", ":", "[", "]",
            "1.5", "&", "--",
        ];
        let mut state: u64 = 7;
        for language in LANGUAGES.iter().filter_map(|of| of.names.first()) {
            for _ in 0..400 {
                let mut code = String::new();
                for _ in 0..12 {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    code.push_str(pieces[(state >> 33) as usize % pieces.len()]);
                }
                assert_eq!(bare(&shown(language, &code)), code, "{language}");
            }
        }
    }

    #[test]
    fn a_name_means_one_language() {
        let mut names: Vec<&str> = LANGUAGES.iter().flat_map(|of| of.names).copied().collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
