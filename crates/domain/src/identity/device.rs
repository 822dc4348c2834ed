//! What a browser says of itself, in the few words that tell one session from another.

use serde::Serialize;

/// What a session was opened with, as far as its user agent tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Device {
    /// The browser, by its own name: `Firefox`.
    pub browser: Option<&'static str>,
    /// The system, by its own name: `Windows`.
    pub system: Option<&'static str>,
    /// `desktop`, `phone`, `tablet` or `unknown`.
    pub kind: &'static str,
}

/// Browsers by a mark of theirs; whoever imitates others comes first, because all of them say Safari.
const BROWSERS: [(&str, &str); 11] = [
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
];

/// Systems by a mark of theirs; a phone of Apple's says "like Mac OS X", an Android says "Linux".
const SYSTEMS: [(&str, &str); 8] = [
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];

/// Reads a user agent.
pub fn device(user_agent: &str) -> Device {
    let find = |table: &[(&str, &'static str)]| {
        table.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    let system = find(&SYSTEMS);
    let kind = match system {
        Some("iOS") => "phone",
        Some("iPadOS") => "tablet",
        Some("Android") => {
            if user_agent.contains("Mobile") {
                "phone"
            } else {
                "tablet"
            }
        }
        Some(_) => "desktop",
        None => "unknown",
    };
    Device { browser: find(&BROWSERS), system, kind }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identity_devices_are_told_apart() {
        #[rustfmt::skip]
        let table = [
            ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", Some("Firefox"), Some("Windows"), "desktop"),
            ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0", Some("Edge"), Some("Windows"), "desktop"),
            ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15", Some("Safari"), Some("macOS"), "desktop"),
            ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36", Some("Chrome"), Some("Linux"), "desktop"),
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1", Some("Safari"), Some("iOS"), "phone"),
            ("Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Mobile Safari/537.36", Some("Chrome"), Some("Android"), "phone"),
            ("Mozilla/5.0 (Linux; Android 15; SM-X710) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36", Some("Chrome"), Some("Android"), "tablet"),
            ("curl/8.9.1", Some("curl"), None, "unknown"),
            ("", None, None, "unknown"),
        ];
        for (agent, browser, system, kind) in table {
            assert_eq!(device(agent), Device { browser, system, kind }, "{agent}");
        }
    }
}
