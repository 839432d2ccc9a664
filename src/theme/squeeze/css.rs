//! A style sheet without what only its readers need: comments, indentation, blanks at punctuation. It is the largest
//! file that every page waits for; the source stays as readable as it is.

/// A style sheet that means the same in fewer bytes. Strings, `url(…)`, escapes and comments that begin with `/*!`, as
/// licences do, stay as they are.
pub fn css(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    // The last token, for an escaped comma is a letter of a name.
    let mut last = "";
    while let Some(c) = rest.chars().next() {
        let (gap, blank) = gap(rest);
        if gap > 0 {
            rest = &rest[gap..];
            out.push_str(between(last, rest, blank));
            continue;
        }
        let token = match c {
            '"' | '\'' => string(rest, c),
            '\\' => escape(rest),
            '/' if rest.starts_with("/*") => comment(rest),
            'u' | 'U' if rest.get(..4).is_some_and(|word| word.eq_ignore_ascii_case("url(")) => address(rest),
            _ => c.len_utf8(),
        };
        // The last declaration of a block needs no end of its own.
        if c == '}' && last == ";" {
            out.pop();
        }
        (last, rest) = rest.split_at(token);
        out.push_str(last);
    }
    out
}

/// How long the blanks and passing comments at the start of a text are, and whether there is a blank among them.
fn gap(text: &str) -> (usize, bool) {
    let (mut end, mut blank) = (0, false);
    loop {
        let rest = &text[end..];
        let after = rest.trim_start_matches([' ', '\t', '\n', '\r', '\u{c}']);
        blank |= after.len() < rest.len();
        end = text.len() - after.len();
        if !after.starts_with("/*") || after.starts_with("/*!") {
            return (end, blank);
        }
        end += comment(after);
    }
}

fn comment(text: &str) -> usize {
    text[2..].find("*/").map_or(text.len(), |at| at + 4)
}

/// What has to stand between two tokens: nothing at punctuation. A blank before a colon or after a bracket means
/// something in a selector and stays; a comment alone parts two words without being a blank.
fn between(before: &str, after: &str, blank: bool) -> &'static str {
    let punctuation = ["{", "}", ";", ",", ">"];
    let parted = before.is_empty() || before == ":" || punctuation.contains(&before);
    if parted || after.is_empty() || punctuation.iter().any(|p| after.starts_with(p)) {
        ""
    } else if blank {
        " "
    } else {
        "/**/"
    }
}

fn string(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// `\{`, or hexadecimal digits and the one blank that ends them.
fn escape(text: &str) -> usize {
    let digits = text[1..].bytes().take(6).take_while(u8::is_ascii_hexdigit).count();
    if digits == 0 {
        return 1 + text[1..].chars().next().map_or(0, char::len_utf8);
    }
    let blank = text[1 + digits..].starts_with([' ', '\t', '\n']);
    1 + digits + usize::from(blank)
}

fn address(text: &str) -> usize {
    let inner = text[4..].trim_start();
    match inner.chars().next() {
        // A quoted address is a string like others.
        Some('"' | '\'') => text.len() - inner.len(),
        _ => text.find(')').map_or(text.len(), |at| at + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_blanks_go() {
        let source =
            "/* a */\n:root {\n  --a: #fff; --b: var(--c, 1px);\n}\n\n.a > .b ,\n.c::after { content: \"x\"; }\n";
        assert_eq!(css(source), ":root{--a:#fff;--b:var(--c,1px)}.a>.b,.c::after{content:\"x\"}");
        assert_eq!(css("@media screen and (max-width: 40rem) {\n  a { b: c !important; }\n}"), {
            "@media screen and (max-width:40rem){a{b:c !important}}"
        });
    }

    #[test]
    fn blanks_that_mean_something_stay() {
        for same in
            [".a .b{c:d}", ".a :is(.b) .c{d:e}", "@page :first{a:b}", "a{b:calc(1px + (2px - 3px))}", ".a ~ .b{}"]
        {
            assert_eq!(css(same), same);
        }
        assert_eq!(css(".a\n  .b{c:d   e}"), ".a .b{c:d e}");
        assert_eq!(css("a/* x */b"), "a/**/b", "two words, and neither one nor one below the other");
        assert_eq!(css("a /* x */ b"), "a b");
        assert_eq!(css("/*! MIT */\na { b: c }"), "/*! MIT */ a{b:c}");
    }

    #[test]
    fn strings_addresses_and_escapes_are_untouched() {
        let source = "a::before{content:\" ; /* no */ { } \\\" , \";b:url( x/* y */ , z.png );c:url( \" ; ) \" )}";
        assert_eq!(css(source), source);
        assert_eq!(css(".\\31  a , .\\, b{content:'\\2060 >'}"), ".\\31  a,.\\, b{content:'\\2060 >'}");
    }

    #[test]
    fn what_is_broken_ends_where_it_ends() {
        for odd in ["/* a", "a{b:\"c", "a{b:url(c", "a\\", "a{b:'c\\", "\\备", "url("] {
            assert!(css(odd).len() <= odd.len(), "{odd}");
        }
    }

    #[test]
    fn squeezing_again_changes_nothing() {
        let source = include_str!("../../../themes/default/static/style.css");
        let once = css(source);
        assert_eq!(css(&once), once);
        assert!(once.len() < source.len());
        let braces = |css: &str, c: char| css.matches(c).count();
        assert_eq!((braces(&once, '{'), braces(&once, '}')), (braces(source, '{'), braces(source, '}')));
    }
}
