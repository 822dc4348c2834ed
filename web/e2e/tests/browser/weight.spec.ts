/** What a first visit costs: the JavaScript of the first load, compressed as it travels. */
import path from "node:path";
import { gzipSync } from "node:zlib";
import { expect, type Office, OWNER, openOffice, signIn, test } from "../../harness/browser";

const LIMIT = 250_000;

let office: Office;

test.beforeAll(async () => {
  office = await openOffice("weight");
});
test.afterAll(async () => {
  await office?.essor.remove();
});

/** The scripts that a script needs before it runs. */
function imports(code: string): string[] {
  return [...code.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)].map((found) => found[1] ?? "");
}

test("the first load stays under 250 kB of JavaScript; charts come by themselves", async ({
  page,
  context,
  at,
}) => {
  at.essor = office.essor;
  await signIn(context, office.essor, OWNER.email);
  await office.api.post("/clients", { externalId: "a", name: "A" });
  await office.api.post("/subscriptions", {
    externalId: "a-1",
    clientExternalId: "a",
    product: "p",
    startDate: "2026-01-01",
    amountCents: 10_000,
  });
  const loading = new Map<string, Promise<Buffer>>();
  page.on("response", (response) => {
    const { pathname } = new URL(response.url());
    if (pathname.endsWith(".js")) loading.set(path.basename(pathname), response.body());
  });
  await page.goto(`${office.essor.url}/clients/growth`);
  await expect(page.getByRole("region", { name: "Total MRR" })).toBeVisible();
  await expect(page.getByRole("application")).toHaveCount(2);

  const loaded = new Map<string, Buffer>();
  for (const [name, body] of loading) loaded.set(name, await body);
  const closure = (names: Iterable<string>) => {
    const seen = new Set<string>();
    const waiting = [...names];
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      const code = loaded.get(name);
      if (seen.has(name) || !code) continue;
      seen.add(name);
      waiting.push(...imports(code.toString()));
    }
    return seen;
  };
  const weigh = (names: Iterable<string>) =>
    [...names].reduce(
      (sum, name) => sum + gzipSync(loaded.get(name) ?? Buffer.alloc(0), { level: 9 }).length,
      0,
    );
  // What only the drawings need is fetched when they are drawn; the rest is the first load.
  const drawings = closure([...loaded.keys()].filter((name) => /-chart-/.test(name)));
  expect(drawings.size).toBeGreaterThan(0);
  const first = closure([...loaded.keys()].filter((name) => !drawings.has(name)));
  console.log(
    `weight: first load ${weigh(first)} bytes of gzip, ${weigh(loaded.keys())} with the charts`,
  );
  expect(weigh(first)).toBeLessThanOrEqual(LIMIT);
});

test("files with a hash are kept for ever, the page is asked for each time", async ({ at }) => {
  at.essor = office.essor;
  const page = await fetch(`${office.essor.url}/clients/growth`);
  expect(page.headers.get("cache-control")).toBe("no-cache");
  const policy = page.headers.get("content-security-policy") ?? "";
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("frame-ancestors 'none'");
  const html = await page.text();
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/);
  const asset = /\/assets\/[^"]+\.js/.exec(html)?.[0];
  const script = await fetch(office.essor.url + asset);
  expect(script.headers.get("cache-control")).toContain("immutable");
  expect(script.headers.get("content-encoding")).toMatch(/gzip|br|zstd/);
  const missing = await fetch(`${office.essor.url}/assets/nothing-12345678.js`);
  expect(missing.status).toBe(404);
});
