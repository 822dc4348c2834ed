/** A server for a file of tests, on either engine, with an API token and a write key. */
import { test as base } from "@playwright/test";
import { Api } from "./api";
import { Essor } from "./essor";
import { freshDatabase } from "./postgres";

export interface ApiOptions {
  engine: "sqlite" | "postgres";
}

interface ServerFixtures extends ApiOptions {
  essor: Essor;
  api: Api;
  writeKey: string;
}

export const test = base.extend<object, ServerFixtures>({
  engine: ["sqlite", { option: true, scope: "worker" }],
  essor: [
    async ({ engine }, use) => {
      const database = engine === "postgres" ? await freshDatabase() : undefined;
      const essor = await Essor.start({ name: `api-${engine}`, databaseUrl: database?.url });
      await use(essor);
      await essor.remove();
      await database?.drop();
    },
    { scope: "worker" },
  ],
  api: [async ({ essor }, use) => use(await Api.of(essor)), { scope: "worker" }],
  writeKey: [
    async ({ essor }, use) => use(await essor.run(["key", "create", "--name", "sdk"])),
    { scope: "worker" },
  ],
});

export { expect } from "@playwright/test";
