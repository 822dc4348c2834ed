/** The doors, as a person opens them: what is listed leads to what is shown. */
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router";
import { fireEvent, render, screen, within } from "@testing-library/react";
import { beforeAll, expect, it } from "vitest";
import { loadNamespaces, startI18n } from "@/lib/i18n";
import { month, summary } from "./fixtures.test-data";
import { Kpis } from "./kpis";

beforeAll(async () => {
  globalThis.ResizeObserver ??= class {
    observe() {}
    unobserve() {}
    disconnect() {}
  };
  window.scrollTo = () => {};
  await startI18n("fr");
  await loadNamespaces("growth");
});

async function open(name: RegExp) {
  const root = createRootRoute();
  const page = createRoute({
    getParentRoute: () => root,
    path: "/clients/growth",
    component: () => <Kpis summary={summary} month={month} />,
  });
  const router = createRouter({
    routeTree: root.addChildren([page]),
    history: createMemoryHistory({ initialEntries: ["/clients/growth"] }),
  });
  render(<RouterProvider router={router as never} />);
  fireEvent.click(await screen.findByRole("button", { name }));
  return screen.findByRole("dialog");
}

/** The figures of a door: `+5 200 €` → 5200. */
function figures(door: HTMLElement): number[] {
  return within(door)
    .getAllByRole("definition")
    .map((node) =>
      Number(
        (node.textContent ?? "")
          .replace(/[^\d,−+-]/g, "")
          .replace("−", "-")
          .replace(",", "."),
      ),
    );
}

it.each([
  ["total MRR", /^MRR total/, 186_420],
  ["objectives due", /^Objectifs atteints/, 9],
  ["clients at risk", /^Clients à risque/, 11],
] as const)("%s: the parts add up to the total", async (_, name, total) => {
  const shown = figures(await open(name));
  expect(shown.at(-1)).toBe(total);
  expect(shown.slice(0, -1).reduce((sum, value) => sum + value, 0)).toBe(total);
});

it("mean health: the classes add up to the active clients", async () => {
  const shown = figures(await open(/^Santé moyenne/));
  expect(shown.slice(0, 5).reduce((sum, value) => sum + value, 0)).toBe(summary.activeClients);
  expect(shown.at(-1)).toBe(72.6);
});

it("leads to the movements and to the clients behind", async () => {
  const door = await open(/^Clients à risque/);
  const link = within(door).getByRole("link", { name: "Voir les 11 clients à risque" });
  expect(link.getAttribute("href")).toBe("/clients/growth?risk=true#clients");
});
