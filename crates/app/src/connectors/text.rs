//! Files as lines of text, whatever program wrote them: encoding is detected, lines are bounded.

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, WINDOWS_1252};
use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::rc::Rc;

/// The longest line that is taken: a file without line breaks must not fill the memory.
const MAX_LINE: u64 = 1 << 20;

const CHUNK: usize = 64 * 1024;

/// The lines of a file, decoded.
pub(super) struct Lines {
    reader: Box<dyn BufRead>,
    read: Rc<Cell<u64>>,
    /// Size of the file.
    pub total: u64,
    /// How its characters are written.
    pub encoding: &'static Encoding,
    number: u64,
}

/// One line without its line break.
pub(super) struct Line {
    /// From 1.
    pub number: u64,
    pub text: String,
    /// Longer than can be taken; `text` is its beginning.
    pub overlong: bool,
}

impl Lines {
    /// Opens a file; without a named encoding it is told from the content.
    pub fn open(path: &Path, encoding: Option<&'static Encoding>) -> io::Result<Lines> {
        let (encoding, bom) = match (detect_bom(path)?, encoding) {
            (Some((encoding, bom)), _) => (encoding, bom),
            (None, Some(encoding)) => (encoding, 0),
            // Windows-1252 gives every byte a meaning, so it is what remains when the bytes are not UTF-8.
            (None, None) => (if is_utf8(path)? { UTF_8 } else { WINDOWS_1252 }, 0),
        };
        let mut file = File::open(path)?;
        let total = file.metadata()?.len();
        io::copy(&mut (&mut file).take(bom), &mut io::sink())?;
        let read = Rc::new(Cell::new(bom));
        let counted = Counted { file, read: read.clone() };
        let reader: Box<dyn BufRead> = if encoding == UTF_8 {
            Box::new(BufReader::with_capacity(CHUNK, counted))
        } else {
            Box::new(BufReader::with_capacity(CHUNK, Transcoder::new(counted, encoding)))
        };
        Ok(Lines { reader, read, total, encoding, number: 0 })
    }

    /// Bytes read so far.
    pub fn bytes(&self) -> u64 {
        self.read.get()
    }

    /// The next line, or nothing at the end.
    pub fn next(&mut self) -> io::Result<Option<Line>> {
        let mut bytes = Vec::new();
        if (&mut self.reader).take(MAX_LINE).read_until(b'\n', &mut bytes)? == 0 {
            return Ok(None);
        }
        let overlong = bytes.len() as u64 == MAX_LINE && bytes.last() != Some(&b'\n');
        if overlong {
            self.skip_line()?;
        }
        while matches!(bytes.last(), Some(b'\n' | b'\r')) {
            bytes.pop();
        }
        self.number += 1;
        let text = String::from_utf8(bytes).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned());
        Ok(Some(Line { number: self.number, text, overlong }))
    }

    fn skip_line(&mut self) -> io::Result<()> {
        let mut rest = Vec::new();
        loop {
            rest.clear();
            let read = (&mut self.reader).take(MAX_LINE).read_until(b'\n', &mut rest)?;
            if read == 0 || rest.last() == Some(&b'\n') {
                return Ok(());
            }
        }
    }
}

fn detect_bom(path: &Path) -> io::Result<Option<(&'static Encoding, u64)>> {
    let mut head = Vec::new();
    File::open(path)?.take(3).read_to_end(&mut head)?;
    Ok(Encoding::for_bom(&head).map(|(encoding, length)| (encoding, length as u64)))
}

/// Reads the whole file once: the first accent may stand on the last line.
fn is_utf8(path: &Path) -> io::Result<bool> {
    let mut file = File::open(path)?;
    let mut buffer = vec![0; CHUNK];
    let mut kept = 0;
    loop {
        let read = file.read(&mut buffer[kept..])?;
        if read == 0 {
            return Ok(kept == 0);
        }
        let filled = kept + read;
        kept = match std::str::from_utf8(&buffer[..filled]) {
            Ok(_) => 0,
            // The buffer ends within a character: the next bytes decide.
            Err(e) if e.error_len().is_none() => {
                buffer.copy_within(e.valid_up_to()..filled, 0);
                filled - e.valid_up_to()
            }
            Err(_) => return Ok(false),
        };
    }
}

/// Counts what is read, for progress.
struct Counted {
    file: File,
    read: Rc<Cell<u64>>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.read.set(self.read.get() + read as u64);
        Ok(read)
    }
}

/// Turns another encoding into UTF-8 as it is read.
struct Transcoder<R> {
    inner: R,
    decoder: Decoder,
    raw: Vec<u8>,
    start: usize,
    end: usize,
    finished: bool,
}

impl<R: Read> Transcoder<R> {
    fn new(inner: R, encoding: &'static Encoding) -> Self {
        let decoder = encoding.new_decoder_without_bom_handling();
        Transcoder { inner, decoder, raw: vec![0; CHUNK], start: 0, end: 0, finished: false }
    }
}

impl<R: Read> Read for Transcoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // A decoder must not be asked again after its end.
        while !self.finished {
            if self.start == self.end {
                self.start = 0;
                self.end = self.inner.read(&mut self.raw)?;
            }
            let last = self.end == 0;
            let (result, read, written, _) = self.decoder.decode_to_utf8(&self.raw[self.start..self.end], buffer, last);
            self.start += read;
            if last && result == CoderResult::InputEmpty {
                self.finished = true;
            }
            if written > 0 {
                return Ok(written);
            }
        }
        Ok(0)
    }
}
