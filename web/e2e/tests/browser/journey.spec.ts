/**
 * The client journey: begun, worked on, moved with a reason, shared with the client; the portfolio by
 * stage; a template that makes a version; what axe finds on the way.
 */
import type { Page } from "@playwright/test";
import { violations } from "../../harness/axe";
import { expect, type Office, OWNER, openOffice, signIn, test } from "../../harness/browser";

interface Journey {
  journey: { stage: string | null; version: number } | null;
  history: { stage: string; reason: string | null }[];
  stages: { key: string; actions: { key: string; done: boolean; owner: string }[] }[];
}

let office: Office;

test.beforeAll(async () => {
  office = await openOffice("journey");
});
test.afterAll(async () => {
  await office?.essor.remove();
});

/** A paying client; its journey begins by itself, or is begun here. */
async function client(name: string): Promise<{ id: string; path: string }> {
  const externalId = name.toLowerCase();
  await office.api.post("/clients", { externalId, name });
  await office.api.post("/subscriptions", {
    externalId: `${externalId}-1`,
    clientExternalId: externalId,
    product: "Team",
    startDate: new Date(Date.now() - 86_400_000).toISOString().slice(0, 10),
    amountCents: 10_000,
  });
  const { id } = await office.api.client(externalId);
  const path = `/clients/${id}/journey`;
  if (!(await office.api.get<Journey>(path)).journey) {
    await office.api.post(path, { stage: "onboarding" });
  }
  return { id, path };
}

const clean = async (page: Page) => expect(await violations(page)).toEqual([]);

test("a journey is worked on where it is shown, and moved with a reason", async ({
  page,
  context,
  at,
}) => {
  at.essor = office.essor;
  await signIn(context, office.essor, OWNER.email);
  const { id, path } = await client("Arvik");
  await page.goto(`${office.essor.url}/clients/${id}?tab=journey`);
  await expect(
    page.getByRole("heading", { name: /^Onboarding, day \d+ of 30 days/ }),
  ).toBeVisible();
  await clean(page);

  // A key action is a task; doing it here meets the criterion that asks for it.
  const stage = page.getByRole("region", { name: "Onboarding", exact: true });
  await stage.getByRole("checkbox", { name: "User training" }).click();
  await expect(stage.getByText("Action done: User training")).toBeVisible();
  const after = await office.api.get<Journey>(path);
  const done = after.stages[0]?.actions.find((action) => action.key === "user_training");
  expect(done?.done).toBe(true);

  // No reason, no move.
  await page.getByRole("button", { name: "Move", exact: true }).click();
  await page
    .getByLabel("Where does this client go?")
    .selectOption({ label: "Move on to Adoption" });
  const submit = page.getByRole("button", { name: /^Move on to Adoption/ });
  await submit.click();
  await expect(page.getByRole("alert")).toBeVisible();
  expect((await office.api.get<Journey>(path)).journey?.stage).toBe("onboarding");
  await page.getByLabel("Why?").fill("The team is trained");
  await clean(page);
  await submit.click();
  await expect(page.getByRole("heading", { name: /^Adoption, day 0 of 60 days/ })).toBeVisible();
  await expect(page.getByRole("region", { name: "History of the stages" })).toContainText(
    "The team is trained",
  );
});

test("milestones and notes are added, completed and taken back", async ({ page, context, at }) => {
  at.essor = office.essor;
  await signIn(context, office.essor, OWNER.email);
  const { id } = await client("Brekke");
  await page.goto(`${office.essor.url}/clients/${id}?tab=journey&part=milestones`);
  await page.getByRole("button", { name: "Add a milestone" }).click();
  const sheet = page.getByRole("dialog");
  await sheet.getByRole("button", { name: "Add the milestone" }).click();
  await expect(sheet.getByRole("alert").first()).toBeVisible();
  await sheet.getByLabel("Title").fill("Pilot signed");
  const past = new Date(Date.now() - 3 * 86_400_000).toISOString().slice(0, 10);
  await sheet.getByLabel("Due date").fill(past);
  await sheet.getByRole("button", { name: "Add the milestone" }).click();
  // The stage has only begun; a milestone of none may lie behind.
  await expect(sheet.getByText(/lies before its stage begins: choose /)).toBeVisible();
  await sheet.getByLabel("Stage", { exact: true }).selectOption({ label: "No stage" });
  await sheet.getByRole("button", { name: "Add the milestone" }).click();
  const row = page
    .getByRole("listitem")
    .filter({ hasText: "Pilot signed" })
    .filter({ has: page.getByRole("checkbox") });
  await expect(row).toContainText("Overdue");
  await row.getByRole("checkbox").click();
  await expect(row).toContainText("Reached");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(row).toContainText("Overdue");

  await page.getByRole("tab", { name: /Risks and opportunities/ }).click();
  await expect(page).toHaveURL(/part=factors/);
  await page.getByRole("button", { name: "Add a risk" }).click();
  await page.getByLabel("Which risk do you see?").fill("The sponsor leaves in May");
  await page.getByRole("button", { name: "Add a risk" }).click();
  await expect(
    page.getByRole("button", { name: "Remove: The sponsor leaves in May" }),
  ).toBeVisible();
  await clean(page);
});

test("a shared link shows chosen stages, takes ticks, and nothing once revoked", async ({
  page,
  context,
  browser,
  at,
  watch,
}) => {
  watch.allow(/status of (404|410) .*\/api\/v1\/shared\/journey\//);
  at.essor = office.essor;
  await signIn(context, office.essor, OWNER.email);
  const { id } = await client("Carlsen");
  await page.goto(`${office.essor.url}/clients/${id}?tab=journey`);
  await page.getByRole("button", { name: "Share" }).click();
  const sheet = page.getByRole("dialog");
  await sheet.getByRole("button", { name: "Create the link" }).click();
  const link = await sheet.getByRole("textbox", { name: "Link to hand over" }).inputValue();
  expect(link).toContain("/shared/journey/");

  const guest = await browser.newContext({
    locale: "fr-FR",
    colorScheme: "dark",
    viewport: { width: 360, height: 740 },
  });
  const plan = await guest.newPage();
  await plan.goto(link);
  await expect(
    plan.getByRole("heading", { level: 1, name: "Le parcours de Carlsen" }),
  ).toBeVisible();
  await expect(plan.getByRole("region", { name: "Onboarding" })).toBeVisible();
  await expect(plan.getByRole("region", { name: "Adoption" })).toHaveCount(0);
  await clean(plan);
  // Only what is the client's own can be ticked.
  await expect(plan.getByRole("checkbox")).toHaveCount(1);
  await plan.getByRole("checkbox", { name: "Configuration technique" }).click();
  await expect(plan.getByRole("checkbox")).toBeChecked();
  await plan.getByRole("radio", { name: "English" }).click();
  await expect(
    plan.getByRole("heading", { level: 1, name: "The journey of Carlsen" }),
  ).toBeVisible();

  await page.reload();
  await expect(page.getByRole("checkbox", { name: "Technical set-up" })).toBeChecked();
  await page.getByRole("button", { name: "Share" }).click();
  await page.getByRole("button", { name: "Revoke the link: Onboarding" }).click();
  await expect(page.getByText("Link revoked: it shows nothing any more.")).toBeVisible();
  await plan.reload();
  await expect(plan.getByRole("heading", { name: "This link was revoked" })).toBeVisible();
  await expect(plan.getByText("Carlsen")).toHaveCount(0);
  await plan.goto(`${office.essor.url}/shared/journey/nothing`);
  await expect(plan.getByRole("heading", { name: "This link is not valid" })).toBeVisible();
  await guest.close();
});

test("the board moves a client by keyboard, and asks why", async ({ page, context, at }) => {
  at.essor = office.essor;
  await signIn(context, office.essor, OWNER.email);
  const { path } = await client("Dahlgren");
  await page.goto(`${office.essor.url}/growth-tools?tab=journey`);
  const column = page.getByRole("region", { name: "Onboarding", exact: true });
  await expect(column.getByRole("article", { name: "Dahlgren" })).toBeVisible();
  await clean(page);
  await column.getByRole("button", { name: "Move Dahlgren to…" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: "Expansion" }).press("Enter");
  await expect(page.getByLabel("Why?")).toBeFocused();
  await page.keyboard.type("Bought for the whole group");
  await page.getByRole("button", { name: "Move to Expansion" }).click();
  await expect(
    page
      .getByRole("region", { name: "Expansion", exact: true })
      .getByRole("article", { name: "Dahlgren" }),
  ).toBeVisible();
  const { journey, history } = await office.api.get<Journey>(path);
  expect(journey?.stage).toBe("expansion");
  expect(history.map((visit) => visit.reason)).toContain("Bought for the whole group");

  // The picker leads to one client, and the address keeps it.
  await page.getByRole("combobox", { name: "Search for a client" }).fill("dahl");
  await page.getByRole("option", { name: /Dahlgren/ }).click();
  await expect(page).toHaveURL(/client=/);
  await expect(page.getByRole("heading", { name: /^Expansion, day/ })).toBeVisible();
});

test("a template refuses on the field, makes a version, and shows what moving changes", async ({
  page,
  context,
  at,
}) => {
  at.essor = office.essor;
  await signIn(context, office.essor, OWNER.email);
  const { path } = await client("Eide");
  const { items } = await office.api.get<{ items: { id: string; version: number }[] }>(
    "/journey/templates",
  );
  const [template] = items;
  if (!template) throw new Error("no template");
  const before = template.version;
  const next = before + 1;
  await page.goto(`${office.essor.url}/settings/journeys?template=${template.id}`);
  await page.getByRole("button", { name: /Onboarding/, expanded: false }).click();
  const planned = page.getByLabel("Planned duration (days)");
  await planned.fill("0");
  await page.getByRole("button", { name: "Save a version" }).click();
  await expect(planned).toBeFocused();
  await expect(planned).toHaveAttribute("aria-invalid", "true");
  await clean(page);
  await planned.fill("45");
  await page.getByRole("button", { name: "Save a version" }).click();
  await expect(page.getByText(`Version ${next} saved.`)).toBeVisible();
  expect((await office.api.get<Journey>(path)).journey?.version).toBe(before);

  await page.getByRole("button", { name: `Preview the move to version ${next}` }).click();
  await expect(page.getByRole("region", { name: "What the move would change" })).toBeVisible();
  await clean(page);
  await page
    .getByRole("button", { name: new RegExp(`^Move \\d+ journeys? to version ${next}`) })
    .click();
  await expect
    .poll(async () => (await office.api.get<Journey>(path)).journey?.version, { timeout: 20_000 })
    .toBe(next);
});
