//! E-mail: one letter to one person, over the server that the settings name.

use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use std::time::Duration;

/// How long a server may take for one letter.
const PATIENCE: Duration = Duration::from_secs(20);

/// A letter.
#[derive(Debug, Clone)]
pub struct Letter {
    /// The sender's name; the address is that of the settings.
    pub from_name: String,
    /// The receiver's name.
    pub to_name: Option<String>,
    /// The receiver's address.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
    /// The same in HTML.
    pub html: String,
    /// What tells it from others: sent twice after a crash, it has the same id.
    pub id: String,
    /// Where its receiver says, with one click, that they want no more of them (RFC 8058).
    pub stop: String,
}

/// Why a letter was not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undelivered {
    /// It may go later: the server is away, busy, or refuses us.
    Later(String),
    /// The server refuses the letter for good.
    Rejected,
    /// The address is none.
    BadAddress,
}

/// Sends letters.
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Address,
}

impl std::fmt::Debug for Mailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Mailer")
    }
}

#[derive(Clone)]
struct ListUnsubscribe(String);

#[derive(Clone)]
struct OneClick;

impl Header for ListUnsubscribe {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe")
    }

    fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(ListUnsubscribe(text.to_owned()))
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), format!("<{}>", self.0))
    }
}

impl Header for OneClick {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe-Post")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(OneClick)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "List-Unsubscribe=One-Click".into())
    }
}

impl Mailer {
    /// A sender over the server at `url`; `host` is how this one names itself. A refusal says what is wrong, without the
    /// password that the URL may hold.
    pub fn of(url: &str, from: &str, host: &str) -> Result<Mailer, String> {
        let from = from.parse().map_err(|_| format!("ESSOR_MAIL_FROM must be an e-mail address, not {from}"))?;
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(|_| {
            "ESSOR_SMTP_URL must be smtps://user:password@host or smtp://host:587?tls=required".to_owned()
        })?;
        let transport = builder.timeout(Some(PATIENCE)).hello_name(ClientId::Domain(host.to_owned())).build();
        Ok(Mailer { transport, from })
    }

    /// Sends a letter; it is sent once the server has taken it.
    pub async fn send(&self, letter: &Letter) -> Result<(), Undelivered> {
        let message = self.message(letter)?;
        let Ok(sent) = tokio::time::timeout(PATIENCE, self.transport.send(message)).await else {
            return Err(Undelivered::Later("the mail server did not answer in time".into()));
        };
        sent.map(|_| ()).map_err(|error| {
            let code = error.status().map(|code| code.to_string());
            // 53x is about our own sign-in: another letter would fare no better, and this one will once it is mended.
            if error.is_permanent() && !code.as_deref().is_some_and(|code| code.starts_with("53")) {
                return Undelivered::Rejected;
            }
            // The server's own words may hold the address, which does not belong in a log.
            Undelivered::Later(match code {
                Some(code) => format!("the mail server answered {code}"),
                None if error.is_timeout() => "the mail server did not answer in time".into(),
                None if error.is_tls() => "the connection to the mail server could not be made safe".into(),
                None => "the mail server cannot be reached".into(),
            })
        })
    }

    fn message(&self, letter: &Letter) -> Result<Message, Undelivered> {
        let to: Address = letter.to.trim().parse().map_err(|_| Undelivered::BadAddress)?;
        let named = |name: &str, address: Address| {
            let name = plain(name);
            Mailbox::new((!name.is_empty()).then_some(name), address)
        };
        Message::builder()
            .from(named(&letter.from_name, self.from.clone()))
            .to(named(letter.to_name.as_deref().unwrap_or_default(), to))
            .subject(plain(&letter.subject))
            .message_id(Some(format!("<{}@{}>", letter.id, self.from.domain())))
            .header(ListUnsubscribe(letter.stop.clone()))
            .header(OneClick)
            .multipart(MultiPart::alternative_plain_html(letter.text.clone(), letter.html.clone()))
            .map_err(|_| Undelivered::BadAddress)
    }
}

/// A text of one line: control characters would begin another header, and the library panics on them in a name.
pub fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().trim().to_owned()
}

/// A text inside HTML.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn letter() -> Letter {
        Letter {
            from_name: "Acme\r\nBcc: all@example.org".into(),
            to_name: Some("Zoë\n\"Q\" <x>".into()),
            to: "zoe@client.example".into(),
            subject: "Une question\r\nX-Evil: 1".into(),
            text: "Bonjour".into(),
            html: "<p>Bonjour</p>".into(),
            id: "one".into(),
            stop: "https://essor.example/s/t/stop".into(),
        }
    }

    #[tokio::test]
    async fn names_cannot_begin_a_header() {
        let mailer = Mailer::of("smtp://127.0.0.1:1", "essor@acme.example", "acme.example").unwrap();
        let text = String::from_utf8(mailer.message(&letter()).unwrap().formatted()).unwrap();
        let head = text.split("\r\n\r\n").next().unwrap();
        assert!(!head.lines().any(|line| line.starts_with("Bcc") || line.starts_with("X-Evil")), "{head}");
        for line in [
            "Message-ID: <one@acme.example>",
            "List-Unsubscribe: <https://essor.example/s/t/stop>",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        ] {
            assert!(head.lines().any(|found| found == line), "{line} in {head}");
        }
        let bad = Letter { to: "nobody".into(), ..letter() };
        assert_eq!(mailer.message(&bad).err(), Some(Undelivered::BadAddress));
        assert!(matches!(mailer.send(&letter()).await, Err(Undelivered::Later(_))), "nobody listens there");
    }

    #[test]
    fn settings_are_refused_without_their_password() {
        let refused = Mailer::of("http://me:hunter2@host", "essor@acme.example", "h").err().unwrap();
        assert!(refused.contains("ESSOR_SMTP_URL") && !refused.contains("hunter2"), "{refused}");
        assert!(Mailer::of("smtp://h", "nobody", "h").err().unwrap().contains("ESSOR_MAIL_FROM"));
    }

    #[test]
    fn markup_in_a_text_stays_text() {
        assert_eq!(escape("<a href=\"x\">&'"), "&lt;a href=&quot;x&quot;&gt;&amp;&#39;");
    }
}
