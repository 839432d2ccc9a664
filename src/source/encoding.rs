//! Text in the encodings that files come in, as a stream of UTF-8 (records.md, section 4).
//!
//! ASCII passes through untouched; the first byte that is not decides for the whole file. A byte order mark decides by
//! itself. Otherwise what follows is read as UTF-8, or, where it is none and looks Chinese, as GB18030, which holds GBK
//! and GB 2312. Nothing is replaced in silence: a sequence that the encoding does not have comes out as the byte 0xFF,
//! which no UTF-8 text holds, so that whoever reads the stream finds it on its own line.

use std::io::{self, Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Decoder, DecoderResult, GB18030, GBK, UTF_16BE, UTF_16LE};

/// How a text is encoded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    #[default]
    Utf8,
    /// UTF-16, low byte first, with a byte order mark.
    Utf16Le,
    /// UTF-16, high byte first, with a byte order mark.
    Utf16Be,
    /// GB18030: what a Chinese spreadsheet saves as CSV.
    Gb18030,
}

impl Encoding {
    /// The name by which people know it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le | Self::Utf16Be => "UTF-16",
            Self::Gb18030 => "GB18030",
        }
    }

    fn decoder(self) -> Option<Decoder> {
        match self {
            Self::Utf8 => None,
            Self::Utf16Le => Some(UTF_16LE.new_decoder_with_bom_removal()),
            Self::Utf16Be => Some(UTF_16BE.new_decoder_with_bom_removal()),
            Self::Gb18030 => Some(GB18030.new_decoder_without_bom_handling()),
        }
    }
}

/// So many bytes after the first that is not ASCII are looked at.
const LOOK: usize = 64 << 10;
/// The byte that stands for a sequence that cannot be decoded.
const UNDECODED: u8 = 0xFF;

/// A reader that gives UTF-8, whatever the file holds.
pub struct Utf8Stream<R> {
    reader: R,
    mode: Mode,
    /// Bytes of the file that were read and not yet given out or decoded.
    input: Vec<u8>,
    /// How many bytes of the file lie before `input`.
    before: u64,
    ended: bool,
    /// UTF-8 that was not yet given out, and from where.
    output: (Vec<u8>, usize),
    undecoded: Vec<u64>,
}

enum Mode {
    Ascii,
    Utf8,
    Decoding(Box<Decoder>, Encoding),
    /// All is decoded.
    Decoded(Encoding),
}

impl<R: Read> Utf8Stream<R> {
    /// Reads from the start of a file.
    pub fn new(reader: R) -> Self {
        let (input, undecoded) = (Vec::new(), Vec::new());
        Self { reader, mode: Mode::Ascii, input, before: 0, ended: false, output: (Vec::new(), 0), undecoded }
    }

    /// Reads on in the middle of a file that is UTF-8, or is to be found out to be none.
    pub fn utf8(reader: R) -> Self {
        Self { mode: Mode::Utf8, ..Self::new(reader) }
    }

    /// The encoding, as far as it shows by now.
    pub fn encoding(&self) -> Encoding {
        match self.mode {
            Mode::Ascii | Mode::Utf8 => Encoding::Utf8,
            Mode::Decoding(_, encoding) | Mode::Decoded(encoding) => encoding,
        }
    }

    /// Where in the file the sequences stood that came out as 0xFF, in order; of UTF-8 none is told.
    pub fn undecoded(&self) -> &[u64] {
        &self.undecoded
    }

    fn pass(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = read_some(&mut self.reader, buf)?;
        if matches!(self.mode, Mode::Utf8) || buf[..n].is_ascii() {
            self.before += n as u64;
            return Ok(n);
        }
        let ascii = buf[..n].iter().position(|b| !b.is_ascii()).unwrap_or(n);
        self.before += ascii as u64;
        self.input.extend_from_slice(&buf[ascii..n]);
        while !self.ended && self.input.len() < LOOK {
            self.more()?;
        }
        match decide(&self.input, self.before == 0, self.ended) {
            Encoding::Utf8 => {
                self.mode = Mode::Utf8;
                self.before += self.input.len() as u64;
                self.output = (std::mem::take(&mut self.input), 0);
            }
            other => {
                if let Some(decoder) = other.decoder() {
                    self.mode = Mode::Decoding(Box::new(decoder), other);
                }
            }
        }
        // An answer of 0 would mean the end.
        if ascii > 0 { Ok(ascii) } else { self.read(buf) }
    }

    fn more(&mut self) -> io::Result<()> {
        let from = self.input.len();
        self.input.resize(from + LOOK, 0);
        let n = read_some(&mut self.reader, &mut self.input[from..])?;
        self.input.truncate(from + n);
        self.ended = n == 0;
        Ok(())
    }

    /// Decodes what has been read into the output.
    fn decode(&mut self) {
        let Mode::Decoding(decoder, encoding) = &mut self.mode else { return };
        let encoding = *encoding;
        let mut out = vec![0; self.input.len() * 3 + 16];
        let (mut from, mut written) = (0, 0);
        loop {
            let (result, read, wrote) =
                decoder.decode_to_utf8_without_replacement(&self.input[from..], &mut out[written..], self.ended);
            from += read;
            written += wrote;
            match result {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => out.resize(out.len() * 2, 0),
                DecoderResult::Malformed(len, after) => {
                    let length = u64::from(len) + u64::from(after);
                    self.undecoded.push((self.before + from as u64).saturating_sub(length));
                    if written == out.len() {
                        out.push(UNDECODED);
                    } else {
                        out[written] = UNDECODED;
                    }
                    written += 1;
                }
            }
        }
        out.truncate(written);
        self.before += self.input.len() as u64;
        self.input.clear();
        self.output = (out, 0);
        if self.ended {
            self.mode = Mode::Decoded(encoding);
        }
    }
}

impl<R: Read> Read for Utf8Stream<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        loop {
            let (out, at) = &mut self.output;
            if *at < out.len() {
                let n = buf.len().min(out.len() - *at);
                buf[..n].copy_from_slice(&out[*at..*at + n]);
                *at += n;
                return Ok(n);
            }
            match self.mode {
                Mode::Ascii | Mode::Utf8 => return self.pass(buf),
                Mode::Decoded(_) => return Ok(0),
                Mode::Decoding(..) => {
                    if self.input.is_empty() && !self.ended {
                        self.more()?;
                    }
                    self.decode();
                }
            }
        }
    }
}

fn read_some(reader: &mut impl Read, buf: &mut [u8]) -> io::Result<usize> {
    loop {
        match reader.read(buf) {
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            done => return done,
        }
    }
}

/// A whole file as UTF-8, and how it was encoded.
pub fn decode(bytes: &[u8]) -> (Vec<u8>, Encoding) {
    let mut stream = Utf8Stream::new(bytes);
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 2);
    // Reading from memory cannot fail.
    let _ = stream.read_to_end(&mut out);
    (out, stream.encoding())
}

/// Decides by what follows the first byte that is not ASCII.
fn decide(look: &[u8], at_start: bool, whole: bool) -> Encoding {
    if at_start && look.starts_with(b"\xFF\xFE") {
        return Encoding::Utf16Le;
    }
    if at_start && look.starts_with(b"\xFE\xFF") {
        return Encoding::Utf16Be;
    }
    // A file in UTF-8 with a few damaged bytes is not GB18030 because of them.
    let (mut letters, mut damaged) = (0, 0);
    for chunk in look.utf8_chunks() {
        letters += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        damaged += usize::from(!chunk.invalid().is_empty());
    }
    let cut = !whole && damaged == 1 && look.utf8_chunks().last().is_some_and(|c| (1..4).contains(&c.invalid().len()));
    if letters >= damaged || (cut && letters > 0) {
        return Encoding::Utf8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(look, whole);
    let guess = detector.guess(Some(b"cn"), Utf8Detection::Allow);
    if guess == GBK || guess == GB18030 { Encoding::Gb18030 } else { Encoding::Utf8 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "编号,系统,备注\nBK-1,办公系统,每日备份完成，异地库已确认\n";

    fn gb(text: &str) -> Vec<u8> {
        GB18030.encode(text).0.into_owned()
    }

    fn utf16(text: &str, little: bool) -> Vec<u8> {
        let units = ['\u{FEFF}'].into_iter().chain(text.chars()).flat_map(|c| c.encode_utf16(&mut [0; 2]).to_vec());
        units.flat_map(|u| if little { u.to_le_bytes() } else { u.to_be_bytes() }).collect()
    }

    fn read_by(bytes: &[u8], step: usize) -> (Vec<u8>, Encoding) {
        let mut stream = Utf8Stream::new(bytes);
        let (mut out, mut buf) = (Vec::new(), vec![0; step]);
        loop {
            match stream.read(&mut buf).unwrap() {
                0 => return (out, stream.encoding()),
                n => out.extend_from_slice(&buf[..n]),
            }
        }
    }

    #[test]
    fn every_encoding_gives_the_same_text_however_it_is_read() {
        let long: String = "plain ascii, ".repeat(20_000) + TEXT;
        for text in [TEXT, "中", "€", "", "ascii only\n", &long] {
            for (bytes, encoding) in [
                (text.as_bytes().to_vec(), Encoding::Utf8),
                (utf16(text, true), Encoding::Utf16Le),
                (utf16(text, false), Encoding::Utf16Be),
            ] {
                for step in [1, 7, 4096, 1 << 20] {
                    assert_eq!(read_by(&bytes, step), (text.as_bytes().to_vec(), encoding), "{encoding:?} {step}");
                }
            }
        }
        for text in [TEXT, &long, "负责人\n", "系统,结果\noa,成功\n"] {
            assert_eq!(decode(&gb(text)), (text.as_bytes().to_vec(), Encoding::Gb18030));
            assert_eq!(read_by(&gb(text), 3).0, text.as_bytes());
        }
    }

    #[test]
    fn a_damaged_byte_stays_to_be_found() {
        let mut bytes = TEXT.as_bytes().to_vec();
        bytes.insert(30, 0x92);
        assert_eq!(decode(&bytes), (bytes.clone(), Encoding::Utf8));
        let mut bytes = gb(TEXT);
        let at = bytes.len();
        bytes.extend_from_slice(b"\x80\xFF\n");
        bytes.extend(gb("其余照常"));
        let mut stream = Utf8Stream::new(bytes.as_slice());
        let mut out = Vec::new();
        stream.read_to_end(&mut out).unwrap();
        assert_eq!(stream.encoding(), Encoding::Gb18030);
        assert_eq!(stream.undecoded().last(), Some(&(at as u64 + 1)));
        let text = String::from_utf8_lossy(&out);
        assert!(text.contains("其余照常") && out.contains(&UNDECODED), "{text}");
    }
}
