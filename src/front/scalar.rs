//! The value after a key or in a list: plain as typed, in quotes, or a list in brackets. All on one line.

use std::ops::Range;

use crate::say;
use crate::say::Said;

/// What is wrong with a value, where in its line, and what to write instead.
#[derive(Debug)]
pub(super) struct Wrong {
    /// Bytes, counted from where the value's text starts.
    pub at: Range<usize>,
    /// What is wrong.
    pub message: Said,
    /// What to write instead.
    pub help: Said,
}

/// A text and the bytes that it was read from.
pub(super) type Read = (String, Range<usize>);

/// One value on a line.
pub(super) enum Value {
    /// A text.
    Text(Read),
    /// A list in brackets.
    List(Vec<Read>),
}

/// Reads what follows a key.
pub(super) fn value(text: &str) -> Result<Value, Wrong> {
    let start = text.len() - text.trim_start_matches(BLANK).len();
    if text[start..].starts_with('[')
        && let Some(items) = flow_list(text, start)?
    {
        return Ok(Value::List(items));
    }
    one(text).map(Value::Text)
}

/// Reads one text: what follows `- `, or what follows a key and is no list.
pub(super) fn one(text: &str) -> Result<Read, Wrong> {
    let start = text.len() - text.trim_start_matches(BLANK).len();
    let rest = &text[start..];
    if let Some(quote @ ('"' | '\'')) = rest.chars().next() {
        let (read, end) = quoted(text, start, quote)?;
        let after = &text[end..];
        if !without_comment(after).trim_matches(BLANK).is_empty() {
            return Err(Wrong {
                at: end..text.trim_end_matches(BLANK).len(),
                message: say!("引号之后还有文字", "there is text after the closing quote"),
                help: say!("把整个值放进一对单引号：'…'", "put the whole value between single quotes: '…'"),
            });
        }
        return Ok((read, start..end));
    }
    let plain = without_comment(rest).trim_end_matches(BLANK);
    let range = start..start + plain.len();
    refuse_indicators(plain, &range)?;
    Ok((plain.to_owned(), range))
}

/// What stands around values and is not part of them.
pub(super) const BLANK: [char; 2] = [' ', '\t'];

/// Cuts a comment: `#` at the start or after a blank, and before a blank or the end. `#42` is a text.
pub(super) fn without_comment(text: &str) -> &str {
    let bytes = text.as_bytes();
    let blank = |at: usize| bytes.get(at).is_none_or(|b| matches!(b, b' ' | b'\t'));
    memchr::memchr_iter(b'#', bytes)
        .find(|&at| (at == 0 || blank(at - 1)) && blank(at + 1))
        .map_or(text, |at| &text[..at])
}

fn refuse_indicators(plain: &str, range: &Range<usize>) -> Result<(), Wrong> {
    let mut chars = plain.chars();
    let (first, second) = (chars.next(), chars.next());
    let solid = second.is_some_and(|c| !c.is_whitespace());
    let (message, at) = match first {
        Some('&') if solid => (say!("不支持锚点（&）", "anchors (&) are refused"), 1),
        Some('*') if solid => (say!("不支持别名（*）", "aliases (*) are refused"), 1),
        Some('!') => (say!("不支持类型标签（!）", "tags (!) are refused"), 1),
        Some('{') => (say!("不支持嵌套的映射", "nested maps are refused"), plain.len()),
        Some('[') if plain.ends_with(']') => {
            (say!("不支持列表里的列表", "a list inside a list is refused"), plain.len())
        }
        _ => return Ok(()),
    };
    Err(Wrong {
        at: range.start..range.start + at,
        message,
        help: say!("如果这是文字，请加引号：\"{plain}\"", "if it is a text, put it in quotes: \"{plain}\""),
    })
}

/// Reads a quoted text that starts at a byte; answers it and the byte after its closing quote.
fn quoted(text: &str, start: usize, quote: char) -> Result<(String, usize), Wrong> {
    let mut out = String::new();
    let mut chars = text[start + 1..].char_indices().map(|(at, c)| (start + 1 + at, c)).peekable();
    while let Some((at, c)) = chars.next() {
        if c == quote {
            if quote == '\'' && chars.next_if(|(_, next)| *next == '\'').is_some() {
                out.push('\'');
                continue;
            }
            return Ok((out, at + 1));
        }
        if quote == '"' && c == '\\' {
            let Some((_, escape)) = chars.next() else { break };
            let digits = match escape {
                'x' => 2,
                'u' => 4,
                'U' => 8,
                _ => 0,
            };
            let code: String = chars.by_ref().take(digits).map(|(_, c)| c).collect();
            let Some(meant) = escaped(escape, &code).filter(|_| code.chars().count() == digits) else {
                return Err(Wrong {
                    at: at..at + 1 + escape.len_utf8(),
                    message: say!("没有这样的转义：\\{escape}{code}", "there is no such escape: \\{escape}{code}"),
                    help: say!("反斜杠本身写 \\\\，或改用单引号", "write \\\\ for a backslash, or use single quotes"),
                });
            };
            out.push(meant);
        } else {
            out.push(c);
        }
    }
    Err(Wrong {
        at: start..start + 1,
        message: say!("引号没有关闭", "the quote is never closed"),
        help: say!("在同一行写上另一半引号", "close it on the same line"),
    })
}

fn escaped(escape: char, code: &str) -> Option<char> {
    Some(match escape {
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        't' | '\t' => '\t',
        'n' => '\n',
        'v' => '\u{b}',
        'f' => '\u{c}',
        'r' => '\r',
        'e' => '\u{1b}',
        ' ' | '"' | '/' | '\\' => escape,
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        'x' | 'u' | 'U' => u32::from_str_radix(code, 16).ok().and_then(char::from_u32)?,
        _ => return None,
    })
}

/// Reads `[a, b]`. None where the bracket is only the start of a text, such as `[oa] 无法登录`.
fn flow_list(text: &str, start: usize) -> Result<Option<Vec<Read>>, Wrong> {
    let mut items = Vec::new();
    let mut at = start + 1;
    loop {
        let blank = text[at..].len() - text[at..].trim_start_matches(BLANK).len();
        at += blank;
        let rest = &text[at..];
        let item = match rest.chars().next() {
            None => return Err(unclosed_list(start)),
            Some(']') => None,
            Some('[' | '{') => {
                return Err(Wrong {
                    at: at..at + 1,
                    message: say!("列表里不能再有列表或映射", "a list or a map inside a list is refused"),
                    help: say!("只写一层：[甲, 乙]", "write one level: [a, b]"),
                });
            }
            Some(quote @ ('"' | '\'')) => {
                let (read, end) = quoted(text, at, quote)?;
                let range = at..end;
                at = end;
                Some((read, range))
            }
            Some(_) => {
                let end = at + rest.find([',', ']']).unwrap_or(rest.len());
                let plain = text[at..end].trim_end_matches(BLANK);
                let range = at..at + plain.len();
                refuse_indicators(plain, &range)?;
                at = end;
                Some((plain.to_owned(), range))
            }
        };
        at += text[at..].len() - text[at..].trim_start_matches(BLANK).len();
        let closing = text[at..].chars().next();
        match (item, closing) {
            (Some((read, range)), Some(',' | ']')) if !(read.is_empty() && range.is_empty()) => {
                items.push((read, range));
            }
            (None, Some(']')) => {}
            (_, None) => return Err(unclosed_list(start)),
            _ => {
                return Err(Wrong {
                    at: at..at + 1,
                    message: say!("列表的各项之间要用逗号", "the items of a list are parted by commas"),
                    help: say!("写成 [甲, 乙]；含逗号的项加引号", "write [a, b]; put an item with a comma in quotes"),
                });
            }
        }
        at += 1;
        if closing == Some(']') {
            return Ok(without_comment(&text[at..]).trim_matches(BLANK).is_empty().then_some(items));
        }
    }
}

fn unclosed_list(start: usize) -> Wrong {
    Wrong {
        at: start..start + 1,
        message: say!("列表没有在同一行用 ] 关闭", "the list is not closed by ] on its line"),
        help: say!(
            "写在一行里，或每项一行，以“- ”开头",
            "write it on one line, or each item on a line that starts with `- `"
        ),
    }
}
