/**
 * The journeys of a whole portfolio: a card dragged to another stage, counts that open their own clients, conversion
 * and durations, the question whether a client goes on, durations that were learned, links that are over.
 */
import type { Page } from "@playwright/test";
import { violations } from "../../harness/axe";
import { expect, type Office, OWNER, openOffice, signIn, test } from "../../harness/browser";

interface Journey {
  journey: { stage: string | null } | null;
  history: { stage: string; reason: string | null }[];
}
interface Template {
  segment?: string;
  advance: string;
  stages: { criteria: unknown[] }[];
}

let office: Office;

test.beforeAll(async () => {
  office = await openOffice("journey-portfolio");
});
test.afterAll(async () => {
  await office?.essor.remove();
});
test.beforeEach(async ({ context, at }) => {
  at.essor = office.essor;
  await signIn(context, office.essor, OWNER.email);
});

/** A client that has been there for long, so that no journey begins by itself. */
async function known(name: string, segment?: string): Promise<{ id: string; path: string }> {
  const externalId = name.toLowerCase();
  await office.api.post("/clients", { externalId, name, segment, since: "2025-01-01" });
  await office.api.post("/subscriptions", {
    externalId: `${externalId}-1`,
    clientExternalId: externalId,
    product: segment === "Retail" ? "Shop" : "Team",
    startDate: "2025-01-01",
    amountCents: 10_000,
  });
  const { id } = await office.api.client(externalId);
  return { id, path: `/clients/${id}/journey` };
}

/** The same, at the first stage or moved on from there. */
async function begun(name: string, segment: string, ...stages: string[]) {
  const { id, path } = await known(name, segment);
  await office.api.post(path, { stage: "onboarding" });
  for (const to of stages) await office.api.post(`${path}/move`, { to, reason: "So it is" });
  return { id, path };
}

/** The usual template for a segment, whose first stage is done once everybody is said to be trained. */
async function trained(page: Page, segment: string, advance: "auto" | "ask") {
  const { items } = await office.api.get<{ items: { id: string }[] }>("/journey/templates");
  const usual = `/journey/templates/${items[0]?.id}`;
  const { template } = await office.api.get<{ template: Template }>(usual);
  const [first, ...others] = template.stages;
  const training = { key: "trained", label: { en: "Everybody trained" }, required: true };
  const stages = [{ ...first, criteria: [training] }, ...others];
  const made = await page.request.post(`${office.essor.url}/api/v1/journey/templates`, {
    headers: { Origin: office.essor.url },
    data: { template: { ...template, segment, advance, stages } },
  });
  expect(made.status(), await made.text()).toBe(201);
}

const open = (page: Page, path: string) => page.goto(`${office.essor.url}${path}`);
const clean = async (page: Page) => expect(await violations(page)).toEqual([]);

test("a card is dragged to another stage, and the reason is asked", async ({ page }) => {
  const { path } = await begun("Arnesen", "Drag");
  await open(page, "/growth-tools?tab=journey&inSegment=Drag");
  const column = (name: string) => page.getByRole("region", { name, exact: true });
  const card = column("Onboarding").getByRole("article", { name: "Arnesen" });
  await card.dragTo(column("Growth"));
  await expect(page.getByText("Arnesen to Growth")).toBeVisible();
  expect((await office.api.get<Journey>(path)).journey?.stage).toBe("onboarding");
  await page.getByLabel("Why?").fill("Already at ease");
  await page.getByRole("button", { name: "Move to Growth" }).click();
  await expect(column("Growth").getByRole("article", { name: "Arnesen" })).toBeVisible();
  const { journey, history } = await office.api.get<Journey>(path);
  expect(journey?.stage).toBe("growth");
  expect(history.map((visit) => visit.reason)).toContain("Already at ease");
});

test("a client without a journey says so, and is offered one", async ({ page }) => {
  const { id, path } = await known("Berge");
  await open(page, `/clients/${id}?tab=journey`);
  await expect(page.getByRole("heading", { name: "Berge has no journey" })).toBeVisible();
  await clean(page);
  await page.getByRole("button", { name: "Start the journey" }).click();
  await expect(page.getByText("Journey started.")).toBeVisible();
  expect((await office.api.get<Journey>(path)).journey?.stage).toBeTruthy();
});

test("a count at a stage opens the clients that it counts", async ({ page }) => {
  for (const name of ["Retail one", "Retail two"]) await begun(name, "Retail");
  for (const name of ["Other one", "Other two", "Other three"]) await begun(name, "Other");
  const view = await office.api.post<{ id: string }>("/clients/views", {
    name: "Of retail",
    where: 'segment = "Retail"',
  });
  const shown = page.getByRole("heading", { name: "2 clients at the stage Onboarding" });
  const rows = page.getByRole("grid").getByText(/^Retail (one|two)$/);

  await open(page, "/growth-tools?tab=journey&inSegment=Retail");
  await page
    .getByRole("region", { name: "Onboarding", exact: true })
    .getByRole("link", { name: "2 clients" })
    .click();
  await expect(shown).toBeVisible();
  await expect(rows).toHaveCount(2);
  await clean(page);

  for (const part of ["segment=Retail", "product=Shop", `view=${view.id}`]) {
    await open(page, `/clients/growth?${part}`);
    const pipeline = page.getByRole("region", { name: "Growth pipeline" });
    // Its code comes when it is approached.
    await expect(async () => {
      await page.mouse.wheel(0, 1_500);
      await expect(pipeline).toBeVisible({ timeout: 500 });
    }).toPass();
    await pipeline.getByRole("listitem").first().getByRole("link", { name: "2 clients" }).click();
    await expect(shown, part).toBeVisible();
    await expect(rows, part).toHaveCount(2);
  }
});

test("conversion and durations say what happened", async ({ page }) => {
  await trained(page, "Funnel", "auto");
  await begun("Funnel one", "Funnel");
  const two = await begun("Funnel two", "Funnel");
  const three = await begun("Funnel three", "Funnel");
  for (const { path } of [two, three]) {
    await office.api.put(`${path}/criteria/trained`, { met: true });
  }
  await office.api.post(`${three.path}/move`, { to: "growth", reason: "So it is" });
  await open(page, "/growth-tools?tab=journey&show=funnel&inSegment=Funnel");
  const table = page.getByRole("table", { name: "Conversion by month of entry" });
  const line = table.getByRole("row").nth(1);
  const cells = async () =>
    (await line.getByRole("cell").allInnerTexts()).map((text) => text.replace(/\s+/g, " ").trim());
  // Whoever went on to Growth came past Adoption.
  await expect.poll(cells).toEqual(["3", "3 100%", "2 67%", "1 33%", "0 0%", "0 0%"]);
  await page.getByRole("radio", { name: "Of the previous stage" }).click();
  await expect.poll(cells).toEqual(["3", "3", "2 67%", "1 50%", "0 0%", "0 —"]);
  await clean(page);

  await open(page, "/growth-tools?tab=journey&show=times&inSegment=Funnel");
  const times = page.getByRole("table", { name: "Duration of the stages against plan" });
  const onboarding = times.getByRole("row", { name: /^Onboarding/ });
  await expect(onboarding.getByRole("cell").first()).toHaveText("30");
  await expect(onboarding.getByRole("cell").nth(1)).toHaveText("0");
  await expect(onboarding.getByRole("cell").last()).toHaveText("2");
});

test("whether a client goes on is answered in the notification", async ({ page, watch }) => {
  watch.allow(/status of 409 .*\/journey\/advance/);
  await trained(page, "Asked", "ask");
  const { path } = await begun("Dybdal", "Asked");
  const train = (met: boolean) => office.api.put(`${path}/criteria/trained`, { met });
  await train(true);

  // Meanwhile somebody found that it does not hold.
  await train(false);
  await open(page, "/tasks");
  await page.getByRole("button", { name: /^Notifications/ }).click();
  const inbox = page.getByRole("dialog", { name: "Notifications" });
  const question = inbox.getByRole("listitem").filter({ hasText: "The stage Onboarding is done" });
  await clean(page);
  await question.getByRole("button", { name: "Confirm" }).click();
  await expect(question).toContainText("Not yet. Still missing: Everybody trained.");
  expect((await office.api.get<Journey>(path)).journey?.stage).toBe("onboarding");

  await train(true);
  await question.getByRole("button", { name: "Confirm" }).click();
  await expect(question).toContainText("Confirmed: the journey is at the stage Adoption.");
  expect((await office.api.get<Journey>(path)).journey?.stage).toBe("adoption");
  await expect(question.getByRole("button", { name: "Confirm" })).toHaveCount(0);

  // Asked once more, it does not go on twice.
  await page.reload();
  await page.getByRole("button", { name: /^Notifications/ }).click();
  await question.getByRole("button", { name: "Confirm" }).click();
  await expect(question).toContainText("Done already: the journey is at the stage Adoption.");
  expect((await office.api.get<Journey>(path)).journey?.stage).toBe("adoption");
});

test("a note is about the open stage, and its removal is taken back whole", async ({ page }) => {
  const { id, path } = await begun("Evensen", "Notes");
  interface Notes {
    notes: { id: string; stage: string | null }[];
  }
  const notes = async () => (await office.api.get<Notes>(path)).notes;
  await open(page, `/clients/${id}?tab=journey&part=factors&stage=adoption`);
  await page.getByRole("button", { name: "Add a risk" }).click();
  await page.getByLabel("Which risk do you see?").fill("No time for training");
  await page.getByRole("button", { name: "Add a risk" }).click();
  // Its row, not the text in the field, tells that it is kept.
  const remove = page.getByRole("button", { name: "Remove: No time for training" });
  await expect(remove).toBeVisible();
  const [before] = await notes();
  expect(before?.stage).toBe("adoption");
  await remove.click();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(remove).toBeVisible();
  expect(await notes()).toEqual([before]);
  // At another stage it stands apart.
  await open(page, `/clients/${id}?tab=journey&part=factors`);
  await expect(page.getByRole("heading", { name: "At other stages" })).toBeVisible();
  await clean(page);
});

test("a template adopts the duration that was learned", async ({ page }) => {
  await trained(page, "Learned", "auto");
  const { path } = await begun("Foss", "Learned");
  await office.api.put(`${path}/criteria/trained`, { met: true });
  const { items } = await office.api.get<{ items: { id: string; version: number }[] }>(
    "/journey/templates",
  );
  const [template] = items;
  if (!template) throw new Error("no template");
  await open(page, `/settings/journeys?template=${template.id}`);
  await page.getByRole("button", { name: /Onboarding/, expanded: false }).click();
  // A stage that was left on its first day: a plan has one day at least.
  await page.getByRole("button", { name: "Adopt 1 day", exact: true }).click();
  await expect(page.getByLabel("Planned duration (days)")).toHaveValue("1");
  await page.getByRole("button", { name: "Save a version" }).click();
  // Its milestone would lie after it: the field says so.
  const day = page.getByLabel("Day of the stage");
  await expect(day).toHaveAttribute("aria-invalid", "true");
  await day.fill("1");
  await page.getByRole("button", { name: "Save a version" }).click();
  await expect(page.getByText(`Version ${template.version + 1} saved.`)).toBeVisible();
});

test("a shared link that has expired says so, and shows nothing", async ({ page, watch }) => {
  watch.allow(/status of 410 .*\/api\/v1\/shared\/journey\//);
  const { path } = await begun("Garmo", "Shared");
  const { url } = await office.api.post<{ url: string }>(`${path}/shares`, {
    stages: ["onboarding"],
    days: 1,
  });
  // The server's answer a day later; that it gives it then is a story of its own.
  await page.route("**/api/v1/shared/journey/*", (route) =>
    route.fulfill({
      status: 410,
      contentType: "application/problem+json",
      body: JSON.stringify({ status: 410, code: "journey_share_over", params: { why: "expired" } }),
    }),
  );
  await page.goto(url);
  await expect(page.getByRole("heading", { name: "This link has expired" })).toBeVisible();
  await expect(page.getByText("Garmo")).toHaveCount(0);
});
