/**
 * The stock Node SDKs of Segment and RudderStack, told nothing but another host: what they send is there, once,
 * whatever happens on the way.
 */
import { gunzipSync } from "node:zlib";
import Rudder from "@rudderstack/rudder-sdk-node";
import { Analytics } from "@segment/analytics-node";
import type { Api } from "../../harness/api";
import { type Fault, FaultProxy } from "../../harness/fault-proxy";
import { expect, test } from "../../harness/server";

interface Sdk {
  name: string;
  /** Sends one of everything for a client and its user, then flushes. */
  story: (host: string, key: string, client: string, user: string) => Promise<void>;
  /** Sends some uses of one name, then flushes. */
  uses: (host: string, key: string, client: string, user: string, count: number) => Promise<void>;
}

const TRAITS = {
  person: { name: "Ada Lovelace", email: "ada@example.org", title: "Head of data" },
  client: { name: "Analytical Engines", industry: "Computing", plan: "Scale" },
};

const segment: Sdk = {
  name: "Segment",
  story: async (host, writeKey, client, userId) => {
    const sdk = new Analytics({ writeKey, host });
    sdk.identify({ userId, traits: TRAITS.person });
    sdk.group({ userId, groupId: client, traits: TRAITS.client });
    sdk.track({ userId, event: "Report Exported", properties: { rows: 3 } });
    sdk.track({ userId, event: "Report Exported", context: { groupId: client } });
    sdk.page({ userId, name: "Pricing", category: "Docs" });
    sdk.screen({ userId, name: "Home" });
    sdk.alias({ userId, previousId: `${userId}-before` });
    await sdk.closeAndFlush();
  },
  uses: async (host, writeKey, client, userId, count) => {
    const sdk = new Analytics({ writeKey, host });
    for (let n = 0; n < count; n++) {
      sdk.track({ userId, event: "Report Exported", context: { groupId: client } });
    }
    await sdk.closeAndFlush();
  },
};

const rudderstack: Sdk = {
  name: "RudderStack",
  story: async (host, key, client, userId) => {
    const sdk = new Rudder(key, { dataPlaneUrl: host, logLevel: "none" });
    sdk.identify({ userId, traits: TRAITS.person });
    sdk.group({ userId, groupId: client, traits: TRAITS.client });
    sdk.track({ userId, event: "Report Exported", properties: { rows: 3 } });
    sdk.track({ userId, event: "Report Exported", context: { groupId: client } });
    sdk.page({ userId, name: "Pricing", category: "Docs" });
    sdk.screen({ userId, name: "Home" });
    sdk.alias({ userId, previousId: `${userId}-before` });
    await sdk.flush();
  },
  uses: async (host, key, client, userId, count) => {
    const sdk = new Rudder(key, { dataPlaneUrl: host, logLevel: "none" });
    for (let n = 0; n < count; n++) {
      sdk.track({ userId, event: "Report Exported", context: { groupId: client } });
    }
    await sdk.flush();
  },
};

/** What one story leaves behind. */
async function expectStory(api: Api, client: string, user: string): Promise<void> {
  await expect.poll(async () => (await api.find(client))?.name).toBe("Analytical Engines");
  expect(await api.counts(client)).toEqual({
    "Report Exported": 2,
    "Viewed Home": 1,
    "Viewed Pricing": 1,
  });
  const found = await api.client(client);
  expect(found).toMatchObject({ externalId: client, industry: "Computing", plan: "Scale" });
  const contacts = await api.contacts(found.id);
  expect(contacts.find((contact) => contact.externalId === user)).toMatchObject({
    name: "Ada Lovelace",
    email: "ada@example.org",
  });
  const { days } = await api.usage(found.id);
  expect(days.filter((day) => day.count > 0)).toEqual([
    expect.objectContaining({ count: 4, users: 1 }),
  ]);
}

for (const sdk of [segment, rudderstack]) {
  test.describe(`${sdk.name}'s Node SDK`, () => {
    test("identify, group, track, page, screen and alias arrive, each once", async ({
      essor,
      api,
      writeKey,
    }) => {
      const client = `story-${sdk.name}`;
      const before = await api.ingestion();
      await sdk.story(essor.url, writeKey, client, `${client}-ada`);
      await expectStory(api, client, `${client}-ada`);
      const after = await api.ingestion();
      expect(after.totals.quarantined).toBe(before.totals.quarantined);
      expect(after.totals.parked).toBe(0);
      // Every message that was accepted is counted, identify and group included.
      expect(after.totals.events - before.totals.events).toBe(7);
    });

    const faults: [string, Fault[]][] = [
      ["a server that is not ready (503)", ["refuse"]],
      ["an answer that was lost after the commit (502)", ["lose-answer"]],
      ["a connection cut after the commit", ["cut"]],
      ["one trouble after another", ["refuse", "cut", "lose-answer"]],
    ];
    for (const [title, plan] of faults) {
      test(`${title} is tried again and counts once`, async ({ essor, api, writeKey }) => {
        const client = `${sdk.name} ${title}`;
        const before = await api.ingestion();
        const proxy = await FaultProxy.start(essor.url, [...plan]);
        try {
          await sdk.uses(proxy.url, writeKey, client, `${client}-ada`, 6);
          // The SDK sends in one request or several; each fault has been met and overcome.
          await expect.poll(() => proxy.seen.length).toBeGreaterThan(plan.length);
          await expect.poll(async () => (await api.find(client)) !== undefined).toBe(true);
          await expect
            .poll(async () => api.counts(client), { timeout: 30_000 })
            .toEqual({ "Report Exported": 6 });
        } finally {
          await proxy.stop();
        }
        const after = await api.ingestion();
        expect(after.totals.events - before.totals.events).toBe(6);
        // Whatever reached Essor twice was known.
        const stored = proxy.seen.filter((seen) => seen.status === 200);
        expect(stored.length).toBeGreaterThan(0);
        const twice = plan.filter((fault) => fault === "cut" || fault === "lose-answer").length;
        const sum = (of: typeof after) => of.keys.reduce((n, key) => n + key.duplicates24h, 0);
        if (twice > 0) expect(sum(after)).toBeGreaterThan(sum(before));
        else expect(sum(after)).toBe(sum(before));
      });
    }
  });
}

test("RudderStack's gzip is read although its content type says form", async ({
  essor,
  api,
  writeKey,
}) => {
  const proxy = await FaultProxy.start(essor.url, []);
  try {
    await rudderstack.uses(proxy.url, writeKey, "rudder-gzip", "rudder-gzip-ada", 3);
    await expect.poll(async () => (await api.find("rudder-gzip"))?.id).toBeTruthy();
    await expect.poll(async () => api.counts("rudder-gzip")).toEqual({ "Report Exported": 3 });
  } finally {
    await proxy.stop();
  }
  for (const seen of proxy.seen) {
    expect(seen.headers["content-encoding"]).toBe("gzip");
    expect(seen.headers["content-type"]).toContain("application/x-www-form-urlencoded");
    expect(JSON.parse(gunzipSync(seen.body).toString())).toHaveProperty("batch");
  }
});

test("a write key that is unknown is refused, and the SDK says so", async ({ essor }) => {
  const sdk = new Analytics({ writeKey: "nobody", host: essor.url, maxRetries: 0 });
  const failed = new Promise<{ code: string }>((resolve) => sdk.on("error", resolve));
  sdk.track({ userId: "u", event: "Report Exported" });
  await sdk.closeAndFlush();
  expect(await failed).toMatchObject({ code: "delivery_failure" });
});
