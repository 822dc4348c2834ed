import { existsSync } from "node:fs";
import { defineConfig, type PlaywrightTestConfig } from "@playwright/test";
import type { ApiOptions } from "./harness/server";

// The binary is what is tested: it is neither built nor started here (scripts/e2e.sh, harness/essor.ts).
const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

type Project = NonNullable<PlaywrightTestConfig<object, ApiOptions>["projects"]>[number];

const projects: Project[] = [
  { name: "api", testDir: "tests/api", use: { engine: "sqlite" } },
  { name: "browser", testDir: "tests/browser" },
];
// The same tests once more on the other engine, where there is one.
if (process.env.ESSOR_TEST_POSTGRES) {
  projects.push({ name: "api-postgres", testDir: "tests/api", use: { engine: "postgres" } });
}

export default defineConfig<object, ApiOptions>({
  outputDir: ".out/results",
  globalSetup: "./harness/global-setup.ts",
  workers: 2,
  forbidOnly: Boolean(process.env.CI),
  // A test that passes only sometimes is a failure.
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  use: {
    locale: "en-GB",
    timezoneId: "Europe/Paris",
    viewport: { width: 1280, height: 800 },
    // A trace of what failed costs time on what passes: asked for when one looks for a fault.
    trace: process.env.ESSOR_E2E_TRACE ? "retain-on-failure" : "off",
    launchOptions: {
      executablePath:
        process.env.ESSOR_TEST_CHROMIUM ?? CHROMIUM.find((file) => existsSync(file)) ?? CHROMIUM[0],
      args: [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects,
});
