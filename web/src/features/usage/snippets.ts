/** Ready-to-paste ways of sending data, with the real address and the new key. */
export const SNIPPETS = ["segment", "rudderstack", "python", "curl", "rest", "cli"] as const;
export type SnippetName = (typeof SNIPPETS)[number];

/** "http://…/v1/batch" → "http://…": the SDKs add the path. */
export function baseOf(endpoint: string): string {
  return endpoint.replace(/\/v1\/batch\/?$/, "").replace(/\/$/, "");
}

export function snippet(name: SnippetName, endpoint: string, key: string): string {
  const base = baseOf(endpoint);
  switch (name) {
    case "segment":
      return `// npm install @segment/analytics-node
import { Analytics } from "@segment/analytics-node";

const analytics = new Analytics({
  writeKey: "${key}",
  host: "${base}",
});

analytics.identify({ userId: "user-42", traits: { email: "ada@acme.example" } });
analytics.group({ userId: "user-42", groupId: "acme", traits: { name: "Acme" } });
analytics.track({
  userId: "user-42",
  event: "Report Exported",
  context: { groupId: "acme" },
});
await analytics.closeAndFlush();`;
    case "rudderstack":
      return `// npm install @rudderstack/rudder-sdk-node
import Analytics from "@rudderstack/rudder-sdk-node";

const analytics = new Analytics("${key}", {
  dataPlaneUrl: "${base}",
});

analytics.group({ userId: "user-42", groupId: "acme", traits: { name: "Acme" } });
analytics.track({
  userId: "user-42",
  event: "Report Exported",
  context: { groupId: "acme" },
});
await analytics.flush();`;
    case "python":
      return `# pip install segment-analytics-python
import segment.analytics as analytics

analytics.write_key = "${key}"
analytics.host = "${base}"

analytics.group("user-42", "acme", {"name": "Acme"})
analytics.track("user-42", "Report Exported", context={"groupId": "acme"})
analytics.flush()`;
    case "curl":
      return `curl -u "${key}:" "${base}/v1/batch" \\
  -H "Content-Type: application/json" \\
  -d '{
    "batch": [
      { "type": "group", "messageId": "m-1", "userId": "user-42",
        "groupId": "acme", "traits": { "name": "Acme" } },
      { "type": "track", "messageId": "m-2", "userId": "user-42",
        "event": "Report Exported", "context": { "groupId": "acme" } }
    ]
  }'`;
    case "rest":
      return `curl "${base}/api/v1/clients" \\
  -H "Authorization: Bearer $ESSOR_TOKEN" \\
  -H "Content-Type: application/json" \\
  -d '{ "externalId": "acme", "name": "Acme", "segment": "PME", "seats": 50 }'

curl "${base}/api/v1/subscriptions" \\
  -H "Authorization: Bearer $ESSOR_TOKEN" \\
  -H "Content-Type: application/json" \\
  -d '{ "externalId": "sub-1", "clientExternalId": "acme", "product": "Team",
        "startDate": "2026-01-01", "amountCents": 49000, "period": "month" }'`;
    case "cli":
      return `# RavenStack, CSV
essor import --mapping ravenstack ./ravenstack
essor import --mapping csv ./clients.csv

# FILE PATH
essor import --mapping ./mapping.toml ./export`;
  }
}
