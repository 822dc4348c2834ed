/** The table of clients while one scrolls: the page holds few nodes, and no script works over 50 ms at once. */
import type { CDPSession, Page } from "@playwright/test";
import { expect, type Office, OWNER, openOffice, signIn, test } from "../../harness/browser";

const COUNT = 3_000;
/** The most that one run of script may work, in milliseconds: above it a page stops answering the hand. */
const TASK_MS = 50;
/** Fewer than the clients by far, whatever is asked of the table. */
const NODES = 4_000;

let office: Office;

test.beforeAll(async () => {
  office = await openOffice("scroll");
  for (let from = 0; from < COUNT; from += 1_000) {
    const clients = Array.from({ length: 1_000 }, (_, index) => ({
      externalId: `scroll-${from + index}`,
      name: `Client ${String(from + index).padStart(5, "0")}`,
      segment: index % 2 === 0 ? "PME" : "ETI",
      owner: index % 3 === 0 ? "Camille" : "Sacha",
    }));
    await office.api.post("/clients", clients);
  }
});
test.afterAll(async () => {
  await office?.essor.remove();
});

interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  /** Microseconds of processor time: a machine that is busy with other things does not count. */
  tdur?: number;
  args?: { name?: string };
}

/** By what script begins on the main thread: what it does meanwhile is counted with it. */
const SCRIPT =
  /^(EvaluateScript|FunctionCall|EventDispatch|TimerFire|FireAnimationFrame|RunMicrotasks)$/;

/** What each run of script cost while `act` ran, in milliseconds of processor time, dearest first. */
async function scripts(cdp: CDPSession, act: () => Promise<void>): Promise<number[]> {
  const events: TraceEvent[] = [];
  cdp.on("Tracing.dataCollected", ({ value }) =>
    events.push(...(value as unknown as TraceEvent[])),
  );
  const complete = new Promise<void>((done) => cdp.once("Tracing.tracingComplete", () => done()));
  await cdp.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: { includedCategories: ["toplevel", "devtools.timeline", "__metadata"] },
  });
  await act();
  await cdp.send("Tracing.end");
  await complete;
  const main = new Set(
    events
      .filter((event) => event.name === "thread_name" && event.args?.name === "CrRendererMain")
      .map((event) => `${event.pid}/${event.tid}`),
  );
  return events
    .filter((event) => SCRIPT.test(event.name) && main.has(`${event.pid}/${event.tid}`))
    .map((event) => (event.tdur ?? 0) / 1_000)
    .sort((a, b) => b - a);
}

/** Turns the wheel over the table until it shows a client of this number, or one after it. */
async function wheelTo(page: Page, number: number): Promise<void> {
  const grid = page.getByRole("grid", { name: "Clients" });
  await grid.hover();
  await expect(async () => {
    for (let turn = 0; turn < 5; turn += 1) await page.mouse.wheel(0, 900);
    const shown = await grid.getByRole("row", { name: /Client \d{5}/ }).allInnerTexts();
    const numbers = shown.map((text) => Number(/Client (\d{5})/.exec(text)?.[1]));
    expect(Math.max(...numbers)).toBeGreaterThanOrEqual(number);
  }).toPass({ timeout: 45_000 });
}

test("scrolling holds few nodes and never blocks the page", async ({ page, context, at }) => {
  at.essor = office.essor;
  await signIn(context, office.essor, OWNER.email);
  await page.goto(`${office.essor.url}/clients/advanced?tab=all&sort=name`);
  const grid = page.getByRole("grid", { name: "Clients" });
  await expect(grid).toHaveAttribute("aria-rowcount", String(COUNT + 1));
  await expect(grid.getByRole("row", { name: "Client 00000" })).toBeVisible();

  const cdp = await context.newCDPSession(page);
  const cost = await scripts(cdp, () => wheelTo(page, 800));
  expect(cost.length).toBeGreaterThan(20);
  expect(cost[0], `the dearest: ${cost.slice(0, 5).join(", ")} ms`).toBeLessThan(TASK_MS);
  expect(await page.evaluate(() => document.querySelectorAll("*").length)).toBeLessThan(NODES);
  expect(await grid.getByRole("row").count()).toBeLessThan(80);
});
