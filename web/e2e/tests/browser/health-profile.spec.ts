/** Health in full: profiles with their effect, the time machine, the portfolio, an opinion. */
import type { Page } from "@playwright/test";
import { Api, type ClientItem, type Json } from "../../harness/api";
import { violations } from "../../harness/axe";
import { DEMO_PERSON, expect, signIn, test } from "../../harness/browser";
import { Essor } from "../../harness/essor";
import { DEMO } from "../../harness/global-setup";

interface Version {
  version: number;
  segment: string;
  profile: { weights: Record<string, number> } | null;
  note: string | null;
}
interface Past {
  score: number | null;
  recorded: { score: number | null } | null;
  factors: { component: string; score: number | null }[];
}
interface Moved {
  from: { score: number };
  to: { score: number };
  moves: { points: number }[];
}
type Listed = ClientItem & { segment: string | null };

// Profiles are of the whole workspace: these tests change a portfolio of their own, one after the other.
test.describe.configure({ mode: "serial" });

let essor: Essor;
let api: Api;

test.beforeAll(async () => {
  essor = await Essor.start({ name: "health-profile", from: process.env[DEMO] });
  api = await Api.of(essor);
});
test.afterAll(async () => {
  await essor?.remove();
});
test.beforeEach(async ({ context, at }) => {
  at.essor = essor;
  await signIn(context, essor, DEMO_PERSON);
});

async function versions(segment = ""): Promise<Version[]> {
  const query = segment ? `?segment=${encodeURIComponent(segment)}` : "";
  return (await api.get<{ items: Version[] }>(`/health/profiles/versions${query}`)).items;
}

async function active(sort: string): Promise<Listed[]> {
  return (await api.get<{ items: Listed[] }>(`/clients?status=active&limit=200&sort=${sort}`))
    .items;
}

/** The editor, with the effect of what is in force. */
async function openEditor(page: Page, segment = "") {
  const query = segment ? `?segment=${encodeURIComponent(segment)}` : "";
  await page.goto(`${essor.url}/settings/health${query}`);
  await expect(page.getByRole("heading", { name: "Distribution now" })).toBeVisible();
}

const weight = (page: Page, name: string) => page.getByRole("textbox", { name, exact: true });

test("a weight is changed, its effect is shown, and a version is saved and undone", async ({
  page,
}) => {
  await openEditor(page);
  const [before] = await versions();
  await weight(page, "Product usage").fill("60");
  await expect(page.getByText("The weights sum to 130")).toBeVisible();
  await page.getByRole("button", { name: "Share out" }).click();
  await expect(weight(page, "Product usage")).toHaveValue("60");
  await expect(page.getByText("Sum of the weights: 100 of 100")).toBeVisible();

  // The effect is that of the very draft.
  const preview = await page.waitForResponse(
    (answer) => answer.url().endsWith("/health/profiles/preview") && answer.ok(),
  );
  const { changed, moves } = (await preview.json()) as { changed: number; moves: Json[] };
  expect(changed).toBeGreaterThan(0);
  await expect(
    page.getByRole("heading", { name: new RegExp(`^${changed} clients? would change class$`) }),
  ).toBeVisible();
  const first = moves[0] as { name: string; id: string };
  const link = page
    .getByRole("region", { name: "Clients that would change class" })
    .getByRole("link", { name: first.name });
  await expect(link).toHaveAttribute("href", new RegExp(`/clients/${first.id}`));
  expect(await versions()).toHaveLength(1);

  const bar = page.getByRole("region", { name: "Save the profile" });
  await bar.getByRole("textbox", { name: "Why this change" }).fill("Usage says it first");
  await bar.getByRole("button", { name: "Save the version" }).click();
  await expect(page.getByText("Version 1 saved; scores are being computed again.")).toBeVisible();
  await expect(bar).toHaveCount(0);
  const listed = page.getByRole("region", { name: "Versions" }).getByRole("listitem");
  await expect(listed).toHaveCount(2);
  await expect(listed.first()).toContainText("in force");
  await expect(listed.first()).toContainText("Usage says it first");
  await expect(listed.first()).toContainText("Product usage 30 → 60");
  expect((await versions())[0]?.profile?.weights.usage).toBe(60);

  await page.getByRole("button", { name: "Undo" }).click();
  await expect(listed).toHaveCount(3);
  expect((await versions())[0]?.profile).toEqual(before?.profile);
  await expect(weight(page, "Product usage")).toHaveValue("30");
});

test("the curves of support and journey are edited, refused with a reason, saved and undone", async ({
  page,
}) => {
  const count = (await versions()).length;
  await openEditor(page);
  const curves = page.getByRole("region", { name: "Curves" });
  await curves.getByRole("button", { name: "Edit the curve: Recent tickets" }).click();
  const lost = (n: number) =>
    curves.getByRole("textbox", { name: `Recent tickets, point ${n}, points lost` });
  await expect(lost(2)).toHaveValue("8");
  await lost(2).fill("30");
  await lost(2).blur();
  await expect(
    curves.getByText(/without the points lost ever falling: here, more costs more/),
  ).toBeVisible();
  await lost(2).fill("10");
  await curves.getByRole("button", { name: "Edit the curve: Late stage" }).click();
  const late = curves.getByRole("textbox", { name: "Late stage, point 2, score" });
  await expect(late).toHaveValue("20");
  expect(await violations(page)).toEqual([]);
  // The effect is that of the very draft.
  const preview = page.waitForResponse((answer) => {
    const sent = answer.request().postData() ?? "";
    return answer.url().endsWith("/health/profiles/preview") && sent.includes("journey_late");
  });
  await late.fill("0");
  expect((await preview).ok()).toBe(true);
  await page.getByRole("button", { name: "Save the version" }).click();
  await expect.poll(async () => (await versions()).length).toBe(count + 1);
  const saved = (await versions())[0]?.profile as unknown as { curves: Json };
  expect(saved.curves).toEqual({
    support_recent: [
      [2, 0],
      [5, 10],
      [10, 20],
    ],
    journey_late: [
      [0, 60],
      [40, 0],
    ],
  });
  await page.reload();
  await expect(curves.getByRole("listitem").filter({ hasText: "Recent tickets" })).toContainText(
    "changed",
  );
  await expect(page.getByRole("region", { name: "Versions" })).toContainText("Late stage");
  const undo = await api.post<Version>("/health/profiles", {
    profile: (await versions())[1]?.profile,
  });
  expect(undo.version).toBe(count + 1);
});

test("weights are suggested from who left: they fill the draft, and are taken back", async ({
  page,
}) => {
  const saved = await versions();
  const profile = saved[0]?.profile;
  const found = await api.post<{
    weights: Record<string, number> | null;
    aucAfter: number | null;
    aucBefore: number | null;
    left: number;
    needed: number;
  }>("/health/profiles/suggest", { profile });
  await openEditor(page);
  await page.getByRole("button", { name: "Suggest weights" }).click();
  const weights = page.getByRole("region", { name: "Weights of the components" });
  if (!found.weights) {
    await expect(weights).toContainText(`${found.left} departure`);
    await expect(weights).toContainText(`it takes ${found.needed}`);
    return;
  }
  if (found.aucAfter === found.aucBefore) {
    await expect(weights).toContainText("the weights stay");
    return;
  }
  await expect(weights).toContainText(`→ ${found.aucAfter?.toFixed(2)}`);
  await expect(weight(page, "Product usage")).toHaveValue(String(found.weights.usage));
  await expect(page.getByText("Sum of the weights: 100 of 100")).toBeVisible();
  // The effect of the draft says the same.
  await expect(page.locator("section", { has: page.locator("#foresight") })).toContainText(
    found.aucAfter?.toFixed(2) ?? "",
  );
  await weights.getByRole("button", { name: "Back to the weights before" }).click();
  await expect(weight(page, "Product usage")).toHaveValue(String(profile?.weights.usage));
  expect(await versions()).toHaveLength(saved.length);
});

test("a sum beside 100 is refused where it stands, in both languages, and nothing is saved", async ({
  page,
  context,
}) => {
  const count = (await versions()).length;
  await openEditor(page);
  await weight(page, "Licences").fill("15");
  const save = page.getByRole("button", { name: "Save the version" });
  await save.click();
  await expect(page.getByText(/The weights sum to 105; they must sum to 100\./)).toBeVisible();
  await expect(weight(page, "Licences")).toBeFocused();
  await expect(weight(page, "Licences")).toHaveAttribute("aria-invalid", "true");
  await page.getByRole("textbox", { name: "Alert below" }).fill("140");
  await save.click();
  await expect(page.getByText("2 fields to correct")).toBeVisible();
  expect(await versions()).toHaveLength(count);

  // A draft outlives the page that it is written on; discarding it does away with it.
  await page.getByRole("link", { name: "API tokens" }).first().click();
  await expect(page.getByRole("heading", { level: 1, name: "API tokens" })).toBeVisible();
  await page.goBack();
  await expect(weight(page, "Licences")).toHaveValue("15");
  await page.getByRole("button", { name: "Discard" }).click();
  await expect(weight(page, "Licences")).toHaveValue("10");

  await signIn(context, essor, DEMO_PERSON, { locale: "fr", theme: "light" });
  await page.goto(`${essor.url}/settings/health`);
  await page.getByRole("textbox", { name: "Licences", exact: true }).fill("15");
  await expect(page.getByText(/La somme des poids est de 105/)).toBeVisible();
});

test("a segment gets a profile of its own, and gives it back", async ({ page }) => {
  const segment = (await active("-mrr")).find((client) => client.segment)?.segment ?? "";
  await openEditor(page, segment);
  await expect(page.getByText(`${segment} follows everybody’s profile.`)).toBeVisible();
  await page.getByRole("textbox", { name: "Alert below" }).fill("50");
  await page.getByRole("button", { name: "Save the version" }).click();
  const back = page.getByRole("button", { name: "Give back to everybody’s" });
  await expect(back).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Alert below" })).toHaveValue("50");
  expect((await versions(segment))[0]?.profile).toMatchObject({ alert: 50 });
  await back.click();
  await expect(page.getByText(`${segment} follows everybody’s profile again.`)).toBeVisible();
  await expect(back).toHaveCount(0);
  expect((await versions(segment))[0]?.profile).toBeNull();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(back).toBeVisible();
  expect((await versions(segment))[0]?.profile).toMatchObject({ alert: 50 });
});

test("a past day is computed again, beside what was recorded, and a move is explained", async ({
  page,
}) => {
  const client = (await active("health"))[0];
  if (!client) throw new Error("no client");
  const { history } = await api.get<{ history: { day: string }[] }>(
    `/clients/${client.id}/health?days=90`,
  );
  const days = history.map((row) => row.day).sort();
  const [day, last] = [days[1], days.at(-1)];
  if (!day || !last) throw new Error("no history");

  await page.goto(`${essor.url}/clients/${client.id}?tab=health`);
  const machine = page.getByRole("region", { name: "See a past day again" });
  await machine.getByLabel("Day").fill(day);
  await expect(page).toHaveURL(new RegExp(`day=${day}`));
  const past = await api.get<Past>(`/clients/${client.id}/health/at?day=${day}`);
  const seen = page.locator("section", { has: page.locator("#machine") });
  await expect(seen.getByRole("heading")).toContainText(`health was at ${past.score}`);
  await expect(seen.getByText("Computed now").locator("..")).toContainText(`${past.score}`);
  if (past.recorded) {
    await expect(seen.getByRole("definition").nth(2)).toContainText(`${past.recorded.score}`);
  }
  await expect(seen.getByRole("row")).toHaveCount(past.factors.length + 1);

  // With another version of the profile.
  await seen.getByLabel("With the profile").selectOption("~0");
  await expect(page).toHaveURL(/with=/);
  await expect(seen.getByText("Computed now").locator("..")).toContainText("Built-in profile");
  await seen.getByRole("button", { name: "Back to today" }).click();
  await expect(page).not.toHaveURL(/day=|with=/);

  // A click on the curve chooses a day; dragging over it chooses two.
  const curve = page.getByRole("application").first();
  const box = await curve.boundingBox();
  if (!box) throw new Error("no chart");
  const at = (share: number) => ({ x: box.width * share, y: box.height / 2 });
  await curve.click({ position: at(0.4) });
  await expect(page).toHaveURL(/day=\d{4}-\d{2}-\d{2}/);
  await curve.scrollIntoViewIfNeeded();
  await curve.hover({ position: at(0.3) });
  await page.mouse.down();
  await curve.hover({ position: at(0.6) });
  await page.mouse.up();
  await expect(page).toHaveURL(/from=\d{4}-\d{2}-\d{2}/);
  const search = new URL(page.url()).searchParams;
  const [from, to] = ["from", "to"].map((name) => search.get(name)?.replaceAll('"', "") ?? "");
  expect((from ?? "") < (to ?? "")).toBe(true);

  const moved = await api.get<Moved>(`/clients/${client.id}/health/moves?from=${from}&to=${to}`);
  const change = moved.to.score - moved.from.score;
  const sum = moved.moves.reduce((all, move) => all + Math.round(move.points * 10), 0);
  expect(sum).toBe(change * 10);
  const why = page.locator("section", { has: page.locator("#why") });
  await expect(
    why.getByRole("list", { name: "Part of each component" }).locator("> li"),
  ).toHaveCount(moved.moves.length);
  await expect(
    why.getByText(`Change, from ${moved.from.score} to ${moved.to.score}`),
  ).toBeVisible();
});

test("by keyboard, Shift and arrows choose the days of a move", async ({ page }) => {
  const client = (await active("health"))[0];
  await page.goto(`${essor.url}/clients/${client?.id}?tab=health`);
  const curve = page.getByRole("application").first();
  await curve.focus();
  await page.keyboard.press("End");
  for (const _ of [1, 2, 3]) await page.keyboard.press("Shift+ArrowLeft");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/from=.*to=/);
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/day=/);
});

test("the portfolio says how it is, and every figure opens its clients", async ({ page }) => {
  const risky = await api.get<{ total: number }>("/clients?status=active&risk=true&limit=1");
  const portfolio = await api.get<{
    bins: number[];
    risks: { key: string; clients: number }[];
  }>("/health/portfolio");
  await page.goto(`${essor.url}/clients/growth?tab=health`);
  const answer = page.getByRole("region", { name: /at risk/ }).first();
  await expect(answer).toBeVisible();
  await answer.getByRole("button", { name: /see the clients at risk$/ }).click();
  const cards = page.getByRole("region", { name: "The health of each client" });
  await expect(cards).toBeFocused();
  await expect(cards).toContainText(`${risky.total} client`);

  // A bar opens the clients of its class.
  const bars = page.getByRole("application").first();
  await bars.focus();
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/health=excellent/);
  const well = (portfolio.bins[8] ?? 0) + (portfolio.bins[9] ?? 0);
  await expect(cards).toContainText(`${well} clients`);

  const worst = portfolio.risks[0];
  if (!worst) throw new Error("nobody worries");
  const worries = page.getByRole("region", { name: /What worries most/ });
  await worries.getByRole("button").first().click();
  const sheet = page.getByRole("dialog");
  await expect(sheet.getByRole("listitem")).toHaveCount(Math.min(20, worst.clients));
  await page.keyboard.press("Escape");
  await expect(page).not.toHaveURL(/cause=/);

  // Of one product: the figures are those of the clients that pay for it.
  const { products } = await api.get<{ products: { value: string }[] }>("/clients/facets");
  const product = products[0]?.value;
  if (!product) throw new Error("no product");
  await page.getByLabel("Product").selectOption(product);
  const query = `status=active&limit=1&product=${encodeURIComponent(product)}`;
  const paying = await api.get<{ total: number }>(`/clients?${query}`);
  const atRisk = await api.get<{ total: number; sumMrrCents: number }>(
    `/clients?${query}&risk=true`,
  );
  // The line of the mean is theirs too.
  await expect(
    page.getByText(/active clients that the filters leave, from the recorded scores/),
  ).toBeVisible();
  const figures = page.locator("section", { has: page.locator("#answer") });
  await expect(figures).toContainText(`of ${paying.total} paying client`);
  await expect(figures.getByRole("button", { name: /see the clients at risk$/ })).toContainText(
    String(atRisk.total),
  );
});

test("an opinion is given, shown, and taken back", async ({ page }) => {
  const client = (await active("-mrr"))[0];
  if (!client) throw new Error("no client");
  await page.goto(`${essor.url}/clients/${client.id}?tab=health`);
  const card = page.getByRole("region", { name: "The team’s opinion" });
  await card.getByRole("button", { name: "Give an opinion" }).click();
  await card.getByRole("button", { name: "Save the opinion" }).click();
  await expect(card.getByText("Fill in this field.")).toBeVisible();
  await card.getByRole("radio", { name: "4" }).click();
  await card.getByLabel("Why").fill("Asks for more teams");
  await card.getByRole("button", { name: "Save the opinion" }).click();
  await expect(card.getByText("4 out of 5, confident")).toBeVisible();
  await expect(card.getByText("“Asks for more teams”")).toBeVisible();
  const given = async () =>
    (
      await api.get<{ items: { data: { note?: string } }[] }>(
        `/clients/${client.id}/timeline?kinds=pulse&limit=1`,
      )
    ).items[0]?.data.note;
  expect(await given()).toBe("Asks for more teams");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(card.getByText("“Asks for more teams”")).toHaveCount(0);
  expect(await given()).not.toBe("Asks for more teams");
});

test("who may not change profiles reads them", async ({ page, context }) => {
  const person = ["--email", "bo@demo.example", "--name", "Bo Aas", "--role", "member"];
  await essor.run(["user", "create", ...person]);
  await context.clearCookies();
  await signIn(context, essor, "bo@demo.example");
  await page.goto(`${essor.url}/settings/health`);
  await expect(page.getByText("Only managers, administrators and owners")).toBeVisible();
  await expect(weight(page, "Product usage")).toBeDisabled();
  await expect(page.getByRole("button", { name: "Share out" })).toHaveCount(0);
  await expect(page.getByRole("region", { name: "Versions" })).toContainText("in force");
});
