/** The fixed names that scripts and other programs rely on, on a server that has just started. */
import { send } from "../../harness/api";
import { expect, test } from "../../harness/server";

test("it is alive, ready and describes itself", async ({ essor }) => {
  for (const path of ["/livez", "/readyz"]) {
    expect((await fetch(essor.url + path)).status, path).toBe(200);
  }
  const description = await (await fetch(`${essor.url}/api/openapi.json`)).json();
  expect(description).toMatchObject({ openapi: expect.stringMatching(/^3\.1/) });
  expect(Object.keys(description.paths)).toContain("/api/v1/growth/summary");
});

test("what is not there is a problem with a code, never a page", async ({ essor, api }) => {
  const answer = await fetch(`${essor.url}/api/v1/nothing`);
  expect(answer.status).toBe(404);
  expect(await answer.json()).toMatchObject({ error: { code: "not_found" } });
  const refused = await fetch(`${essor.url}/api/v1/growth/summary`);
  expect(refused.status).toBe(401);
  expect(await refused.json()).toMatchObject({ error: { code: "identity_not_signed_in" } });
  const unknown = await fetch(`${essor.url}/api/v1/clients/019b0000-0000-7000-8000-000000000000`, {
    headers: { Authorization: `Bearer ${api.token}` },
  });
  expect(unknown.status).toBe(404);
});

test("a subscription through the API is MRR in the summary", async ({ api }) => {
  const before = await api.get<{ mrrCents: number; activeClients: number }>("/growth/summary");
  await api.post("/clients", { externalId: "smoke", name: "Smoke & Sons" });
  const subscription = {
    externalId: "smoke-1",
    clientExternalId: "smoke",
    product: "Essor",
    startDate: "2026-01-01",
    amountCents: 120_000,
    period: "year",
    quantity: 2,
  };
  await api.post("/subscriptions", subscription);
  // Sent twice, counted once.
  await api.post("/subscriptions", subscription);
  await expect
    .poll(async () => {
      const after = await api.get<typeof before>("/growth/summary");
      return [after.mrrCents - before.mrrCents, after.activeClients - before.activeClients];
    })
    .toEqual([20_000, 1]);
  const client = await api.client("smoke");
  expect(client.mrrCents).toBe(20_000);
});

test("a bad event is set aside with its reason, and its batch counts", async ({
  essor,
  api,
  writeKey,
}) => {
  const event = (messageId: string, more: object = {}) => ({
    type: "track",
    messageId,
    userId: "smoke-ada",
    event: "Opened",
    context: { groupId: "smoke-events" },
    ...more,
  });
  const body = JSON.stringify({
    batch: [event("s1"), event("s2", { timestamp: "yesterday" }), event("s3"), event("s1"), 42],
  });
  expect(await send(essor.url, writeKey, "/v1/batch", body)).toEqual({
    status: 200,
    body: { success: true, accepted: 2, duplicates: 1, quarantined: 2 },
  });
  const aside = await api.quarantine();
  expect(aside.map((item) => item.code).sort()).toEqual([
    "usage_not_an_object",
    "usage_timestamp_invalid",
  ]);
  const bad = aside.find((item) => item.code === "usage_timestamp_invalid");
  if (!bad) throw new Error("not set aside");
  expect(await api.post(`/quarantine/${bad.id}/replay`, {})).toMatchObject({ accepted: false });
  const raw = bad.raw.replace("yesterday", new Date().toISOString());
  expect(await api.post(`/quarantine/${bad.id}/replay`, { raw })).toMatchObject({ accepted: true });
  expect(await api.counts("smoke-events")).toEqual({ Opened: 3 });
});

test("each tracking endpoint takes one message; a redirect is never the answer", async ({
  essor,
  api,
  writeKey,
}) => {
  const context = { groupId: "smoke-single" };
  const messages: [string, object][] = [
    ["group", { groupId: "smoke-single", traits: { name: "Single" } }],
    ["identify", { traits: { name: "Solo" } }],
    ["track", { event: "Opened", context }],
    ["page", { name: "Home", context }],
    ["screen", { name: "Home", context }],
    ["alias", { previousId: "smoke-before" }],
  ];
  for (const [kind, message] of messages) {
    const body = JSON.stringify({ messageId: `single-${kind}`, userId: "smoke-solo", ...message });
    const { status } = await send(essor.url, writeKey, `/v1/${kind}`, body);
    expect(status, kind).toBe(200);
  }
  const batch = [{ type: "track", messageId: "import-1", userId: "smoke-solo", event: "Opened" }];
  expect((await send(essor.url, writeKey, "/v1/import", JSON.stringify({ batch }))).status).toBe(
    200,
  );
  expect(await api.counts("smoke-single")).toEqual({ Opened: 2, "Viewed Home": 2 });
});

test("what was acknowledged survives a crash", async ({ essor, api, writeKey }) => {
  const body = JSON.stringify({
    messageId: "crash-1",
    userId: "crash-ada",
    event: "Opened",
    context: { groupId: "smoke-crash" },
  });
  expect((await send(essor.url, writeKey, "/v1/track", body)).status).toBe(200);
  await essor.down("SIGKILL");
  await essor.up();
  expect(await api.counts("smoke-crash")).toEqual({ Opened: 1 });
  const again = await send(essor.url, writeKey, "/v1/track", body);
  expect(again.body).toMatchObject({ accepted: 0, duplicates: 1 });
});
