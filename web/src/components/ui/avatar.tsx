/** Initials on a hue that comes from the id: round for people, square for companies. */
import type { CSSProperties } from "react";
import { cn } from "@/lib/cn";

export interface AvatarProps {
  /** Decides the hue, so that a name keeps its colour everywhere. */
  id: string;
  name: string;
  kind?: "person" | "company";
  size?: "sm" | "md" | "lg";
  className?: string;
}

const sizes = {
  sm: "size-6 text-tick",
  md: "size-8 text-meta",
  lg: "size-12 text-page",
};

export function hueOf(id: string): number {
  let hash = 2166136261;
  for (const char of id) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 16777619);
  // Twelve hues, thirty degrees apart: neighbours stay distinct.
  return ((hash >>> 0) % 12) * 30 + 10;
}

export function initialsOf(name: string, most: number): string {
  const words = name.trim().split(/[\s-]+/);
  const chosen = most === 1 ? words.slice(0, 1) : [words[0], words.length > 1 ? words.at(-1) : ""];
  return chosen
    .map((word) => [...(word ?? "")][0] ?? "")
    .join("")
    .toUpperCase();
}

/** Decorative: the name always stands beside it. */
export function Avatar({ id, name, kind = "company", size = "md", className }: AvatarProps) {
  return (
    <span
      aria-hidden
      style={{ "--h": hueOf(id) } as CSSProperties}
      className={cn(
        "avatar-hue inline-flex shrink-0 select-none items-center justify-center font-semibold",
        kind === "person" ? "rounded-full" : "rounded-control",
        sizes[size],
        className,
      )}
    >
      {initialsOf(name, kind === "person" ? 2 : 1)}
    </span>
  );
}
