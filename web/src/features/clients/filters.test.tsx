import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen } from "@testing-library/react";
import { beforeAll, beforeEach, expect, it, vi } from "vitest";
import { loadNamespaces, startI18n } from "@/lib/i18n";
import { facetsQuery } from "./api-list";
import type { ClientListSearch } from "./client-list-search";
import { FilterSheet, Filters } from "./filters";

const set = vi.fn();
beforeAll(async () => {
  globalThis.ResizeObserver ??= class {
    observe() {}
    unobserve() {}
    disconnect() {}
  };
  await startI18n("fr");
  await loadNamespaces("clients");
  await FilterSheet.load();
});
beforeEach(() => set.mockClear());

function show(search: ClientListSearch) {
  const client = new QueryClient();
  client.setQueryData(facetsQuery.queryKey, {
    segments: [{ value: "PME", count: 3 }],
    owners: [],
    products: [],
    classes: {},
    statuses: {},
  });
  render(
    <QueryClientProvider client={client}>
      <Filters search={search} set={set} fallback="active" total={12} />
    </QueryClientProvider>,
  );
}

it("writes filters as a sentence and removes them one by one", () => {
  show({ status: "churned", segment: "PME" });
  const chips = screen.getByRole("list", { name: "Filtres" });
  expect(chips.textContent).toContain("Segment est PME");
  fireEvent.click(screen.getByRole("button", { name: /Retirer le filtre.*Segment est PME/ }));
  expect(set).toHaveBeenCalledWith({ segment: undefined });
});

it("keeps the classes in one order and leaves the default status out", () => {
  show({ health: "critical" });
  fireEvent.click(screen.getByRole("button", { name: "Filtrer" }));
  fireEvent.click(screen.getByRole("checkbox", { name: "Bonne" }));
  expect(set).toHaveBeenLastCalledWith({ health: "good,critical" });
  fireEvent.click(screen.getByRole("checkbox", { name: "Critique" }));
  expect(set).toHaveBeenLastCalledWith({ health: undefined });
  fireEvent.change(screen.getByRole("combobox", { name: "Statut" }), {
    target: { value: "trial" },
  });
  expect(set).toHaveBeenLastCalledWith({ status: "trial" });
  fireEvent.change(screen.getByRole("combobox", { name: "Statut" }), {
    target: { value: "active" },
  });
  expect(set).toHaveBeenLastCalledWith({ status: undefined });
  expect(screen.getByRole("button", { name: "Voir les 12 clients" })).toBeTruthy();
});

it("keeps a segment of the URL that no client has any more", () => {
  show({ segment: "Ancien" });
  fireEvent.click(screen.getByRole("button", { name: /^Filtrer/ }));
  const select = screen.getByRole("combobox", { name: "Segment" }) as HTMLSelectElement;
  expect(select.value).toBe("Ancien");
});
