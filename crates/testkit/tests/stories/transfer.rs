//! Files in and out: asked about where they cannot be told, imported once however often, exported as they can be read.

use essor_domain::identity::Role;
use essor_testkit::{Answer, Essor, Who, client, contact, identify, story};
use reqwest::Method;
use serde_json::{Value, json};

async fn upload(essor: &Essor, who: &Who, name: &str, bytes: impl Into<Vec<u8>>) -> Answer {
    let path = format!("/imports?name={name}");
    Answer::to(essor.request(who, Method::POST, &path).body(bytes.into())).await.unwrap()
}

async fn taken(essor: &Essor, bytes: impl Into<Vec<u8>>) -> Value {
    upload(essor, &essor.home().owner, "clients.csv", bytes).await.good()
}

fn id(import: &Value) -> &str {
    import["id"].as_str().unwrap()
}

/// Tries or runs an import to its end.
async fn step(essor: &Essor, import: &Value, plan: &Value, step: &str) -> Value {
    essor.post(&format!("/imports/{}/{step}", id(import)), json!({"plan": plan})).await;
    essor.settle().await;
    essor.get(&format!("/imports/{}", id(import))).await
}

fn counts(import: &Value) -> [i64; 4] {
    ["created", "changed", "unchanged", "refused"].map(|name| import[name].as_i64().unwrap())
}

async fn file(essor: &Essor, path: &str) -> Vec<u8> {
    let response = essor.request(&essor.home().owner, Method::GET, path).send().await.unwrap();
    assert_eq!(response.status(), 200);
    response.bytes().await.unwrap().to_vec()
}

async fn export(essor: &Essor, body: Value) -> Vec<u8> {
    let request = essor.request(&essor.home().owner, Method::POST, "/clients/export").json(&body);
    let response = request.send().await.unwrap();
    let status = response.status();
    let bytes = response.bytes().await.unwrap().to_vec();
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&bytes));
    bytes
}

const FRENCH: &str = "Identifiant;Nom;Site;Client depuis;Licences;Étiquettes;Contrat;Score;Note interne\r\n\
    C1;Soléa;https://www.solea.example/fr;25/12/2023;12;vip, Été;annuel;1,5;à part\r\n\
    C2;Béryl;beryl.example;03/04/2024;7;;mensuel;;\r\n";

async fn own_fields(essor: &Essor) {
    let choices = json!(["annuel", "mensuel"]);
    essor
        .post("/clients/fields", json!({"key": "contrat", "label": "Contrat", "kind": "choice", "choices": choices}))
        .await;
    essor.post("/clients/fields", json!({"key": "score", "label": "Score", "kind": "number"})).await;
}

story!(a_file_twice_is_a_file_once, |essor| async {
    own_fields(essor).await;
    let import = taken(essor, FRENCH).await;
    let found = &import["found"];
    assert_eq!((&found["separator"], &found["rows"]), (&json!(";"), &json!(2)));
    let to: Vec<&str> =
        import["plan"]["columns"].as_array().unwrap().iter().map(|c| c["to"].as_str().unwrap()).collect();
    assert_eq!(to, ["externalId", "name", "domain", "since", "seats", "tags", "field.contrat", "field.score"]);
    // The last column is kept as it is.
    let mut plan = import["plan"].clone();
    plan["columns"].as_array_mut().unwrap().push(json!({"at": 8, "to": "trait"}));

    let tried = step(essor, &import, &plan, "check").await;
    assert_eq!((&tried["state"], counts(&tried)), (&json!("checked"), [2, 0, 0, 0]));
    assert_eq!(essor.get("/clients?status=all").await["total"], 0, "a trial writes nothing");
    let done = step(essor, &import, &plan, "run").await;
    assert_eq!((&done["state"], counts(&done)), (&json!("done"), [2, 0, 0, 0]));

    let solea = essor.of_client("C1", "").await;
    let editable = &solea["editable"];
    assert_eq!((&editable["domain"], &editable["since"]), (&json!("solea.example"), &json!("2023-12-25")));
    assert_eq!(editable["tags"], json!(["Été", "vip"]));
    assert_eq!(editable["fields"], json!({"contrat": "annuel", "score": 1.5}));
    assert_eq!(solea["traits"], json!({"Note interne": "à part"}));

    // What people add stays; what the file says again changes nothing.
    essor.post("/clients", json!({"externalId": "C1", "tags": ["vip", "été", "suivi"]})).await;
    let before = essor.of_client("C1", "").await;
    let again = taken(essor, FRENCH).await;
    assert_eq!((&again["found"]["remembered"], &again["plan"]), (&json!(true), &plan));
    let tried = step(essor, &again, &plan, "check").await;
    assert_eq!(counts(&tried), [0, 0, 2, 0]);
    let done = step(essor, &again, &plan, "run").await;
    assert_eq!(counts(&done), [0, 0, 2, 0]);
    assert_eq!(essor.of_client("C1", "").await, before);

    let history = essor.get("/imports").await;
    let states: Vec<&Value> = history["items"].as_array().unwrap().iter().map(|i| &i["state"]).collect();
    assert_eq!(states, ["done", "done"]);
    let folder = essor.folder().join("imports").join(essor.home().workspace.0.to_string());
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 0, "files go once they are imported");
});

story!(what_cannot_be_told_is_asked, |essor| async {
    let twice = upload(essor, &essor.home().owner, "c.csv", "Nom;Id;Nom\nA;1;B\n").await;
    assert_eq!(twice.refused(422, "connectors_header_repeats")["columns"], "Nom");
    let old = upload(essor, &essor.home().owner, "c.xls", b"\xd0\xcf\x11\xe0\0\0\0\0".as_slice()).await;
    assert_eq!(old.refused(422, "connectors_file_kind")["file"], "c.xls");
    let empty = upload(essor, &essor.home().owner, "c.csv", "").await;
    empty.refused(422, "connectors_file_empty");

    let import = taken(essor, "id,since,seats\n1,03/04/2024,\"1,200\"\n2,05/06/2024,\"2,300\"\n").await;
    let run = format!("/imports/{}/run", id(&import));
    let mut plan = import["plan"].clone();
    let asked = essor.try_post(&run, json!({"plan": plan})).await.refused(422, "connectors_dates_ambiguous");
    assert_eq!((&asked["column"], &asked["examples"]), (&json!("since"), &json!("03/04/2024, 05/06/2024")));
    plan["columns"][1]["days"] = "mdy".into();
    let asked = essor.try_post(&run, json!({"plan": plan})).await.refused(422, "connectors_decimal_ambiguous");
    assert_eq!((&asked["column"], &asked["examples"]), (&json!("seats"), &json!("1,200 · 2,300")));
    plan["columns"][2]["decimal"] = ".".into();
    let done = step(essor, &import, &plan, "run").await;
    assert_eq!(counts(&done), [2, 0, 0, 0]);
    let first = essor.of_client("1", "").await;
    assert_eq!((&first["editable"]["since"], &first["editable"]["seats"]), (&json!("2024-03-04"), &json!(1200)));

    // A plan that makes no sense is refused before anything begins.
    let import = taken(essor, "id,name\n1,A\n").await;
    let run = format!("/imports/{}/run", id(&import));
    for (columns, code) in [
        (json!([{"at": 1, "to": "name"}]), "connectors_key_missing"),
        (json!([{"at": 0, "to": "externalId"}, {"at": 1, "to": "externalId"}]), "connectors_target_twice"),
        (json!([{"at": 0, "to": "externalId"}, {"at": 1, "to": "colour"}]), "connectors_target_unknown"),
        (json!([{"at": 0, "to": "externalId"}, {"at": 9, "to": "name"}]), "connectors_target_unknown"),
        (json!([{"at": 0, "to": "externalId"}, {"at": 1, "to": "field.gone"}]), "connectors_target_unknown"),
    ] {
        let plan = json!({"plan": {"entity": "client", "columns": columns}});
        essor.try_post(&run, plan).await.refused(422, code);
    }
});

story!(wrong_cells_are_named_by_row_and_column, |essor| async {
    own_fields(essor).await;
    essor
        .post(
            "/clients",
            json!([{"externalId": "a", "domain": "shared.example"}, {"externalId": "b", "domain": "shared.example"}]),
        )
        .await;
    let import = taken(
        essor,
        "id;nom;licences;contrat;parent\n1;Un;beaucoup;quotidien;\n2;Deux;3;annuel;nobody\n1;Encore;4;;\n3;Sous;5;;1\n4;=1+1;5\n",
    )
    .await;
    let mut plan = import["plan"].clone();
    let shown = essor.post(&format!("/imports/{}/preview", id(&import)), json!({"plan": plan})).await;
    let wrong = shown["items"][0]["wrong"].as_array().unwrap();
    let named: Vec<_> =
        wrong.iter().map(|w| (w["code"].as_str().unwrap(), w["params"]["column"].as_str().unwrap())).collect();
    assert_eq!(named, [("connectors_cell_invalid", "licences"), ("clients_field_choice", "contrat")]);
    assert_eq!(shown["items"][4]["wrong"][0]["code"], "connectors_row_broken");

    let done = step(essor, &import, &plan, "run").await;
    // A row that was refused is about nothing: the one below it with the same identifier is taken, and can be a parent.
    assert_eq!(counts(&done), [2, 0, 0, 3]);
    let rows = essor.get(&format!("/imports/{}/rows?outcome=refused", id(&import))).await;
    let reasons: Vec<_> = rows["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| (r["line"].as_i64().unwrap(), r["refusal"]["code"].as_str().unwrap()))
        .collect();
    assert_eq!(reasons, [(2, "connectors_cell_invalid"), (3, "clients_unknown"), (6, "connectors_row_broken")]);
    let french = String::from_utf8(file(essor, &format!("/imports/{}/refused?lang=fr", id(&import))).await).unwrap();
    let lines: Vec<&str> = french.lines().collect();
    assert_eq!(lines[0], "\u{feff}Ligne (Essor);Motif (Essor);id;nom;licences;contrat;parent");
    assert!(
        lines[1].starts_with("2;")
            && lines[1].contains("« beaucoup » n’est pas un nombre entier")
            && lines[1].ends_with("1;Un;beaucoup;quotidien;"),
        "{french}"
    );
    assert!(lines[3].contains("'=1+1"), "{french}");
    let english = String::from_utf8(file(essor, &format!("/imports/{}/refused?lang=en", id(&import))).await).unwrap();
    assert!(english.contains("Reason (Essor)") && english.contains("“beaucoup” is not a whole number"), "{english}");

    // The same row twice, what several have, and what must or must not be there.
    let import = taken(essor, "domain,name\nshared.example,X\nnew.example,Y\nwww.new.example,Z\n").await;
    plan = import["plan"].clone();
    assert_eq!(plan["key"], "domain");
    plan["mode"] = "update".into();
    let done = step(essor, &import, &plan, "run").await;
    assert_eq!(counts(&done), [0, 0, 0, 3]);
    let rows = essor.get(&format!("/imports/{}/rows", id(&import))).await;
    let codes: Vec<&str> =
        rows["items"].as_array().unwrap().iter().map(|r| r["refusal"]["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["connectors_key_shared", "connectors_row_unknown", "connectors_row_repeated"]);
});

story!(contacts_and_subscriptions_come_the_same_way, |essor| async {
    essor.post("/clients", client("100")).await;
    let hubspot = "Record ID,First Name,Last Name,Email,Job Title,Associated Company ID\n7,Ada,Byron,ada@acme.example,CTO,100\n8,Bob,,bob@acme.example,,404\n";
    let import = taken(essor, hubspot).await;
    assert_eq!((&import["found"]["known"], &import["plan"]["entity"]), (&json!("hubspot"), &json!("contact")));
    for expected in [[1, 0, 0, 1], [0, 0, 1, 1]] {
        let import = taken(essor, hubspot).await;
        let done = step(essor, &import, &import["plan"], "run").await;
        assert_eq!(counts(&done), expected);
    }
    let contacts = essor.of_client("100", "/contacts").await;
    assert_eq!(contacts["items"][0]["name"], "Ada Byron");

    let lines = "id;client;produit;début;montant;période\ns1;100;Pilotage;2026-01-01;1 200,50;annuel\ns2;100;API;2026-02-01;10;\n";
    for expected in [[2, 0, 0, 0], [0, 0, 2, 0]] {
        let import = taken(essor, lines).await;
        assert_eq!(import["plan"]["entity"], "subscription");
        let tried = step(essor, &import, &import["plan"], "check").await;
        assert_eq!(counts(&tried), expected, "{tried}");
        let done = step(essor, &import, &import["plan"], "run").await;
        assert_eq!(counts(&done), expected, "{done}");
    }
    assert_eq!(essor.of_client("100", "").await["mrrCents"], 10_004 + 1_000);
});

story!(an_import_is_its_workspaces_and_its_managers, |essor| async {
    let home = essor.home().workspace;
    let manager = essor.person(home, "manager@acme.example", Role::Manager).await;
    let member = essor.person(home, "member@acme.example", Role::Member).await;
    let viewer = essor.person(home, "viewer@acme.example", Role::Viewer).await;
    let import = upload(essor, &manager, "c.csv", "id\n1\n").await.good();
    for who in [&member, &viewer] {
        upload(essor, who, "c.csv", "id\n1\n").await.refused(403, "forbidden");
        let path = format!("/imports/{}/run", id(&import));
        essor.ask(who, Method::POST, &path, Some(&json!({"plan": import["plan"]}))).await.refused(403, "forbidden");
    }
    let other = essor.place("Other").await;
    for (method, rest) in [
        (Method::GET, ""),
        (Method::GET, "/rows"),
        (Method::GET, "/refused"),
        (Method::POST, "/run"),
        (Method::DELETE, ""),
    ] {
        let path = format!("/imports/{}{rest}", id(&import));
        let body = json!({"plan": import["plan"]});
        essor.ask(&other.owner, method, &path, Some(&body)).await.refused(404, "not_found");
    }
    let columns = json!([{"key": "name"}]);
    let body = json!({"selection": {"where": ""}, "columns": columns});
    essor.ask(&viewer, Method::POST, "/clients/export", Some(&body)).await.refused(403, "forbidden");
    let before = essor.audited(home).await;
    assert_eq!(essor.ask(&member, Method::POST, "/clients/export", Some(&body)).await.status, 200);
    assert_eq!(essor.audited(home).await, before + 1);
    essor.ask(&manager, Method::DELETE, &format!("/imports/{}", id(&import)), None).await;
    assert_eq!(essor.get("/imports").await["items"], json!([]));
});

story!(a_list_goes_out_and_comes_back_the_same, |essor| async {
    own_fields(essor).await;
    essor
        .post(
            "/clients",
            json!([
                {"externalId": "c1", "name": "=HYPERLINK(\"x\")", "seats": 3, "since": "2024-02-29", "tags": ["a", "b"],
                 "fields": {"score": -2.5, "contrat": "annuel"}},
                {"externalId": "c2", "name": "Deux; \"oui\", non", "segment": "-12,5", "domain": "deux.example"},
                {"externalId": "c3", "name": "+33 1 02 03 04 05"},
            ]),
        )
        .await;
    let columns = json!([
        {"key": "external_id", "heading": "Identifiant"}, {"key": "name", "heading": "Nom"}, {"key": "segment"},
        {"key": "domain"}, {"key": "since", "heading": "Client depuis"}, {"key": "tags"}, {"key": "field.score"},
        {"key": "field.contrat", "heading": "Contrat"},
    ]);
    let asked =
        |format: &str| json!({"selection": {"where": ""}, "columns": columns, "sort": "name", "format": format});
    let csv = String::from_utf8(export(essor, asked("csv")).await).unwrap();
    assert_eq!(
        csv,
        "Identifiant,Nom,segment,domain,Client depuis,tags,field.score,Contrat\r\n\
         c3,+33 1 02 03 04 05,,,,,,\r\n\
         c1,\"'=HYPERLINK(\"\"x\"\")\",,,2024-02-29,a; b,-2.5,annuel\r\n\
         c2,\"Deux; \"\"oui\"\", non\",\"-12,5\",deux.example,,,,\r\n"
    );
    let french = String::from_utf8(export(essor, asked("csvFrench")).await).unwrap();
    assert!(french.starts_with("\u{feff}Identifiant;Nom;") && french.contains(";-2,5;"), "{french}");
    let workbook = export(essor, asked("xlsx")).await;
    assert!(workbook.starts_with(b"PK"));

    // Back into the same workspace none of them changes anything; into another the clients are the same.
    for (name, bytes) in [("c.csv", csv.into_bytes()), ("c.csv", french.into_bytes()), ("c.xlsx", workbook.clone())] {
        let import = upload(essor, &essor.home().owner, name, bytes).await.good();
        let done = step(essor, &import, &import["plan"], "run").await;
        assert_eq!(
            counts(&done),
            [0, 0, 3, 0],
            "{name}: {}",
            essor.get(&format!("/imports/{}/rows?outcome=changed", id(&import))).await
        );
    }
    let other = essor.place("Other").await;
    let import = upload(essor, &other.owner, "c.xlsx", workbook).await.good();
    assert_eq!(import["found"]["sheet"], "Sheet1");
    let body = json!({"plan": import["plan"]});
    essor.ask(&other.owner, Method::POST, &format!("/imports/{}/run", id(&import)), Some(&body)).await.good();
    essor.settle().await;
    let list = essor.ask(&other.owner, Method::GET, "/clients?status=all&sort=name", None).await.good();
    let names: Vec<&str> = list["items"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["+33 1 02 03 04 05", "=HYPERLINK(\"x\")", "Deux; \"oui\", non"]);

    // A selection, by its ids, in the order of the list.
    let ids = json!([essor.client_id("c2").await, essor.client_id("c1").await, uuid::Uuid::nil()]);
    let body = json!({"selection": {"ids": ids}, "columns": [{"key": "external_id"}], "sort": "-name"});
    assert_eq!(export(essor, body).await, b"external_id\r\nc2\r\nc1\r\n");
    let unknown = json!({"selection": {"where": ""}, "columns": [{"key": "colour"}]});
    essor.try_post("/clients/export", unknown).await.refused(422, "expressions_fact_unknown");
});

story!(a_large_file_is_taken_as_it_comes, |essor| async {
    let mut text = String::from("id,name,domain,country\n");
    for n in 0..60_000 {
        text.push_str(&format!("big-{n},Client number {n},client-{n}.example,FR\n"));
    }
    // In pieces, without a length: nothing is held whole.
    let pieces: Vec<Result<Vec<u8>, std::io::Error>> = text.as_bytes().chunks(8_192).map(|p| Ok(p.to_vec())).collect();
    let body = reqwest::Body::wrap_stream(futures_util::stream::iter(pieces));
    let request = essor.request(&essor.home().owner, Method::POST, "/imports?name=big.csv").body(body);
    let import = Answer::to(request).await.unwrap().good();
    assert_eq!((&import["found"]["rows"], &import["rows"]), (&json!(60_000), &json!(60_000)));
    essor.ask(&essor.home().owner, Method::DELETE, &format!("/imports/{}", id(&import)), None).await;
    essor
        .ask(&essor.home().owner, Method::GET, &format!("/imports/{}", id(&import)), None)
        .await
        .refused(404, "not_found");
});

story!(an_import_that_is_cut_goes_on_where_it_was, |essor| async {
    let rows: String = (0..5_000).map(|n| format!("cut-{n},Client {n}\n")).collect();
    let import = taken(essor, format!("id,name\n{rows}")).await;
    let path = format!("/imports/{}", id(&import));
    essor.post(&format!("{path}/run"), json!({"plan": import["plan"]})).await;
    // The worker is gone in the middle of it, as a process that is killed.
    let app = essor.app.clone();
    let worker = tokio::spawn(async move { essor_app::jobs::work_once(&app, uuid::Uuid::now_v7()).await });
    essor_testkit::eventually("a batch is committed", async || {
        (essor.get(&path).await["done"].as_i64() >= Some(1_000)).then_some(())
    })
    .await;
    worker.abort();
    let _ = worker.await;
    // Its lease runs out, and another goes on.
    essor.clock.set(essor.app.clock.now() + chrono::Duration::seconds(120));
    essor.settle().await;
    let done = essor.get(&path).await;
    assert_eq!((&done["state"], counts(&done)), (&json!("done"), [5_000, 0, 0, 0]));
    assert_eq!(essor.get("/clients?status=all&limit=1").await["total"], 5_000);
});

story!(tags_and_own_fields_are_written_with_a_client, |essor| async {
    own_fields(essor).await;
    essor
        .post("/clients", json!({"externalId": "c", "tags": [" VIP ", "vip", "Été", ""], "fields": {"score": 2}}))
        .await;
    let read = essor.of_client("c", "").await;
    assert_eq!(
        (&read["editable"]["tags"], &read["editable"]["fields"]),
        (&json!(["Été", "VIP"]), &json!({"score": 2}))
    );
    // Left out they stay; given they are exactly these.
    essor.post("/clients", json!({"externalId": "c", "name": "C"})).await;
    assert_eq!(essor.of_client("c", "").await["editable"]["tags"], json!(["Été", "VIP"]));
    essor.post("/clients", json!({"externalId": "c", "tags": ["new"]})).await;
    let read = essor.of_client("c", "").await;
    assert_eq!(read["editable"]["tags"], json!(["new"]));

    let path = format!("/clients/{}", read["id"].as_str().unwrap());
    let patch = async |version: &str, body: Value| {
        let request =
            essor.request(&essor.home().owner, Method::PATCH, &path).header("if-match", format!("\"{version}\""));
        Answer::to(request.json(&body)).await.unwrap()
    };
    let version = read["version"].as_str().unwrap();
    let done =
        patch(version, json!({"tags": ["a", "NEW"], "fields": {"score": null, "contrat": "ANNUEL"}})).await.good();
    assert_eq!(
        (&done["editable"]["tags"], &done["editable"]["fields"]),
        (&json!(["a", "new"]), &json!({"contrat": "annuel"}))
    );
    // Who read before that is told what there is now.
    let stale = patch(version, json!({"tags": []})).await.refused(412, "precondition_failed");
    assert_eq!(
        (&stale["current"]["tags"], &stale["current"]["fields"]),
        (&json!(["a", "new"]), &json!({"contrat": "annuel"}))
    );
    let version = done["version"].as_str().unwrap();
    for (body, code, field) in [
        (json!({"fields": {"contrat": "weekly"}}), "clients_field_choice", "fields.contrat"),
        (json!({"fields": {"score": "many"}}), "field_type", "fields.score"),
        (json!({"fields": {"gone": 1}}), "clients_field_unknown", "fields.gone"),
        (json!({"tags": ["x".repeat(61)]}), "field_too_long", "tags"),
        (json!({"tags": vec!["t"; 51]}), "list_too_long", "tags"),
    ] {
        assert_eq!(patch(version, body.clone()).await.refused(422, code)["field"], field);
        let mut upsert = body;
        upsert["externalId"] = "c".into();
        assert_eq!(essor.try_post("/clients", upsert).await.refused(422, code)["field"], field);
    }
    assert_eq!(essor.of_client("c", "").await["version"], version, "nothing of what was refused is saved");
    // The same again is no change, and leaves no entry.
    let before = essor.audited(essor.home().workspace).await;
    patch(version, json!({"tags": ["A", "new"], "fields": {"contrat": "annuel"}})).await.good();
    assert_eq!(essor.audited(essor.home().workspace).await, before);
});

story!(a_source_says_a_job_and_never_takes_a_part_away, |essor| async {
    essor.post("/clients", client("acme")).await;
    let people = async || essor.of_client("acme", "/contacts").await["items"].as_array().unwrap().clone();
    let of = |people: &[Value], id: &str| -> Value {
        let one = people.iter().find(|person| person["externalId"] == id).unwrap();
        json!([one["role"], one["title"]])
    };
    essor.post("/contacts", contact("7", "acme").with("name", "Ada").with("email", "ada@acme.example")).await;
    let before = people().await;
    let id = essor.client_id("acme").await;
    let by_hand = format!("/clients/{id}/contacts/{}", before[0]["id"].as_str().unwrap());
    essor.patch(&by_hand, json!({"role": "champion"})).await;

    // A file, a call of the API and a call of an SDK say the job; what somebody chose stays.
    let columns = "Record ID,First Name,Last Name,Email,Job Title,Associated Company IDs (Primary)\n";
    let rows = "7,Ada,Lovelace,ada@acme.example,CTO,acme\n8,Bob,Kahn,bob@acme.example,DSI,acme\n";
    let import = upload(essor, &essor.home().owner, "all-contacts.csv", format!("{columns}{rows}")).await.good();
    assert_eq!(import["found"]["known"], "hubspot", "{import}");
    let done = step(essor, &import, &import["plan"], "run").await;
    assert_eq!((&done["state"], counts(&done)), (&json!("done"), [1, 1, 0, 0]));
    let now = people().await;
    assert_eq!((of(&now, "7"), of(&now, "8")), (json!(["champion", "CTO"]), json!([null, "DSI"])));
    let again = upload(essor, &essor.home().owner, "all-contacts.csv", format!("{columns}{rows}")).await.good();
    assert_eq!(counts(&step(essor, &again, &again["plan"], "run").await), [0, 0, 2, 0]);
    essor.post("/contacts", contact("7", "acme").with("role", "Directrice technique")).await;
    assert_eq!(of(&people().await, "7"), json!(["champion", "Directrice technique"]));
    essor.usage([identify("i", "7", json!({"title": "VP", "role": "Admin"})).of("acme")]).await;
    assert_eq!(of(&people().await, "7"), json!(["champion", "VP"]));

    // A part that is one of the list is taken, however it is written.
    essor.post("/contacts", contact("8", "acme").with("role", "Decision maker").with("title", "DSI")).await;
    assert_eq!(of(&people().await, "8"), json!(["decision_maker", "DSI"]));

    // Jobs that stood in the place of parts were moved when Essor learned of titles.
    essor.meddle("UPDATE clients_contacts SET role = 'Head of IT', title = NULL WHERE external_id = '8'").await;
    essor.meddle("UPDATE clients_contacts SET role = 'Champion' WHERE external_id = '7'").await;
    essor.meddle(include_str!("../../../store/src/migrations/0019_titles.sql")).await;
    let now = people().await;
    assert_eq!((of(&now, "7"), of(&now, "8")), (json!(["champion", "VP"]), json!([null, "Head of IT"])));
});
