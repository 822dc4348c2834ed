/** Settings: the workspace, its people, its tokens. */
import { expect, type Office, OWNER, openOffice, signIn, test } from "../../harness/browser";

test.describe.configure({ mode: "serial" });

let office: Office;

test.beforeAll(async () => {
  office = await openOffice("settings");
});
test.afterAll(async () => {
  await office?.essor.remove();
});
test.beforeEach(async ({ context, at }) => {
  at.essor = office.essor;
  await signIn(context, office.essor, OWNER.email);
});

test("the workspace is renamed, everywhere at once", async ({ page }) => {
  await page.goto(`${office.essor.url}/settings/workspace`);
  const name = page.getByLabel("Workspace name");
  await name.fill("");
  await name.blur();
  await expect(page.getByText("Fill in this field.")).toBeVisible();
  await name.fill("Nordlys Analytics");
  await page
    .getByRole("region", { name: "Workspace and calendar" })
    .getByRole("button", { name: "Save" })
    .click();
  await expect(page.getByText("Settings saved.")).toBeVisible();
  await expect(
    page.getByRole("button", { name: /Nordlys Analytics.*Switch workspace/ }),
  ).toBeVisible();
  expect(await office.api.get("/workspace")).toMatchObject({ name: "Nordlys Analytics" });
  await page.reload();
  await expect(name).toHaveValue("Nordlys Analytics");
});

test("an invitation is a link that makes a member, once", async ({ page, browser, watch }) => {
  watch.allow(/status of 404 .*\/api\/v1\/links\//);
  await page.goto(`${office.essor.url}/settings/people`);
  await page.getByRole("button", { name: "Invite someone" }).click();
  const sheet = page.getByRole("dialog");
  await sheet.getByLabel("E-mail address").fill("not an address");
  await sheet.getByRole("button", { name: "Create the invitation link" }).click();
  await expect(sheet.getByText("Enter an address such as name@example.com.")).toBeVisible();
  await sheet.getByLabel("E-mail address").fill("bo@nordlys.example");
  await sheet.getByLabel("Role").selectOption("viewer");
  await sheet.getByRole("button", { name: "Create the invitation link" }).click();
  await expect(sheet.getByText("This link is shown only once")).toBeVisible();
  const link = await sheet.getByLabel("Invitation link").inputValue();
  expect(link).toMatch(new RegExp(`^${office.essor.url}/link/`));
  await sheet.getByRole("button", { name: "Link copied, close" }).click();
  await expect(page.getByRole("heading", { name: "1 invitation" })).toBeVisible();

  const guest = await browser.newContext({ locale: "en-GB" });
  const theirs = await guest.newPage();
  await theirs.goto(link);
  await expect(theirs.getByText("You are invited to join the workspace Nordlys")).toBeVisible();
  await expect(theirs.getByLabel("E-mail address")).toHaveValue("bo@nordlys.example");
  await theirs.getByLabel("Your name").fill("Bo Aas");
  await theirs.getByLabel("Password", { exact: true }).fill("password123");
  await theirs.getByRole("button", { name: "Join the workspace" }).click();
  await expect(theirs.getByText("This password is too common. Choose another one.")).toBeVisible();
  await theirs.getByLabel("Password", { exact: true }).fill("another quiet passphrase");
  await theirs.getByRole("button", { name: "Join the workspace" }).click();
  await expect(theirs).toHaveURL(`${office.essor.url}/`);

  // A viewer is told what they may not do, before they try.
  await theirs.goto(`${office.essor.url}/settings/tokens`);
  await expect(
    theirs.getByText("Only an administrator can see, create or revoke a token."),
  ).toBeVisible();
  await expect(theirs.getByRole("button", { name: "Create a token" })).toHaveCount(0);
  await guest.close();

  await page.reload();
  // The invitation stays in its list, as accepted; the person is in the other.
  const member = page.getByRole("listitem").filter({ hasText: "Bo Aas" });
  await expect(member).toContainText("bo@nordlys.example");
  await expect(page.getByText("Accepted", { exact: true })).toBeVisible();
  await member.getByRole("combobox", { name: "Role of Bo Aas" }).selectOption("manager");
  await expect(page.getByText("Bo Aas now has the role Manager.")).toBeVisible();
  await page.getByRole("button", { name: "Remove Bo Aas" }).click();
  await page
    .getByRole("alertdialog")
    .or(page.getByRole("dialog"))
    .getByRole("button", { name: "Remove from the workspace" })
    .click();
  await expect(member).toHaveCount(0);
});

test("an invitation that is cancelled opens nothing", async ({ page, watch }) => {
  watch.allow(/status of 404 .*\/api\/v1\/links\//);
  await page.goto(`${office.essor.url}/settings/people`);
  await page.getByRole("button", { name: "Invite someone" }).click();
  const sheet = page.getByRole("dialog");
  await sheet.getByLabel("E-mail address").fill("liv@nordlys.example");
  await sheet.getByRole("button", { name: "Create the invitation link" }).click();
  const link = await sheet.getByLabel("Invitation link").inputValue();
  await sheet.getByRole("button", { name: "Link copied, close" }).click();
  await page.getByRole("button", { name: "Cancel the invitation of liv@nordlys.example" }).click();
  await expect(page.getByText("Invitation of liv@nordlys.example cancelled")).toBeVisible();
  await page.goto(link);
  await expect(page.getByRole("heading", { name: "This link no longer works" })).toBeVisible();
});

test("a token is shown once, works within its scopes, and ends when revoked", async ({ page }) => {
  await page.goto(`${office.essor.url}/settings/tokens`);
  await page.getByRole("button", { name: "Create a token" }).click();
  const sheet = page.getByRole("dialog");
  await sheet.getByLabel("Name").fill("Accounting export");
  await sheet
    .getByRole("button", { name: "Create a token" })
    .or(sheet.locator("[type=submit]"))
    .first()
    .click();
  await expect(sheet.getByText("This token is shown only once")).toBeVisible();
  const token = await sheet.getByLabel("Token", { exact: true }).inputValue();
  await sheet.getByRole("button", { name: "Token kept, close" }).click();

  const ask = (method: string, path: string, body?: string) =>
    fetch(`${office.essor.url}/api/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
      body,
    });
  expect((await ask("GET", "/clients")).status).toBe(200);
  const written = await ask("POST", "/clients", '{"externalId":"x"}');
  expect(written.status).toBe(403);
  expect(await written.json()).toMatchObject({ error: { code: "identity_scope_missing" } });

  await page.getByRole("button", { name: "Revoke the token Accounting export" }).click();
  await page
    .getByRole("alertdialog")
    .or(page.getByRole("dialog"))
    .getByRole("button", { name: "Revoke the token" })
    .click();
  await expect(page.getByRole("listitem").filter({ hasText: "Accounting export" })).toContainText(
    "Revoked",
  );
  expect((await ask("GET", "/clients")).status).toBe(401);
});

test("a password is changed with the one before", async ({ page, watch }) => {
  watch.allow(/status of 401 .*\/session\/password/);
  await page.goto(`${office.essor.url}/settings/profile`);
  const next = "yet another passphrase";
  await page.getByLabel("Current password").fill("wrong wrong wrong");
  await page.getByLabel("New password").fill(next);
  await page.getByRole("button", { name: "Change the password" }).click();
  await expect(page.getByText("The address or the password does not match.")).toBeVisible();
  await page.getByLabel("Current password").fill(OWNER.password);
  await page.getByRole("button", { name: "Change the password" }).click();
  await expect(page.getByText("Password saved.")).toBeVisible();
  const sign = (password: string) =>
    fetch(`${office.essor.url}/api/v1/session`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ email: OWNER.email, password }),
    });
  expect((await sign(OWNER.password)).status).toBe(401);
  expect((await sign(next)).status).toBe(204);
});

test("an unknown section is a page of settings that says so", async ({ page }) => {
  await page.goto(`${office.essor.url}/settings/nothing`);
  await expect(page.getByText("This settings page does not exist")).toBeVisible();
});
