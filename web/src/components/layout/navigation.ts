/** The pages that exist, once: sidebar, bottom bar, palette and `G` shortcuts read this list. */
import {
  Building2,
  LayoutDashboard,
  ListChecks,
  type LucideIcon,
  MessageCircleQuestion,
  Plug,
  Settings,
  TrendingUp,
  Wrench,
} from "lucide-react";

export interface Destination {
  key:
    | "cockpit"
    | "tasks"
    | "advanced"
    | "growth"
    | "surveys"
    | "tools"
    | "integrations"
    | "settings";
  /** Words: `nav.<key>`. */
  to: string;
  icon: LucideIcon;
  /** Second key after `G`. */
  letter: string;
  /** Section of the sidebar; `top` has no title, `foot` stands at the bottom. */
  section: "top" | "clients" | "tools" | "foot";
  isNew?: boolean;
  /** Not in the bottom bar of phones: under "More". */
  deep?: boolean;
  /** Its tabs, under it in the sidebar; words: `nav.<tab>`. */
  tabs?: readonly string[];
}

export const DESTINATIONS: readonly Destination[] = [
  { key: "cockpit", to: "/", icon: LayoutDashboard, letter: "h", section: "top" },
  { key: "tasks", to: "/tasks", icon: ListChecks, letter: "t", section: "top" },
  { key: "advanced", to: "/clients/advanced", icon: Building2, letter: "a", section: "clients" },
  {
    key: "growth",
    to: "/clients/growth",
    icon: TrendingUp,
    letter: "c",
    section: "clients",
    isNew: true,
  },
  { key: "surveys", to: "/surveys", icon: MessageCircleQuestion, letter: "e", section: "clients" },
  {
    key: "tools",
    to: "/growth-tools",
    icon: Wrench,
    letter: "o",
    section: "tools",
    deep: true,
    tabs: ["forecasting", "journey"],
  },
  { key: "integrations", to: "/integrations", icon: Plug, letter: "i", section: "foot" },
  { key: "settings", to: "/settings", icon: Settings, letter: "s", section: "foot" },
];

/** Those of the bar at the bottom of phones, in its order. */
const BAR: readonly Destination["key"][] = ["cockpit", "advanced", "growth", "tasks"];
export const BAR_DESTINATIONS = BAR.flatMap((key) =>
  DESTINATIONS.filter((item) => item.key === key),
);

/** A client's page belongs to the list of all clients. */
export function isActive(destination: Destination, pathname: string): boolean {
  if (destination.key === "advanced") {
    return pathname.startsWith("/clients") && !pathname.startsWith("/clients/growth");
  }
  return pathname === destination.to || pathname.startsWith(`${destination.to}/`);
}
