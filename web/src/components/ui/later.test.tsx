import { fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { beforeAll, expect, it, vi } from "vitest";
import { startI18n } from "@/lib/i18n";
import { laterPart } from "./later";
import { Toaster } from "./toast";

beforeAll(() => startI18n("fr"));

function Panel({ open }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return open ? <p>panneau</p> : null;
}

function Page({ Part }: { Part: ReturnType<typeof laterPart<Parameters<typeof Panel>[0]>> }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" {...Part.approach} onClick={() => setOpen(true)}>
        Ouvrir
      </button>
      <Part open={open} onOpenChange={setOpen} />
      <Toaster />
    </>
  );
}

function page(importer: () => Promise<typeof Panel>) {
  render(<Page Part={laterPart(importer)} />);
  return screen.getByRole("button", { name: "Ouvrir" });
}

it("is fetched once, when its button is approached", async () => {
  const importer = vi.fn(async () => Panel);
  const button = page(importer);
  expect(importer).not.toHaveBeenCalled();
  fireEvent.focus(button);
  fireEvent.pointerEnter(button);
  fireEvent.click(button);
  await screen.findByText("panneau");
  expect(importer).toHaveBeenCalledTimes(1);
});

it("says that it could not be fetched, closes, and is asked for again", async () => {
  const importer = vi.fn(async () => Panel).mockRejectedValueOnce(new TypeError("gone"));
  const button = page(importer);
  fireEvent.click(button);
  await screen.findByText(/Cette partie de la page n’a pas pu être chargée/);
  screen.getByRole("button", { name: "Recharger la page" });
  expect(screen.queryByText("panneau")).toBeNull();
  fireEvent.click(button);
  await screen.findByText("panneau");
  expect(importer).toHaveBeenCalledTimes(2);
});
