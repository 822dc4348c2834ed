/** What surrounds every page: palette, shortcuts, navigation, pages that do not exist. */
import { expect, test } from "../../harness/browser";

test("the palette finds a client, a page and an action, by keyboard alone", async ({
  demoPage: page,
  demo,
  demoApi,
}) => {
  const { items } = await demoApi.get<{ items: { name: string; id: string }[] }>(
    "/clients?limit=1&sort=-mrr",
  );
  const client = items[0];
  if (!client) throw new Error("no client");
  await page.goto(`${demo.url}/clients/growth`);
  await expect(page.getByRole("heading", { level: 1, name: "Client growth" })).toBeVisible();

  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: "Search or run an action" });
  const field = palette.getByRole("combobox", { name: "Search or run an action" });
  await expect(field).toBeFocused();
  await field.fill(client.name.toLowerCase());
  await expect(palette.getByRole("option", { name: client.name })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/clients/${client.id}$`));
  await expect(page.getByRole("heading", { level: 1, name: client.name })).toBeVisible();

  await page.keyboard.press("Control+k");
  await field.fill("integr");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Integrations" })).toBeVisible();

  await page.keyboard.press("Control+k");
  await field.fill("passer en");
  await page.keyboard.press("Enter");
  await expect(page.locator("html")).toHaveAttribute("lang", "fr");

  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").fill("zzzzzz");
  await expect(page.getByRole("dialog").getByText("zzzzzz")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("letters go places and ? says which", async ({ demoPage: page, demo }) => {
  await page.goto(`${demo.url}/integrations`);
  await expect(page.getByRole("heading", { level: 1, name: "Integrations" })).toBeVisible();
  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(help).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(help).toHaveCount(0);
  // G then C: the first letter of Clients or Croissance is in the list of shortcuts.
  await page.keyboard.press("g");
  await page.keyboard.press("c");
  await expect(page.getByRole("heading", { level: 1, name: "Client growth" })).toBeVisible();
  await page.keyboard.press("g");
  await page.keyboard.press("h");
  await expect(page).toHaveTitle("Cockpit · Essor");
});

test("a page starts at its content, and a link skips to it", async ({ demoPage: page, demo }) => {
  await page.goto(`${demo.url}/clients/growth`);
  await expect(page.locator("#content")).toBeFocused();
  const skip = page.getByRole("link", { name: "Skip to content" });
  await skip.focus();
  await expect(skip).toBeInViewport();
  await page.keyboard.press("Enter");
  await expect(page.locator("#content")).toBeFocused();
});

test("an address that leads nowhere says so and leads back", async ({ demoPage: page, demo }) => {
  await page.goto(`${demo.url}/nowhere/at-all`);
  await expect(page.getByRole("heading", { name: "This page does not exist" })).toBeVisible();
  await page.getByRole("link", { name: "Go to the cockpit" }).click();
  await expect(page).toHaveTitle("Cockpit · Essor");
});

test("a client that does not exist is a page that says so", async ({
  demoPage: page,
  demo,
  watch,
}) => {
  watch.allow(/status of 404 .*\/api\/v1\/clients\//);
  await page.goto(`${demo.url}/clients/019b0000-0000-7000-8000-000000000000`);
  await expect(page.getByRole("heading", { name: "This client does not exist" })).toBeVisible();
});

test("a page that cannot be fetched says so, and opens by itself once it can", async ({
  demoPage: page,
  demo,
  context,
  watch,
}) => {
  watch.allow(/ERR_INTERNET_DISCONNECTED|Unfetched|route match|dynamically imported module/);
  await page.goto(`${demo.url}/clients/growth`);
  await expect(page.getByRole("heading", { level: 1, name: "Client growth" })).toBeVisible();
  await context.setOffline(true);
  await page.keyboard.press("g");
  await page.keyboard.press("i");
  await expect(page.getByRole("heading", { level: 1, name: "You are offline" })).toBeVisible();
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "You are offline" })).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByRole("heading", { level: 1, name: "Integrations" })).toBeVisible();
});

test("a part that cannot be fetched says so, and opens once the page is loaded again", async ({
  demoPage: page,
  demo,
  context,
  watch,
}) => {
  watch.allow(/ERR_FAILED|dynamically imported module/);
  await page.goto(`${demo.url}/clients/growth`);
  const bell = page.getByRole("button", { name: /notifications/i });
  const parts = /\/assets\/(inbox|dialog-panel)-/;
  await context.route(parts, (route) => route.abort());
  await bell.click();
  await expect(page.getByText("This part of the page could not be loaded")).toBeVisible();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await context.unroute(parts);
  const loaded = page.waitForEvent("load");
  await page.getByRole("button", { name: "Reload the page" }).click();
  await loaded;
  await bell.click();
  await expect(page.getByRole("dialog", { name: "Notifications" })).toBeVisible();
});
