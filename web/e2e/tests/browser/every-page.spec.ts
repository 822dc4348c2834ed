/**
 * Every page, in both languages and both themes, at 1280 and 360 px: nothing that axe finds, nothing in the console,
 * nothing wider than the screen; with a picture of each in .out/pages for people to look at.
 */
import { mkdirSync } from "node:fs";
import path from "node:path";
import type { Locator, Page } from "@playwright/test";
import { type ClientItem, send } from "../../harness/api";
import { violations } from "../../harness/axe";
import {
  DEMO_PERSON,
  expect,
  type Locale,
  type Office,
  OWNER,
  openOffice,
  signIn,
  type Theme,
  test,
} from "../../harness/browser";
import { Essor, OUT } from "../../harness/essor";

const PICTURES = path.join(OUT, "pages");
const WIDTHS = [
  { width: 1280, height: 800 },
  { width: 360, height: 740 },
] as const;

const WORDS = {
  fr: {
    door: "D’où vient ce chiffre",
    filter: "Filtrer",
    invite: "Inviter",
    token: "Créer un jeton",
    workspace: "Créer un espace",
    sessions: "Voir les sessions de Ingrid Dahl",
    connect: "Connecter une source",
    correct: "Corriger",
    remove: "Supprimer la démonstration",
    table: "Afficher le tableau",
    more: "Plus",
    objective: "Fixer un objectif",
    exportCohorts: "Exporter les cohortes",
    newTask: "Créer une tâche",
    detection: "Régler la détection",
    opinion: "Donner un avis",
    usage: "Usage du produit",
    curve: "Modifier la courbe : Retard de paiement",
    save: "Enregistrer le profil",
    columns: "Colonnes",
    addFilter: /^(Filtrer|Filtres)$/,
    addClient: /^Ajouter/,
    selected: "Actions sur la sélection",
    addField: "Ajouter un champ",
    edit: "Modifier",
    addContact: "Ajouter un contact",
    note: "Écrire une note",
    fact: "Consigner un fait",
  },
  en: {
    door: "Where does this number come from",
    filter: "Filter",
    invite: "Invite someone",
    token: "Create a token",
    workspace: "Create a workspace",
    sessions: "See the sessions of Ingrid Dahl",
    connect: "Connect a source",
    correct: "Correct",
    remove: "Delete the demonstration",
    table: "Show the table",
    more: "More",
    objective: "Set an objective",
    exportCohorts: "Export the cohorts",
    newTask: "Create a task",
    detection: "Detection settings",
    opinion: "Give an opinion",
    usage: "Product usage",
    curve: "Edit the curve: Late payment",
    save: "Save the profile",
    columns: "Columns",
    addFilter: /^(Filter|Filters)$/,
    addClient: /^Add/,
    selected: "Actions on the selection",
    addField: "Add a field",
    edit: "Edit",
    addContact: "Add a contact",
    note: "Write a note",
    fact: "Record a fact",
  },
} as const;

type Words = (typeof WORDS)[Locale];

/** Filters of every shape: a group, a list, a day, a negation. */
const FILTERS =
  'mrr >= 100 and (segment in ("PME", "ETI") or renewal < in 60 days) and not tags has "vip"';

interface State {
  name: string;
  /** Brings the page into the state to look at; Escape must undo it, or it comes last. */
  prepare: (page: Page, words: Words) => Promise<void>;
  only?: "phone";
}

interface View {
  name: string;
  address: string;
  /** What can be opened on it, looked at one after the other. */
  states?: State[];
}

/** The content is there: nothing is loading any more. */
async function settled(page: Page): Promise<void> {
  await expect(page.locator("h1").first()).toBeAttached();
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
  await page.evaluate(() => document.fonts.ready);
  // Entrances are short, and over before one looks.
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {}))),
  );
}

/** A screen as high as the page: what is drawn only when it is seen is drawn too. */
async function unfold(page: Page, width: number): Promise<void> {
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width, height: Math.min(height, 8_000) });
}

async function look(page: Page, view: View, locale: Locale, theme: Theme): Promise<string[]> {
  const faults: string[] = [];
  const inspect = async (name: string) => {
    await settled(page);
    for (const violation of await violations(page)) faults.push(`${name}: ${violation}`);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    if (overflow > 0) faults.push(`${name}: the page is ${overflow} px wider than the screen`);
    await page.screenshot({ path: path.join(PICTURES, `${name}.png`) });
  };
  for (const size of WIDTHS) {
    const suffix = `${locale}-${theme}-${size.width}`;
    await page.setViewportSize(size);
    // One load serves both widths; what is opened at one is closed before the other.
    if (size === WIDTHS[0]) await page.goto(view.address);
    await settled(page);
    await unfold(page, size.width);
    await inspect(`${view.name}-${suffix}`);
    await page.setViewportSize(size);
    for (const state of view.states ?? []) {
      if (state.only === "phone" && size.width >= 768) continue;
      await state.prepare(page, WORDS[locale]);
      await inspect(`${state.name}-${suffix}`);
      await page.keyboard.press("Escape");
      await expect(dialogs(page)).toHaveCount(0);
    }
  }
  return faults;
}

function dialogs(page: Page) {
  return page.getByRole("dialog").or(page.getByRole("alertdialog"));
}

// The longest file: its tests are shared out among the workers.
test.describe.configure({ mode: "parallel" });

let office: Office;
let empty: Essor;
let setUp: string;
let invitation: string;

test.beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true });
  empty = await Essor.start({ name: "empty" });
  setUp = await empty.setUpLink();
  office = await openOffice("every-page");
  const track = { type: "track", userId: "u", event: "Opened", context: { groupId: "acme" } };
  const batch = [
    { ...track, messageId: "1" },
    { ...track, messageId: "2", timestamp: "yesterday" },
    { ...track, messageId: "3", type: "beam" },
    { ...track, messageId: "4", context: {}, userId: "nobody yet" },
  ];
  await send(office.essor.url, office.writeKey, "/v1/batch", JSON.stringify({ batch }));
  for (const client of [
    { externalId: "fjord", name: "Fjord Group" },
    { externalId: "fjord-north", name: "Fjord North", parentExternalId: "fjord" },
  ]) {
    await office.api.post("/clients", client);
  }
  const people = ["--email", "bo@nordlys.example", "--name", "Bo Aas", "--role", "viewer"];
  await office.essor.run(["user", "create", ...people]);
});
test.afterAll(async () => {
  await office?.essor.remove();
  await empty?.remove();
});

/** Opens what stays open from one width to the next. */
async function unlessOpen(button: Locator): Promise<void> {
  if (await button.isVisible()) await button.click();
}

/** A state that a button opens in a dialog. */
function opened(name: string, button: (words: Words) => string | RegExp, only?: "phone"): State {
  return {
    name,
    only,
    prepare: async (page, words) => {
      const named = button(words);
      const exact = typeof named === "string";
      await page.getByRole("button", { name: named, exact }).first().click();
      await expect(dialogs(page).first()).toBeVisible();
    },
  };
}

test("what axe should find is found", async ({ page }) => {
  await page.setContent('<p style="color:#bbb;background:#fff">pale</p><button></button>');
  const found = (await violations(page)).map((line) => line.split(":")[0]);
  expect(found).toEqual(expect.arrayContaining(["button-name", "color-contrast", "html-has-lang"]));
});

for (const locale of ["fr", "en"] as const) {
  for (const theme of ["light", "dark"] as const) {
    test.describe(`${locale}, ${theme}`, () => {
      test.use({ locale: locale === "fr" ? "fr-FR" : "en-GB", colorScheme: theme });

      test("the demo portfolio", async ({ page, context, demo, demoApi, at, watch }) => {
        test.setTimeout(480_000);
        // One of the states is a condition that does not read.
        watch.allow(/status of 422 .*\/api\/v1\/clients/);
        at.essor = demo;
        await signIn(context, demo, DEMO_PERSON, { locale, theme });
        const list = async (query: string) =>
          (await demoApi.get<{ items: ClientItem[] }>(`/clients?limit=1&${query}`)).items[0]?.id;
        const worst = `${demo.url}/clients/${await list("status=active&sort=health")}`;
        const gone = `${demo.url}/clients/${await list("status=churned")}`;
        const growth = `${demo.url}/clients/growth`;
        const tools = `${demo.url}/growth-tools?tab=journey`;
        const back = (days: number) =>
          new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
        const past = `day=${back(40)}&from=${back(60)}&to=${back(5)}`;
        const views: View[] = [
          {
            name: "cockpit",
            address: `${demo.url}/`,
            states: [opened("cockpit-door", (words) => new RegExp(words.door))],
          },
          {
            name: "growth",
            address: growth,
            states: [
              opened("growth-door", (words) => new RegExp(words.door)),
              opened("confirm", (words) => words.remove),
              opened("drawer", (words) => words.more, "phone"),
              {
                name: "palette",
                prepare: async (page) => {
                  await page.keyboard.press("Control+k");
                  await expect(dialogs(page).getByRole("combobox")).toBeFocused();
                },
              },
            ],
          },
          {
            name: "growth-filtered",
            address: `${growth}?status=current&health=watch,critical`,
            states: [
              opened("growth-filters", (words) => new RegExp(`^${words.filter}`)),
              {
                name: "growth-table",
                prepare: async (page, words) => {
                  await page.getByRole("button", { name: words.table }).first().click();
                  await expect(page.getByRole("table").first()).toBeVisible();
                },
              },
            ],
          },
          {
            name: "opportunities",
            address: `${growth}?tab=opportunities`,
            states: [
              opened("opportunities-door", (words) => new RegExp(words.door)),
              opened("opportunities-settings", (words) => words.detection, "phone"),
            ],
          },
          { name: "opportunities-past", address: `${growth}?tab=opportunities&state=lost` },
          {
            name: "tasks",
            address: `${demo.url}/tasks?done=show`,
            states: [
              opened("tasks-new", (words) => words.newTask),
              opened("notifications", () => /^Notifications/, "phone"),
            ],
          },
          { name: "tasks-by-client", address: `${demo.url}/tasks?owner=all&group=client` },
          { name: "growth-nothing", address: `${growth}?q=zzzzzz` },
          { name: "growth-slice", address: `${growth}?segment=PME&split=product` },
          {
            name: "growth-forecast",
            address: `${growth}?tab=forecast`,
            states: [
              opened("growth-objective-new", (words) => words.objective),
              {
                name: "growth-objective",
                prepare: async (page) => {
                  await page.locator("#objectives li button").first().click();
                  await expect(dialogs(page).first()).toBeVisible();
                },
              },
              {
                name: "growth-cohort",
                prepare: async (page) => {
                  await page.locator("#cohorts td button").first().click();
                  await expect(dialogs(page).first()).toBeVisible();
                },
              },
            ],
          },
          {
            name: "advanced",
            address: `${demo.url}/clients/advanced`,
            states: [
              opened("advanced-door", (words) => new RegExp(words.door)),
              opened("advanced-create", (words) => words.addClient),
              {
                name: "advanced-selected",
                prepare: async (page, words) => {
                  // The bar floats over rows: on a screen as high as the page it stands under them.
                  await unfold(page, page.viewportSize()?.width ?? 1280);
                  const bar = page.getByRole("region", { name: words.selected });
                  if (!(await bar.isVisible())) await page.getByRole("checkbox").nth(2).click();
                  await expect(bar).toBeVisible();
                },
              },
            ],
          },
          {
            name: "advanced-filtered",
            address: `${demo.url}/clients/advanced?tab=all&where=${encodeURIComponent(FILTERS)}`,
            states: [
              {
                name: "advanced-filters",
                prepare: async (page, words) => {
                  await page.getByRole("button", { name: words.addFilter }).first().click();
                  await expect(dialogs(page).first()).toBeVisible();
                },
              },
            ],
          },
          { name: "advanced-cards", address: `${demo.url}/clients/advanced?layout=cards` },
          { name: "advanced-unread", address: `${demo.url}/clients/advanced?where=mrr+annd` },
          { name: "growth-health", address: `${growth}?tab=health` },
          { name: "growth-health-cause", address: `${growth}?tab=health&cause=usage_down` },
          { name: "journey-board", address: `${growth}?tab=journey` },
          { name: "journey-late", address: `${tools}&show=late` },
          { name: "journey-funnel", address: `${tools}&show=funnel` },
          { name: "journey-times", address: `${tools}&show=times` },
          ...["milestones", "factors", "actions"].map((part) => ({
            name: `client-journey-${part}`,
            address: `${worst}?tab=journey&part=${part}`,
          })),
          {
            name: "settings-journeys",
            address: `${demo.url}/settings/journeys`,
          },
          ...[
            "overview",
            "journey",
            "health",
            "usage",
            "subscriptions",
            "opportunities",
            "tasks",
            "tickets",
            "contacts",
            "timeline",
            "data",
          ].map((tab) => ({ name: `client-${tab}`, address: `${worst}?tab=${tab}` })),
          {
            name: "client-health-past",
            address: `${worst}?tab=health&${past}`,
            states: [
              {
                name: "client-opinion",
                prepare: async (page, words) => {
                  await unlessOpen(page.getByRole("button", { name: words.opinion }));
                  await expect(page.getByRole("radio").last()).toBeVisible();
                },
              },
            ],
          },
          { name: "client-files", address: `${worst}?tab=files` },
          {
            name: "client-people",
            address: `${worst}?tab=contacts`,
            states: [opened("client-contact-new", (words) => words.addContact)],
          },
          {
            name: "client-stream",
            address: `${worst}?tab=timeline&kinds=note,change,task,opportunity`,
            states: [
              {
                name: "client-note",
                prepare: async (page, words) => {
                  await unlessOpen(page.getByRole("button", { name: words.note }));
                  await expect(page.getByRole("textbox").last()).toBeVisible();
                },
              },
              opened("client-signal", (words) => words.fact),
            ],
          },
          { name: "client-gone", address: gone },
          {
            name: "settings-health",
            address: `${demo.url}/settings/health`,
            states: [
              {
                name: "settings-health-refused",
                prepare: async (page, words) => {
                  await page.getByRole("textbox", { name: words.usage, exact: true }).fill("55");
                  await unlessOpen(page.getByRole("button", { name: words.curve }));
                  await expect(page.getByRole("region", { name: words.save })).toBeVisible();
                },
              },
            ],
          },
          { name: "demo-integrations", address: `${demo.url}/integrations` },
          { name: "not-found", address: `${demo.url}/nowhere` },
        ];
        const faults: string[] = [];
        for (const view of views) faults.push(...(await look(page, view, locale, theme)));
        expect(faults).toEqual([]);
      });

      test("a workspace, its settings and the ways in", async ({ page, context, at, watch }) => {
        test.setTimeout(180_000);
        watch.allow(/status of 404 .*\/api\/v1\/links\//, /status of 401 .*\/api\/v1\/session/);
        const faults: string[] = [];
        // Before signing in.
        at.essor = empty;
        faults.push(...(await look(page, { name: "set-up", address: setUp }, locale, theme)));
        at.essor = office.essor;
        const { url } = office.essor;
        const link = await office.essor.run(["link", "--email", OWNER.email]);
        const { items } = await office.api.get<{ items: ClientItem[] }>("/clients");
        const family = new Map(items.map((item) => [item.externalId, item.id]));
        await signIn(context, office.essor, OWNER.email, { locale, theme });
        invitation ??= (
          (await (
            await context.request.post(`${url}/api/v1/members`, {
              headers: { Origin: url },
              data: { email: "liv@nordlys.example", role: "member" },
            })
          ).json()) as { link: string }
        ).link;
        const views: View[] = [
          {
            name: "integrations",
            address: `${url}/integrations`,
            states: [opened("integrations-connect", (words) => words.connect)],
          },
          {
            name: "quarantine",
            address: `${url}/integrations?tab=quarantine`,
            states: [opened("quarantine-correct", (words) => words.correct)],
          },
          { name: "import", address: `${url}/clients/import` },
          { name: "settings-profile", address: `${url}/settings/profile` },
          {
            name: "settings-people",
            address: `${url}/settings/people`,
            states: [
              opened("settings-invite", (words) => new RegExp(`^${words.invite}`)),
              opened("settings-sessions", (words) => words.sessions),
            ],
          },
          {
            name: "settings-fields",
            address: `${url}/settings/fields`,
            states: [opened("settings-field-new", (words) => words.addField)],
          },
          { name: "settings-trash", address: `${url}/settings/trash` },
          { name: "settings-tokens", address: `${url}/settings/tokens` },
          { name: "settings-workspace", address: `${url}/settings/workspace` },
          {
            name: "settings-workspaces",
            address: `${url}/settings/workspaces`,
            states: [opened("settings-workspace-new", (words) => words.workspace)],
          },
          {
            name: "settings-audit",
            address: `${url}/settings/audit`,
            states: [
              {
                name: "settings-audit-entry",
                prepare: async (page) => {
                  const entry = page.locator("main li button[aria-expanded=false]").first();
                  await entry.click();
                  await expect(page.locator("main li table, main li dl").first()).toBeVisible();
                },
              },
            ],
          },
          {
            name: "settings-audit-nothing",
            address: `${url}/settings/audit?from=2020-01-01&to=2020-01-02`,
          },
          { name: "cockpit-few-clients", address: `${url}/` },
          { name: "growth-few-clients", address: `${url}/clients/growth` },
          { name: "growth-health-unknown", address: `${url}/clients/growth?tab=health` },
          ...["fjord", "fjord-north"].map((name) => ({
            name: `client-${name}`,
            address: `${url}/clients/${family.get(name)}?tab=health`,
          })),
          { name: "settings-health-empty", address: `${url}/settings/health` },
        ];
        for (const view of views) faults.push(...(await look(page, view, locale, theme)));
        await context.clearCookies();
        for (const view of [
          { name: "sign-in", address: `${url}/sign-in` },
          { name: "link-sign-in", address: link },
          { name: "link-invite", address: invitation },
          { name: "link-invalid", address: `${url}/link/nothing` },
        ]) {
          faults.push(...(await look(page, view, locale, theme)));
        }
        expect(faults).toEqual([]);
      });
    });
  }
}
