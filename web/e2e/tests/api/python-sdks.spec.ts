/**
 * Requests of the stock Python SDKs, byte for byte as they were recorded (fixtures/record_python.py says how). Before
 * a replay only what must change changes: the key, and the times, moved by the age of the recording so that they lie
 * in the present; ids and all other bytes stay, and gzip is gzip again. The ids are made unique for each run, so that
 * the runs of one recording do not pass for repetitions of each other; repetitions inside a run stay repetitions.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { send } from "../../harness/api";
import { expect, test } from "../../harness/server";

interface Recorded {
  method: string;
  path: string;
  headers: [string, string][];
  bodyBase64: string;
  answered: number;
}

interface Recording {
  package: string;
  version: string;
  recordedAt: string;
  writeKey: string;
  runs: { title: string; requests: Recorded[] }[];
}

const INSTANT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?\+00:00/g;

function load(name: string): Recording {
  const file = path.join(import.meta.dirname, "../../fixtures", `python-${name}.json`);
  return JSON.parse(readFileSync(file, "utf8")) as Recording;
}

/** The request as the SDK would send it now, with another key, for a client and people of this run. */
function refreshed(recording: Recording, recorded: Recorded, key: string, run: string) {
  const headers = Object.fromEntries(
    recorded.headers.map(([name, value]) => [name.toLowerCase(), value]),
  );
  const zipped = headers["content-encoding"] === "gzip";
  const bytes = Buffer.from(recorded.bodyBase64, "base64");
  const age = Date.now() - new Date(recording.recordedAt).getTime();
  const text = (zipped ? gunzipSync(bytes) : bytes)
    .toString("utf8")
    .replaceAll(INSTANT, (at) =>
      new Date(new Date(at).getTime() + age - 2_000).toISOString().replace("Z", "+00:00"),
    )
    .replaceAll(recording.writeKey, key)
    .replaceAll(/"messageId": "([^"]+)"/g, `"messageId": "${run}-$1"`)
    .replaceAll("py-", `${run}-py-`);
  for (const name of ["content-length", "connection", "accept-encoding", "authorization"]) {
    delete headers[name];
  }
  return { headers, body: zipped ? gzipSync(text) : Buffer.from(text) };
}

for (const name of ["segment", "rudderstack"]) {
  const recording = load(name);
  test.describe(`${recording.package} ${recording.version}, recorded`, () => {
    for (const [index, run] of recording.runs.entries()) {
      test(`${run.title}: everything arrives once`, async ({ essor, api, writeKey }) => {
        const mark = `${name}${index}`;
        const outcomes = [];
        for (const recorded of run.requests) {
          const key = Buffer.from(
            recorded.headers.find(([header]) => header === "Authorization")?.[1].slice(6) ?? "",
            "base64",
          ).toString();
          expect(key).toBe(`${recording.writeKey}:`);
          const { headers, body } = refreshed(recording, recorded, writeKey, mark);
          outcomes.push(await send(essor.url, writeKey, recorded.path, body, headers));
        }
        expect(outcomes[0]).toEqual({
          status: 200,
          body: { success: true, accepted: 7, duplicates: 0, quarantined: 0 },
        });
        // What the SDK sent again after a 500 is known already.
        for (const again of outcomes.slice(1)) {
          expect(again.body).toEqual({ success: true, accepted: 0, duplicates: 7, quarantined: 0 });
        }
        const client = await api.client(`${mark}-py-acme`);
        expect(client).toMatchObject({ name: "Python Acme", industry: "Aerospace" });
        expect(await api.counts(`${mark}-py-acme`)).toEqual({
          "Report Exported": 2,
          "Viewed Home": 1,
          "Viewed Pricing": 1,
        });
        const contacts = await api.contacts(client.id);
        expect(contacts.find((contact) => contact.externalId === `${mark}-py-ada`)).toMatchObject({
          name: "Ada Python",
          email: `ada@py.example`,
        });
      });
    }
  });
}
