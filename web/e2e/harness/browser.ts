/** Servers, people and a watched page for the browser tests. */
import { type BrowserContext, test as base, expect, type Page } from "@playwright/test";
import { Api } from "./api";
import { Essor } from "./essor";
import { DEMO } from "./global-setup";

export type Locale = "fr" | "en";
export type Theme = "light" | "dark";

export const DEMO_PERSON = "demo@essor.example";
export const OWNER = {
  email: "ingrid@nordlys.example",
  name: "Ingrid Dahl",
  password: "a quiet long passphrase",
};
export const WORKSPACE = "Nordlys";

/** What must not happen on any page: an error in the console, a refusal by the policy, another origin. */
export class Watch {
  readonly #faults: string[] = [];
  readonly #allowed: RegExp[] = [];

  /** Something that this test provokes. */
  allow(...patterns: RegExp[]): void {
    this.#allowed.push(...patterns);
  }

  follow(context: BrowserContext, origin: () => string): void {
    context.on("console", (message) => {
      if (message.type() !== "error" && message.type() !== "warning") return;
      this.#faults.push(`${message.type()}: ${message.text()} (${message.location().url})`);
    });
    context.on("weberror", (error) => this.#faults.push(`exception: ${error.error().stack}`));
    context.on("request", (request) => {
      const url = new URL(request.url());
      if (url.protocol.startsWith("http") && url.origin !== origin()) {
        this.#faults.push(`another origin: ${request.url()}`);
      }
    });
  }

  get faults(): string[] {
    return this.#faults.filter((fault) => !this.#allowed.some((allowed) => allowed.test(fault)));
  }
}

/** A session for a person, by a one-time link, without going through the pages. */
export async function signIn(
  context: BrowserContext,
  essor: Essor,
  email: string,
  preferences: { locale?: Locale; theme?: Theme | "system" } = { locale: "en", theme: "light" },
): Promise<void> {
  const token = (await essor.run(["link", "--email", email])).split("/").pop();
  const json = { "Content-Type": "application/json" };
  const answer = await fetch(`${essor.url}/api/v1/links/${token}`, {
    method: "POST",
    headers: json,
    body: "{}",
  });
  expect(answer.status).toBe(204);
  const [name, value] = (answer.headers.getSetCookie()[0] ?? "").split(";")[0]?.split("=") ?? [];
  if (!name || !value) throw new Error("no session cookie");
  await context.addCookies([{ name, value, url: essor.url, httpOnly: true, sameSite: "Lax" }]);
  await prefer(context, essor, preferences);
}

export async function prefer(
  context: BrowserContext,
  essor: Essor,
  preferences: { locale?: Locale; theme?: Theme | "system" },
): Promise<void> {
  // A cookie alone is not enough: the server wants to know which site asks.
  const answer = await context.request.patch(`${essor.url}/api/v1/session`, {
    headers: { Origin: essor.url },
    data: preferences,
  });
  expect(answer.status()).toBe(204);
}

/** A workspace with an owner, an API token and a write key, and nothing else in it. */
export interface Office {
  essor: Essor;
  api: Api;
  writeKey: string;
}

export async function openOffice(name: string): Promise<Office> {
  const essor = await Essor.start({ name });
  const { email, password } = OWNER;
  const person = ["--email", email, "--name", OWNER.name, "--role", "owner"];
  await essor.run(["user", "create", ...person, "--password-stdin"], password);
  const api = await Api.of(essor);
  const key = await essor.run(["key", "create", "--name", "Website"]);
  return { essor, api, writeKey: key };
}

interface WorkerFixtures {
  /** The demo portfolio, only read. */
  demo: Essor;
  demoApi: Api;
}

interface TestFixtures {
  watch: Watch;
  /** Where `page` goes: set by the helpers that sign in. */
  at: { essor?: Essor };
  /** The demo portfolio in English and light, signed in. */
  demoPage: Page;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  demo: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures here
    async ({}, use) => {
      const essor = await Essor.start({ name: "demo", from: process.env[DEMO] });
      await use(essor);
      await essor.remove();
    },
    { scope: "worker" },
  ],
  demoApi: [async ({ demo }, use) => use(await Api.of(demo)), { scope: "worker" }],
  // biome-ignore lint/correctness/noEmptyPattern: as above
  at: async ({}, use) => use({}),
  watch: [
    async ({ context, at }, use) => {
      const watch = new Watch();
      watch.follow(context, () => (at.essor ? new URL(at.essor.url).origin : ""));
      await use(watch);
      expect(watch.faults, "console, policy and origins").toEqual([]);
    },
    { auto: true },
  ],
  demoPage: async ({ page, context, demo, at }, use) => {
    at.essor = demo;
    await signIn(context, demo, DEMO_PERSON);
    await use(page);
  },
});

export { expect } from "@playwright/test";

/** "€1,234.50" or "1 234,50 €" → 123450; the sign may be a true minus. */
export function cents(text: string): number {
  const negative = /[-−]/.test(text);
  const digits = text.replace(/[^\d.,]/g, "");
  const decimal = /[.,](\d{1,2})$/.exec(digits)?.[1] ?? "";
  const whole = (decimal ? digits.slice(0, -decimal.length - 1) : digits).replace(/[.,]/g, "");
  const amount = Number(whole) * 100 + Number(decimal.padEnd(2, "0"));
  return negative ? -amount : amount;
}
