//! A mail server that keeps what it is given: what stories look into after letters were sent.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A letter as it came.
#[derive(Debug, Clone)]
pub struct Received {
    /// The address it was for.
    pub to: String,
    /// Headers and body, decoded from quoted-printable.
    pub text: String,
}

impl Received {
    /// The links in it that lead to a page of a survey, without what follows the token.
    pub fn token(&self) -> String {
        let after = self.text.split("/s/").nth(1).expect("a link");
        after.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect()
    }
}

/// A mail server on a port of its own. It refuses addresses at `rejected.example` for good, and those at `busy.example`
/// until told otherwise.
#[derive(Debug, Clone)]
pub struct Mailbox {
    /// Where it listens.
    pub address: SocketAddr,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    letters: Vec<Received>,
    patient: bool,
}

impl Mailbox {
    /// Begins to listen.
    pub async fn open() -> Mailbox {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let mailbox = Mailbox { address: listener.local_addr().expect("an address"), state: Arc::default() };
        let state = mailbox.state.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, state.clone()));
            }
        });
        mailbox
    }

    /// What has come so far.
    pub fn letters(&self) -> Vec<Received> {
        self.lock().letters.clone()
    }

    /// From now on it takes letters for `busy.example` too.
    pub fn take_all(&self) {
        self.lock().patient = true;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn serve(stream: TcpStream, state: Arc<Mutex<State>>) -> Option<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).split(b'\n');
    write.write_all(b"220 sink\r\n").await.ok()?;
    let (mut to, mut data) = (String::new(), None::<Vec<u8>>);
    while let Some(line) = lines.next_segment().await.ok()? {
        let text = String::from_utf8_lossy(&line).trim_end().to_owned();
        if let Some(body) = &mut data {
            if text == "." {
                let text = decoded(body);
                state.lock().unwrap_or_else(PoisonError::into_inner).letters.push(Received { to: to.clone(), text });
                data = None;
                write.write_all(b"250 kept\r\n").await.ok()?;
            } else {
                body.extend_from_slice(text.strip_prefix('.').unwrap_or(&text).as_bytes());
                body.push(b'\n');
            }
            continue;
        }
        let patient = state.lock().unwrap_or_else(PoisonError::into_inner).patient;
        let verb = text.split([' ', ':']).next().unwrap_or_default().to_uppercase();
        let answer: &[u8] = match verb.as_str() {
            "EHLO" | "HELO" => b"250 sink\r\n",
            "RCPT" => {
                to = text.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                match to.rsplit('@').next() {
                    Some("rejected.example") => b"550 no such person\r\n",
                    Some("busy.example") if !patient => b"450 come back later\r\n",
                    _ => b"250 fine\r\n",
                }
            }
            "DATA" => {
                data = Some(Vec::new());
                b"354 go on\r\n"
            }
            "QUIT" => {
                write.write_all(b"221 bye\r\n").await.ok()?;
                return Some(());
            }
            _ => b"250 fine\r\n",
        };
        write.write_all(answer).await.ok()?;
    }
    Some(())
}

/// Quoted-printable as text: `=E9` is a byte, `=` at a line's end is nothing.
fn decoded(body: &[u8]) -> String {
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'=' {
            out.push(byte);
        } else if after.first() == Some(&b'\n') {
            rest = &after[1..];
        } else {
            let hex = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
            match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
                Some(decoded) => {
                    out.push(decoded);
                    rest = &after[2..];
                }
                None => out.push(byte),
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}
