// First-load JavaScript and largest contentful paint of the dashboard, in the real browser on the loopback.
// node bench/page.mjs URL SIGN_IN_LINK  (uses the browser driver that the browser tests install)
import { createRequire } from "node:module";
import { gzipSync } from "node:zlib";

const { chromium } = createRequire(new URL("../web/e2e/package.json", import.meta.url))("playwright-core");
const [url, link] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
const page = await context.newPage();
await page.goto(link);
await page.getByRole("button").first().click();
await page.waitForURL("**/clients/growth**");

const samples = [];
let script = 0;
for (let round = 0; round < 5; round++) {
  const fresh = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    storageState: await context.storageState(),
  });
  const measured = await fresh.newPage();
  const bodies = [];
  measured.on("response", (answer) => {
    if (answer.request().resourceType() === "script") bodies.push(answer.body().catch(() => Buffer.alloc(0)));
  });
  await measured.addInitScript(() => {
    globalThis.paints = [];
    new PerformanceObserver((list) => globalThis.paints.push(...list.getEntries().map((e) => e.startTime))).observe({
      type: "largest-contentful-paint",
      buffered: true,
    });
  });
  await measured.goto(`${url}/clients/growth`);
  await measured.getByRole("row").nth(5).waitFor();
  await measured.waitForLoadState("load");
  samples.push(await measured.evaluate(() => Math.max(...globalThis.paints)));
  script = (await Promise.all(bodies)).reduce((sum, body) => sum + gzipSync(body).length, 0);
  await fresh.close();
}
samples.sort((a, b) => a - b);
console.log(`largest contentful paint: median ${Math.round(samples[2])} ms, worst ${Math.round(samples[4])} ms`);
console.log(`JavaScript of the first load, charts included: ${Math.round(script / 1000)} kB gzip`);
await browser.close();
