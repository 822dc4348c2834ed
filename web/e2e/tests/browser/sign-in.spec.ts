/** The ways in: the set-up link of an empty server, a one-time link, a password; and the way out. */
import { expect, OWNER, test, WORKSPACE } from "../../harness/browser";
import { Essor } from "../../harness/essor";

test.describe.configure({ mode: "serial" });
test.use({ locale: "en-GB" });

let essor: Essor;

test.beforeAll(async () => {
  essor = await Essor.start({ name: "sign-in" });
});
test.afterAll(async () => {
  await essor?.remove();
});
test.beforeEach(({ at, watch }) => {
  at.essor = essor;
  // A browser writes every refusal in its console; being signed out is one, and what brings people here.
  watch.allow(/status of 401 .*\/api\/v1\/session/);
  // The same for a link that was used.
  watch.allow(/status of 404 .*\/api\/v1\/links\//);
});

test("an empty server prints a link; it makes the owner and opens an empty workspace", async ({
  page,
}) => {
  const link = await essor.setUpLink();
  await page.goto(link);
  await expect(
    page.getByRole("heading", { level: 1, name: "Create your workspace" }),
  ).toBeVisible();
  // What is missing is said beside the field, and the first one has the focus.
  await page.getByRole("button", { name: "Create the workspace" }).click();
  await expect(page.getByLabel("Your name")).toBeFocused();
  await expect(page.getByLabel("Your name")).toHaveAttribute("aria-invalid", "true");

  await page.getByLabel("Your name").fill(OWNER.name);
  await page.getByLabel("E-mail address").fill(OWNER.email);
  await page.getByLabel("Password", { exact: true }).fill(OWNER.password);
  await page.getByLabel("Workspace name").fill(WORKSPACE);
  await page.getByLabel("Reporting currency").selectOption("EUR");
  await page.getByRole("button", { name: "Create the workspace" }).click();

  await expect(page).toHaveURL(`${essor.url}/`);
  await expect(page.getByRole("heading", { name: "Your clients will appear here" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Connect a source" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Explore the demonstration" })).toBeVisible();
  await expect(page.getByRole("button", { name: `${OWNER.name} Owner` })).toBeVisible();

  // The link worked once.
  await page.goto(link);
  await expect(page.getByRole("heading", { name: "This link no longer works" })).toBeVisible();
});

test("without a session every page asks to sign in, and comes back to where one was going", async ({
  page,
}) => {
  await page.goto(`${essor.url}/settings/people`);
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  await page.getByLabel("E-mail address").fill(OWNER.email);
  await page.getByLabel("Password", { exact: true }).fill(OWNER.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(`${essor.url}/settings/people`);
  await expect(page.getByRole("heading", { level: 1, name: "People" })).toBeVisible();
});

test("a wrong password is refused without saying which half was wrong", async ({ page, watch }) => {
  watch.allow(/status of 401/);
  await page.goto(`${essor.url}/sign-in`);
  for (const email of [OWNER.email, "nobody@nordlys.example"]) {
    await page.getByLabel("E-mail address").fill(email);
    await page.getByLabel("Password", { exact: true }).fill("not the passphrase");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByText("The address or the password does not match.")).toBeVisible();
    // What was typed stays.
    await expect(page.getByLabel("E-mail address")).toHaveValue(email);
  }
});

test("signing out ends the session, on this page and on the server", async ({ page, context }) => {
  await page.goto(`${essor.url}/sign-in`);
  await page.getByLabel("E-mail address").fill(OWNER.email);
  await page.getByLabel("Password", { exact: true }).fill(OWNER.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(`${essor.url}/`);
  const cookies = await context.cookies();
  expect(cookies).toEqual([
    expect.objectContaining({ name: "essor_session", httpOnly: true, sameSite: "Lax" }),
  ]);
  await page.getByRole("button", { name: `${OWNER.name} Owner` }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  // The cookie of before is worth nothing any more.
  const held = cookies[0];
  const answer = await fetch(`${essor.url}/api/v1/session`, {
    headers: { Cookie: `${held?.name}=${held?.value}` },
  });
  expect(answer.status).toBe(401);
});

test("a one-time link signs in when its button is pressed, once", async ({ page }) => {
  const link = await essor.run(["link", "--email", OWNER.email]);
  // Mail scanners open links: opening uses nothing.
  expect((await fetch(link)).status).toBe(200);
  await page.goto(link);
  await expect(page.getByText(`This link signs in ${OWNER.email}.`)).toBeVisible();
  await page.reload();
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(`${essor.url}/`);
  await expect(page.getByRole("button", { name: `${OWNER.name} Owner` })).toBeVisible();
  await page.goto(link);
  await expect(page.getByRole("heading", { name: "This link no longer works" })).toBeVisible();
});

test("language and theme last: over reloads, and on another machine", async ({ page, browser }) => {
  await page.goto(await essor.run(["link", "--email", OWNER.email]));
  await page.getByRole("button", { name: "Sign in" }).click();
  // Leaving at once would cancel the request that signs in.
  await expect(page).toHaveURL(`${essor.url}/`);
  await page.goto(`${essor.url}/settings/profile`);
  await page.getByRole("radio", { name: "Français" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Profil" })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "fr");
  const background = () =>
    page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
  await page.getByRole("radio", { name: "Sombre" }).click();
  await expect.poll(background).toBe("dark");
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "Profil" })).toBeVisible();
  expect(await background()).toBe("dark");

  const elsewhere = await browser.newContext({ locale: "en-GB", colorScheme: "light" });
  const other = await elsewhere.newPage();
  await other.goto(await essor.run(["link", "--email", OWNER.email]));
  await other.getByRole("button").first().click();
  await expect(other).toHaveURL(`${essor.url}/`);
  await expect(other.locator("html")).toHaveAttribute("lang", "fr");
  await expect
    .poll(() => other.evaluate(() => getComputedStyle(document.documentElement).colorScheme))
    .toBe("dark");
  await elsewhere.close();
});
