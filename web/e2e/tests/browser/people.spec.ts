/** People and access: the log of who changed what, sessions, workspaces, invitations renewed. */
import { expect, type Office, OWNER, openOffice, signIn, test } from "../../harness/browser";

test.describe.configure({ mode: "serial" });

const BO = { email: "bo@nordlys.example", name: "Bo Aas", password: "another quiet passphrase" };

let office: Office;

test.beforeAll(async () => {
  office = await openOffice("people");
  const person = ["--email", BO.email, "--name", BO.name, "--role", "member"];
  await office.essor.run(["user", "create", ...person, "--password-stdin"], BO.password);
});
test.afterAll(async () => {
  await office?.essor.remove();
});
test.beforeEach(async ({ context, at }) => {
  at.essor = office.essor;
  await signIn(context, office.essor, OWNER.email);
});

test("a change is in the log at once, with what it was before", async ({ page, context }) => {
  const { url } = office.essor;
  await page.goto(`${url}/settings/audit`);
  await expect(page.getByRole("heading", { name: /^Log intact until/ })).toBeVisible();
  await expect(page.getByText("The command line added Bo Aas: Member")).toBeVisible();

  // Done elsewhere, it appears here without a reload.
  const people = await context.newPage();
  await people.goto(`${url}/settings/people`);
  await people.getByRole("combobox", { name: "Role of Bo Aas" }).selectOption("manager");
  await expect(people.getByText("Bo Aas now has the role Manager.")).toBeVisible();
  const entry = page.getByRole("button", {
    name: /^Ingrid Dahl changed the role of Bo Aas: Member → Manager/,
  });
  await expect(entry).toBeVisible();
  await people.close();

  await entry.click();
  await expect(entry).toHaveAttribute("aria-expanded", "true");
  const row = page.getByRole("row", { name: /^role/ });
  await expect(row).toContainText("Member");
  await expect(row).toContainText("Manager");

  // Limited to one thing, then to a family; both stand in the address.
  await page.getByRole("button", { name: "All about Bo Aas" }).click();
  await expect(page).toHaveURL(/object=/);
  await expect(page.getByText("The command line created the write key")).toHaveCount(0);
  await page.getByRole("button", { name: "Remove the filters" }).click();
  await page.getByLabel("What").selectOption("tokens");
  await expect(page).toHaveURL(/what=tokens/);
  await expect(page.getByText("The command line created the write key “Website”")).toBeVisible();
  await expect(entry).toHaveCount(0);
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export (CSV)" }).click();
  expect((await download).suggestedFilename()).toBe("audit.csv");

  await page.getByRole("button", { name: "Verify everything again" }).click();
  await expect(page.getByText("The whole log was verified again.")).toBeVisible();
});

test("who may not read the log is told so", async ({ page, context }) => {
  await context.clearCookies();
  await signIn(context, office.essor, BO.email);
  await page.goto(`${office.essor.url}/settings/audit`);
  await expect(page.getByText("Only an administrator can read the audit log.")).toBeVisible();
});

test("a session is seen and ended", async ({ page, browser }) => {
  const { url } = office.essor;
  const elsewhere = await browser.newContext({
    userAgent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
  });
  const signed = await elsewhere.request.post(`${url}/api/v1/session`, {
    headers: { Origin: url },
    data: { email: OWNER.email, password: OWNER.password },
  });
  expect(signed.status()).toBe(204);
  await page.goto(`${url}/settings/profile`);
  const sessions = page.getByRole("region", { name: "Open sessions" });
  await expect(sessions.getByText("this session")).toHaveCount(1);
  await sessions.getByRole("button", { name: "End the session Firefox on Windows" }).click();
  await expect(page.getByText("Session ended.")).toBeVisible();
  await expect(sessions.getByText("Firefox on Windows")).toHaveCount(0);
  expect((await elsewhere.request.get(`${url}/api/v1/session`)).status()).toBe(401);
  await elsewhere.close();

  // An administrator ends those of a member.
  const theirs = await browser.newContext();
  await signIn(theirs, office.essor, BO.email);
  await page.goto(`${url}/settings/people`);
  await page.getByRole("button", { name: "See the sessions of Bo Aas" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "End all their sessions" }).click();
  await expect(page.getByText("No open session in this workspace.")).toBeVisible();
  expect((await theirs.request.get(`${url}/api/v1/session`)).status()).toBe(401);
  await theirs.close();
});

test("a lost invitation is renewed; who has an account joins with it", async ({
  page,
  browser,
  watch,
}) => {
  watch.allow(/status of 404 .*\/api\/v1\/links\//);
  const { url } = office.essor;
  await page.goto(`${url}/settings/people`);
  await page.getByRole("button", { name: "Invite someone" }).click();
  const sheet = page.getByRole("dialog");
  await expect(sheet.getByText("Essor sends no e-mail")).toBeVisible();
  await sheet.getByLabel("E-mail address").fill("liv@nordlys.example");
  await sheet.getByRole("button", { name: "Create the invitation link" }).click();
  const first = await sheet.getByLabel("Invitation link").inputValue();
  await sheet.getByRole("button", { name: "Link copied, close" }).click();
  await page.getByRole("button", { name: "Make a new link for liv@nordlys.example" }).click();
  const second = await page.getByRole("dialog").getByLabel("Invitation link").inputValue();
  expect(second).not.toBe(first);
  await page.getByRole("button", { name: "Link copied, close" }).click();

  const guest = await browser.newContext({ locale: "en-GB" });
  const theirs = await guest.newPage();
  await theirs.goto(first);
  await expect(theirs.getByRole("heading", { name: "This link no longer works" })).toBeVisible();
  await theirs.goto(second);
  await expect(theirs.getByText("Your role: Member.")).toBeVisible();
  await theirs.getByLabel("Your name").fill("Liv Berg");
  await theirs.getByLabel("Password", { exact: true }).fill("a third quiet passphrase");
  await theirs.getByRole("button", { name: "Join the workspace" }).click();
  await expect(theirs).toHaveURL(`${url}/`);

  // Taken out and invited again, Liv has an account: her session is enough, and so would be her password.
  await page.reload();
  await page.getByRole("button", { name: "Remove Liv Berg" }).click();
  // Who will look after their clients is asked while it can still be answered first.
  await expect(
    page.getByRole("dialog").getByRole("link", { name: "Reassign their clients first" }),
  ).toHaveAttribute("href", /reassign=Liv/);
  await page.getByRole("dialog").getByRole("button", { name: "Remove from the workspace" }).click();
  await expect(page.getByText("Liv Berg no longer has access")).toBeVisible();
  await page.getByRole("button", { name: "Invite someone" }).click();
  await page.getByRole("dialog").getByLabel("E-mail address").fill("liv@nordlys.example");
  await page.getByRole("button", { name: "Create the invitation link" }).click();
  await theirs.goto(await page.getByRole("dialog").getByLabel("Invitation link").inputValue());
  await expect(theirs.getByText("This address already has an Essor account.")).toBeVisible();
  await expect(theirs.getByLabel("Your name")).toHaveCount(0);
  await theirs.getByLabel("Password", { exact: true }).fill("a third quiet passphrase");
  await theirs.getByRole("button", { name: "Accept the invitation" }).click();
  await expect(theirs).toHaveURL(`${url}/`);
  await guest.close();
});

test("a workspace is made, opened and deleted by its name", async ({ page }) => {
  const { url } = office.essor;
  await page.goto(`${url}/settings/workspace`);
  await expect(page.getByText("This is your only workspace.")).toBeVisible();
  await page.goto(`${url}/settings/workspaces`);
  await page.getByRole("button", { name: "Create a workspace" }).click();
  const sheet = page.getByRole("dialog");
  await sheet.getByLabel("Workspace name").fill("Nordlys Labs");
  await sheet.getByRole("button", { name: "Create and open the workspace" }).click();
  await expect(page).toHaveURL(`${url}/clients/growth`);
  await expect(page.getByRole("button", { name: /Nordlys Labs.*Switch workspace/ })).toBeVisible();

  await page.goto(`${url}/settings/workspace`);
  await page.getByRole("button", { name: "Delete the workspace Nordlys Labs" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(/type the name of the workspace/).fill("Nordlys");
  await dialog.getByRole("button", { name: "Delete for good" }).click();
  await expect(dialog.getByText("This is not the name of the workspace.")).toBeVisible();
  await dialog.getByLabel(/type the name of the workspace/).fill("Nordlys Labs");
  await dialog.getByRole("button", { name: "Delete for good" }).click();
  await expect(page.getByText("The workspace Nordlys Labs is deleted.")).toBeVisible();
  await page.goto(`${url}/settings/workspaces`);
  await expect(page.getByRole("heading", { name: "1 workspace" })).toBeVisible();
});
