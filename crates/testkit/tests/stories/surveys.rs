//! Surveys: asked, answered by people outside, counted; and everything that keeps somebody from being asked.

use chrono::Duration;
use essor_domain::identity::Role;
use essor_testkit::{Answer, Essor, Who, client, signal, story, subscription};
use reqwest::Method;
use serde_json::{Value, json};

async fn survey(essor: &Essor, kind: &str) -> String {
    let made = essor.post("/surveys", json!({"name": "Spring", "kind": kind})).await;
    made["id"].as_str().unwrap().to_owned()
}

/// A client with people; returns their ids.
async fn people(essor: &Essor, external: &str, names: &[&str]) -> Vec<String> {
    essor.post("/clients", client(external).with("segment", "smb")).await;
    let id = essor.client_id(external).await;
    let mut out = Vec::new();
    for name in names {
        let new = json!({"name": name, "email": format!("{}@{external}.example", name.to_lowercase())});
        let made = essor.post(&format!("/clients/{id}/contacts"), new).await;
        out.push(made["id"].as_str().unwrap().to_owned());
    }
    out
}

/// Asks one person; the path of their link.
async fn asked(essor: &Essor, survey: &str, contact: &str) -> String {
    let made = essor.post(&format!("/surveys/{survey}/ask"), json!({"contactId": contact})).await;
    let (_, token) = made["url"].as_str().unwrap().split_once("/s/").unwrap();
    format!("/s/{token}")
}

async fn page(essor: &Essor, path: &str) -> Answer {
    essor.ask(&Who::Nobody, Method::GET, path, None).await
}

/// Sends the form of a page, as a browser would.
async fn sent(essor: &Essor, path: &str, fields: &str) -> Answer {
    let request = essor
        .request(&Who::Nobody, Method::POST, path)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .body(fields.to_owned());
    Answer::to(request).await.unwrap()
}

fn pass(essor: &Essor, time: Duration) {
    essor.clock.set(essor.app.clock.now() + time);
}

story!(an_answer_moves_health, |essor| async {
    let contacts = people(essor, "acme", &["Ada", "Bob"]).await;
    essor.post("/subscriptions", subscription("s", "acme", "2026-01-01", 10_000)).await;
    let survey = survey(essor, "nps").await;
    let link = asked(essor, &survey, &contacts[0]).await;
    essor.settle().await;
    let before = essor.of_client("acme", "/health").await;

    // Looking records nothing, however often a scanner looks, and with whichever score.
    let shown = page(essor, &format!("{link}?score=9")).await;
    assert_eq!(shown.status, 200);
    assert!(shown.text.contains("value=\"9\" required checked"), "{}", shown.text);
    assert!(shown.headers["content-security-policy"].to_str().unwrap().contains("default-src 'self'"));
    assert!(!shown.text.contains("http://") && !shown.text.contains("https://"), "no other host is named");
    page(essor, &format!("{link}/stop")).await;
    let results = essor.get(&format!("/surveys/{survey}")).await;
    assert_eq!((&results["asked"], &results["answered"], &results["figure"]), (&json!(1), &json!(0), &Value::Null));
    assert_eq!(results["responseRate"], 0.0);

    assert_eq!(sent(essor, &link, "score=3&comment=Too+slow%0A%3Cb%3E&lang=en").await.status, 200);
    essor.settle().await;
    let results = essor.get(&format!("/surveys/{survey}")).await;
    assert_eq!((&results["answered"], &results["figure"]), (&json!(1), &json!(-100.0)));
    assert_eq!((&results["bad"], &results["responseRate"]), (&json!(1), &json!(1.0)));
    assert_eq!(results["months"], json!([{"key": "2026-06", "answers": 1, "figure": -100.0}]));
    assert_eq!(results["segments"], json!([{"key": "smb", "answers": 1, "figure": -100.0}]));
    let after = essor.of_client("acme", "/health").await;
    assert!(!before.to_string().contains("satisfaction_mean"), "{before}");
    assert!(after.to_string().contains("satisfaction_mean"), "{after}");
    let seen = essor.of_client("acme", "/contacts").await;
    let ada = seen["items"].as_array().unwrap().iter().find(|c| c["name"] == "Ada").unwrap().clone();
    assert_eq!(ada["nps"], 3.0);
    let stream = essor.of_client("acme", "/timeline").await.to_string();
    assert!(stream.contains("Too slow"), "{stream}");

    // Answered again, one answer counts: the last.
    let again = page(essor, &link).await;
    assert!(again.text.contains("value=\"3\" required checked") && again.text.contains("Too slow\n&lt;b&gt;"));
    assert_eq!(sent(essor, &link, "score=10").await.status, 200);
    essor.settle().await;
    let results = essor.get(&format!("/surveys/{survey}")).await;
    assert_eq!((&results["answered"], &results["figure"]), (&json!(1), &json!(100.0)));
    let behind = essor.get(&format!("/surveys/{survey}/recipients?min=9&max=10")).await;
    assert_eq!((&behind["items"][0]["score"], &behind["items"][0]["comment"]), (&json!(10), &Value::Null));
    assert_eq!(behind["items"].as_array().unwrap().len(), 1);
    for empty in ["min=0&max=6", "answered=false", "commented=true", "month=2026-05", "segment=", "state=failed"] {
        let none = essor.get(&format!("/surveys/{survey}/recipients?{empty}")).await;
        assert_eq!(none["items"], json!([]), "{empty}");
    }
    for (query, code) in [("month=2026-13", "surveys_month"), ("cursor=x", "cursor_invalid")] {
        let path = format!("/surveys/{survey}/recipients?{query}");
        assert_eq!(essor.ask(&essor.home().owner, Method::GET, &path, None).await.code(), code);
    }
    // Page by page, each once.
    asked(essor, &survey, &contacts[1]).await;
    let first = essor.get(&format!("/surveys/{survey}/recipients?limit=1")).await;
    let path = format!("/surveys/{survey}/recipients?limit=1&cursor={}", first["nextCursor"].as_str().unwrap());
    let second = essor.get(&path).await;
    assert_eq!((&first["items"][0]["contactName"], &second["items"][0]["contactName"]), (&json!("Bob"), &json!("Ada")));
});

story!(a_link_says_what_has_become_of_it, |essor| async {
    let contacts = people(essor, "acme", &["Ada", "Bob", "Cleo"]).await;
    let survey = survey(essor, "csat").await;
    let mut links = Vec::new();
    for contact in &contacts {
        links.push(asked(essor, &survey, contact).await);
    }
    // Unknown ones, and forms that are none.
    for path in ["/s/unknown", "/s/unknown/stop", "/s/%00"] {
        assert_eq!(page(essor, path).await.status, 404, "{path}");
        assert_eq!(sent(essor, path, "score=5").await.status, 404, "{path}");
    }
    for fields in ["", "score=", "score=6", "score=0", "score=x", "%FF", "score=4.5"] {
        assert_eq!(sent(essor, &links[0], fields).await.status, 422, "{fields}");
    }
    let long = format!("score=5&comment={}", "x".repeat(2_001));
    assert_eq!(sent(essor, &links[0], &long).await.status, 422);
    // The reader's language: what they chose, else the browser's.
    let french = essor.request(&Who::Nobody, Method::GET, &links[0]).header("accept-language", "fr-FR,en;q=0.5");
    assert!(Answer::to(french).await.unwrap().text.contains("<html lang=\"fr\""));
    assert!(page(essor, &format!("{}?lang=fr", links[0])).await.text.contains("satisfait"));
    assert!(page(essor, &links[0]).await.text.contains("How satisfied"));

    // Closed, it takes nothing; opened again, it does.
    essor.patch(&format!("/surveys/{survey}"), json!({"open": false})).await;
    assert_eq!(sent(essor, &links[0], "score=5").await.status, 410);
    assert!(page(essor, &links[0]).await.text.contains("closed"));
    let nobody = essor.try_post(&format!("/surveys/{survey}/ask"), json!({"contactId": contacts[0]})).await;
    nobody.refused(409, "surveys_closed");
    essor.patch(&format!("/surveys/{survey}"), json!({"open": true})).await;
    assert_eq!(sent(essor, &links[0], "score=5").await.status, 200);
    // A person taken away is asked no more.
    let client = essor.client_id("acme").await;
    assert_eq!(essor.delete(&format!("/clients/{client}/contacts/{}", contacts[1])).await.status, 204);
    assert_eq!(sent(essor, &links[1], "score=1").await.status, 410);
    assert_eq!(page(essor, &links[1]).await.status, 410);
    // After sixty days it is over, for those who have answered too.
    let program = essor.token(essor.home().workspace, &["read", "write"]).await;
    pass(essor, Duration::days(60));
    assert_eq!(sent(essor, &links[2], "score=1").await.status, 410);
    assert_eq!(sent(essor, &links[0], "score=1").await.status, 410);
    let path = format!("/surveys/{survey}");
    let results = essor.ask(&program, Method::GET, &path, None).await.good();
    assert_eq!((&results["answered"], &results["figure"]), (&json!(1), &json!(100.0)));
    // What was asked stays as it was asked.
    let change = json!({"questionEn": "Another question?"});
    let refused = essor.ask(&program, Method::PATCH, &path, Some(&change)).await;
    assert_eq!(refused.refused(409, "surveys_sent")["field"], "questionEn");
    // One address has so many requests a minute.
    let mut last = 200;
    for _ in 0..130 {
        last = page(essor, "/s/unknown").await.status.as_u16();
    }
    assert_eq!(last, 429);
});

story!(people_are_left_in_peace, |essor| async {
    let contacts = people(essor, "acme", &["Ada", "Bob", "Cleo", "Dan", "Eve", "Finn"]).await;
    let gone = people(essor, "gone", &["Gus"]).await;
    let other = people(essor, "other", &["Hal"]).await;
    let acme = essor.client_id("acme").await;
    for (place, change) in [
        (0, json!({"consent": "given"})),
        (1, json!({"consent": "refused"})),
        (3, json!({"leftOn": "2026-06-17"})),
        (4, json!({"email": null})),
    ] {
        essor.patch(&format!("/clients/{acme}/contacts/{}", contacts[place]), change).await;
    }
    let archive = json!({"selection": {"ids": [essor.client_id("gone").await]}, "action": {"kind": "archive"}});
    essor.post("/clients/bulk", archive).await;
    essor.settle().await;
    let survey = survey(essor, "nps").await;
    let preview = async |body: Value| essor.post(&format!("/surveys/{survey}/preview"), body).await;
    let all = preview(json!({})).await;
    assert_eq!(all["asked"], 1, "only who has agreed: {all}");
    let expected = json!({"archived": 1, "left": 1, "refused": 1, "silent": 4, "noAddress": 0, "recent": 0});
    assert_eq!(all["leftOut"], expected, "of links nobody needs an address");
    let mailed = preview(json!({"silent": true, "delivery": "email", "where": "external_id = \"acme\""})).await;
    assert_eq!((&mailed["asked"], &mailed["leftOut"]["noAddress"]), (&json!(3), &json!(1)), "{mailed}");
    assert_eq!(preview(json!({"silent": true, "contactIds": [contacts[1], gone[0], other[0]]})).await["asked"], 1);
    for (body, code) in [
        (json!({"contactIds": []}), "field_required"),
        (json!({"where": "nps >"}), "expressions_syntax"),
        (json!({"delivery": "pigeon"}), "field_type"),
        (json!({"view": uuid::Uuid::nil()}), "not_found"),
    ] {
        assert_eq!(essor.try_post(&format!("/surveys/{survey}/preview"), body.clone()).await.code(), code, "{body}");
    }
    // Sent, the same people are asked: once in 180 days, whatever the survey.
    let done = essor.post(&format!("/surveys/{survey}/send"), json!({"silent": true})).await;
    assert_eq!((&done["asked"], &done["remaining"]), (&json!(5), &json!(0)));
    essor.try_post(&format!("/surveys/{survey}/send"), json!({"silent": true})).await.refused(422, "surveys_nobody");
    let second = essor.post("/surveys", json!({"name": "Second", "kind": "ces"})).await;
    let second = second["id"].as_str().unwrap().to_owned();
    let refused = async |contact: &str| {
        let answer = essor.try_post(&format!("/surveys/{second}/ask"), json!({"contactId": contact})).await;
        answer.refused(422, "surveys_left_out")["reason"].clone()
    };
    assert_eq!(refused(&contacts[0]).await, "recent");
    assert_eq!(refused(&contacts[1]).await, "refused");
    assert_eq!(refused(&gone[0]).await, "archived");
    // Who answered another tool's survey was asked, too.
    let program = essor.token(essor.home().workspace, &["read", "write"]).await;
    pass(essor, Duration::days(181));
    let post = async |path: &str, body: Value| essor.ask(&program, Method::POST, path, Some(&body)).await.good();
    post("/contacts", json!({"externalId": "h", "name": "Ida", "clientExternalId": "other"})).await;
    let answered = json!({"survey": "nps", "score": 8});
    let mut theirs: Value = signal("survey", "x", "other", "2026-11-01T10:00:00Z", answered).into();
    theirs["contactExternalId"] = "h".into();
    post("/signals", theirs).await;
    let later = post(&format!("/surveys/{second}/preview"), json!({"silent": true})).await;
    assert_eq!((&later["asked"], &later["leftOut"]["recent"]), (&json!(5), &json!(1)), "{later}");
    let links = post(&format!("/surveys/{second}/links"), json!({})).await;
    assert_eq!(links["items"], json!([]), "nobody was asked by it");
});

story!(
    letters_are_sent,
    mailing
        | essor
        | async {
            let mailbox = essor.mailbox.clone().unwrap();
            essor.post("/clients", client("acme").with("country", "FR")).await;
            let id = essor.client_id("acme").await;
            for (name, email) in [
                ("Zoé\r\nBcc: x@y.example", "zoe@acme.example"),
                ("Rejected", "a@rejected.example"),
                ("Busy", "b@busy.example"),
            ] {
                essor.post(&format!("/clients/{id}/contacts"), json!({"name": name, "email": email})).await;
            }
            let survey = survey(essor, "nps").await;
            let sending = json!({"silent": true, "delivery": "email"});
            assert_eq!(essor.post(&format!("/surveys/{survey}/send"), sending).await["asked"], 3);
            assert_eq!(essor.get(&format!("/surveys/{survey}")).await["states"]["queued"], 3);
            essor.settle().await;
            let states = essor.get(&format!("/surveys/{survey}")).await["states"].clone();
            assert_eq!(states, json!({"link": 0, "queued": 1, "sent": 1, "failed": 1}));
            let failed = essor.get(&format!("/surveys/{survey}/recipients?state=failed")).await;
            assert_eq!(failed["items"][0]["reason"], "rejected");
            let letters = mailbox.letters();
            let [letter] = letters.as_slice() else { panic!("{letters:?}") };
            assert_eq!(letter.to, "zoe@acme.example");
            assert!(!letter.text.lines().any(|line| line.starts_with("Bcc")), "{}", letter.text);
            let stops = "List-Unsubscribe-Post: List-Unsubscribe=One-Click";
            for part in [stops, "text/plain", "text/html", "?score=10", "Quelle est la probabilité"] {
                assert!(letter.text.contains(part), "{part} in {}", letter.text);
            }
            let link = format!("/s/{}", letter.token());
            assert!(page(essor, &link).await.text.contains("<html lang=\"fr\""), "the person's language");
            // A server that was busy is tried again.
            mailbox.take_all();
            pass(essor, Duration::minutes(5));
            essor.settle().await;
            assert_eq!(essor.get(&format!("/surveys/{survey}")).await["states"]["sent"], 2);
            assert_eq!(mailbox.letters().len(), 2);
            // A letter that was refused can be handed over by hand.
            let links = essor.post(&format!("/surveys/{survey}/links"), json!({})).await;
            assert_eq!(links["items"].as_array().unwrap().len(), 1);

            // One click in a mail program: no cookie, no origin, a body of its own.
            let stop = format!("{link}/stop");
            assert_eq!(page(essor, &stop).await.status, 200);
            let consent = async || {
                let all = essor.of_client("acme", "/contacts").await;
                let zoe =
                    all["items"].as_array().unwrap().iter().find(|c| c["email"] == "zoe@acme.example").unwrap().clone();
                zoe["consent"].clone()
            };
            assert_eq!(consent().await, Value::Null, "looking withdraws nothing");
            let one_click = || {
                let request = essor.request(&Who::Nobody, Method::POST, &stop);
                request.header("content-type", "application/x-www-form-urlencoded").body("List-Unsubscribe=One-Click")
            };
            assert_eq!(Answer::to(one_click()).await.unwrap().status, 200);
            assert_eq!(consent().await, "refused");
            let entries = essor.audited(essor.home().workspace).await;
            assert_eq!(Answer::to(one_click()).await.unwrap().status, 200);
            assert_eq!(essor.audited(essor.home().workspace).await, entries, "said again it changes nothing");
            // The link itself can still be answered.
            assert_eq!(sent(essor, &link, "score=9").await.status, 200);
            assert_eq!(essor.audited(essor.home().workspace).await, entries + 1);
        }
);

story!(nobody_is_written_to_without_a_server, |essor| async {
    let contacts = people(essor, "acme", &["Ada"]).await;
    let survey = survey(essor, "nps").await;
    assert_eq!(essor.get("/surveys").await["mail"], false);
    let sending = json!({"silent": true, "delivery": "email"});
    let refused = essor.try_post(&format!("/surveys/{survey}/send"), sending).await;
    assert_eq!(refused.refused(422, "surveys_mail_off")["field"], "delivery");
    // A member asks one person, and sends to nobody else; a viewer asks nobody.
    let workspace = essor.home().workspace;
    let member = essor.person(workspace, "member@acme.example", Role::Member).await;
    let viewer = essor.person(workspace, "viewer@acme.example", Role::Viewer).await;
    let ask = json!({"contactId": contacts[0]});
    let path = format!("/surveys/{survey}/ask");
    essor.ask(&viewer, Method::POST, &path, Some(&ask)).await.refused(403, "forbidden");
    let made = essor.ask(&member, Method::POST, &path, Some(&ask)).await.good();
    let send = format!("/surveys/{survey}/send");
    essor.ask(&member, Method::POST, &send, Some(&json!({}))).await.refused(403, "forbidden");
    let links = essor.post(&format!("/surveys/{survey}/links"), json!({})).await;
    assert_eq!(links["items"][0]["url"], made["url"]);
    assert_eq!(essor.ask(&viewer, Method::GET, &format!("/surveys/{survey}"), None).await.status, 200);
    // Another workspace's people are nobody here.
    let other = essor.place("Other").await;
    let theirs = json!({"name": "Theirs", "kind": "nps"});
    let theirs = essor.ask(&other.owner, Method::POST, "/surveys", Some(&theirs)).await.good();
    let path = format!("/surveys/{}/ask", theirs["id"].as_str().unwrap());
    essor.ask(&other.owner, Method::POST, &path, Some(&ask)).await.refused(422, "clients_contact_unknown");
    essor.ask(&essor.home().owner, Method::POST, &path, Some(&ask)).await.refused(404, "not_found");
    // Bad words are refused with their field.
    for (body, code, field) in [
        (json!({"name": " ", "kind": "nps"}), "field_required", "name"),
        (json!({"name": "x", "kind": "stars"}), "surveys_kind_unknown", "kind"),
        (json!({"name": "x".repeat(81), "kind": "nps"}), "field_too_long", "name"),
        (json!({"name": "x", "kind": "nps", "questionFr": "a\nb"}), "field_type", "questionFr"),
        (json!({"name": "x", "kind": "nps", "followFr": null}), "field_required", "followFr"),
    ] {
        let refused = essor.try_post("/surveys", body.clone()).await;
        assert_eq!(refused.refused(422, code)["field"], field, "{body}");
    }
});
