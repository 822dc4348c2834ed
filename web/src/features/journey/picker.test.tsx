import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeAll, expect, it, vi } from "vitest";
import { speak } from "@/test/words";
import { ClientPicker } from "./picker";

beforeAll(() => speak("en", "journey"));
afterEach(() => vi.unstubAllGlobals());

function answer(names: string[], total = names.length) {
  const items = names.map((name) => ({ id: name, name, health: 50, healthClass: "watch" }));
  vi.stubGlobal(
    "fetch",
    vi.fn(async () => new Response(JSON.stringify({ items, total }))),
  );
}

function open() {
  const onChoose = vi.fn();
  render(
    <QueryClientProvider client={new QueryClient()}>
      <ClientPicker onChoose={onChoose} />
    </QueryClientProvider>,
  );
  const field = screen.getByRole("combobox");
  fireEvent.focus(field);
  return { field, onChoose };
}

it("walks its list by arrows, and takes what Enter is pressed on", async () => {
  answer(["Acme", "Brekke", "Carlsen"]);
  const { field, onChoose } = open();
  await waitFor(() => expect(screen.getAllByRole("option")).toHaveLength(3));
  fireEvent.keyDown(field, { key: "ArrowDown" });
  fireEvent.keyDown(field, { key: "ArrowDown" });
  fireEvent.keyDown(field, { key: "ArrowUp" });
  expect(screen.getByRole("option", { selected: true }).textContent).toContain("Brekke");
  fireEvent.keyDown(field, { key: "Enter" });
  expect(onChoose).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ id: "Brekke" }));
  expect(field.getAttribute("aria-expanded")).toBe("false");
});

it("says that there are more, and that there is nobody", async () => {
  answer(["Acme"], 10_000);
  open();
  await waitFor(() => expect(screen.getByRole("status").textContent).toContain("9,999"));
});

it("closes by Escape without choosing", async () => {
  answer(["Acme"]);
  const { field, onChoose } = open();
  await waitFor(() => expect(screen.getAllByRole("option")).toHaveLength(1));
  fireEvent.keyDown(field, { key: "Escape" });
  expect(field.getAttribute("aria-expanded")).toBe("false");
  expect(onChoose).not.toHaveBeenCalled();
});
