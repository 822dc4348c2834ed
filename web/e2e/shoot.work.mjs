import { chromium } from "@playwright/test";
import { readFileSync } from "node:fs";
const base = "http://127.0.0.1:7461";
const jar = process.env.SESSION;
const [,, ...names] = process.argv;
const b = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const views = {
  growth: "/clients/growth",
  opps: "/clients/growth?tab=opportunities",
  tasks: "/tasks",
  client: process.env.CLIENT ?? "/clients/growth",
};
for (const spec of names) {
  const [view, width, theme, locale, extra] = spec.split(":");
  const ctx = await b.newContext({ viewport: { width: +width, height: width === "360" ? 740 : 900 }, colorScheme: theme, locale: locale === "fr" ? "fr-FR" : "en-GB", hasTouch: width === "360", isMobile: width === "360" });
  await ctx.addCookies([{ name: "essor_session", value: jar, url: base }]);
  await ctx.addInitScript((l) => localStorage.setItem("essor.locale", l), locale);
  const p = await ctx.newPage();
  p.on("console", (m) => ["error", "warning"].includes(m.type()) && console.log(spec, m.type(), m.text()));
  p.on("pageerror", (e) => console.log(spec, "EXC", e.message));
  await p.goto(base + views[view]);
  await p.waitForLoadState("networkidle").catch(() => {});
  await p.waitForTimeout(700);
  if (extra === "bell") { await p.getByRole("button", { name: /Notifications/ }).first().click(); await p.waitForTimeout(600); }
  if (extra === "win") { await p.getByRole("button", { name: /Décider pour|Decide for/ }).first().click(); await p.waitForTimeout(200); await p.getByRole("menuitem", { name: /gagnée|won/ }).click(); await p.waitForTimeout(400); await p.getByRole("checkbox").click(); await p.waitForTimeout(600); const s = p.getByRole("combobox").last(); await p.waitForTimeout(200); await s.selectOption({ index: 1 }).catch(() => {}); await p.waitForTimeout(300);}
  if (extra === "detail") { await p.locator("tbody tr, [role=row]").nth(1).click(); await p.waitForTimeout(800); }
  if (extra === "new") { await p.getByRole("button", { name: /Créer une tâche|Create a task/ }).first().click(); await p.waitForTimeout(500); }
  const overflow = await p.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (overflow > 0) console.log(spec, "OVERFLOW", overflow);
  await p.screenshot({ path: `/tmp/w/workshots/${spec.replaceAll(":", "-")}.png`, fullPage: !extra });
  await ctx.close();
}
await b.close();
