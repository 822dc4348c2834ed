/** The frame of every page behind sign-in. */
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { laterPart } from "@/components/ui/later";
import { useMediaQuery } from "@/lib/hooks";
import { useShortcuts } from "@/lib/shortcuts";
import { DemoBanner } from "./demo-banner";
import { DESTINATIONS } from "./navigation";
import { type Shell, ShellContext } from "./shell";
import { BottomBar, Sidebar } from "./sidebar";
import { TopBar } from "./top-bar";

const CommandPalette = laterPart(async () => (await import("./command-palette")).CommandPalette);
const ShortcutsDialog = laterPart(async () => (await import("./shortcuts-dialog")).ShortcutsDialog);

export function AppShell({ children, ...shell }: Shell & { children: ReactNode }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const rail = useMediaQuery("(max-width: 1199.98px)");
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);

  useShortcuts({
    "mod+k": () => setPalette((open) => !open),
    "?": () => setHelp(true),
    ...Object.fromEntries(
      DESTINATIONS.map((item) => [`g ${item.letter}`, () => void navigate({ to: item.to })]),
    ),
  });

  return (
    <ShellContext value={shell}>
      <div className="flex min-h-dvh">
        <a
          href="#content"
          className="fixed top-2 left-2 z-60 -translate-y-20 rounded-control bg-accent px-3 py-2 font-medium text-on-accent focus:translate-y-0"
        >
          {t("nav.skip")}
        </a>
        <Sidebar compact={rail} />
        <div className="flex min-w-0 flex-1 flex-col">
          <TopBar
            search={{ ...CommandPalette.approach, onClick: () => setPalette(true) }}
            help={{ ...ShortcutsDialog.approach, onClick: () => setHelp(true) }}
          />
          <DemoBanner />
          <main
            id="content"
            tabIndex={-1}
            className="mx-auto w-full max-w-[1600px] flex-1 px-6 pt-5 pb-8 outline-none max-md:px-3 max-md:pt-3 max-md:pb-[calc(var(--bottombar)+20px+env(safe-area-inset-bottom))]"
          >
            {children}
          </main>
        </div>
        <BottomBar />
        <CommandPalette open={palette} onOpenChange={setPalette} onHelp={() => setHelp(true)} />
        <ShortcutsDialog open={help} onOpenChange={setHelp} />
      </div>
    </ShellContext>
  );
}
