/** Joins class names; later Tailwind classes win over earlier ones, our own tokens included. */
import { extendTailwindMerge } from "tailwind-merge";

const merge = extendTailwindMerge({
  extend: {
    theme: {
      text: ["tick", "meta", "body", "card", "value", "page", "kpi", "timer"],
      radius: ["check", "control", "card", "dialog"],
      shadow: ["float"],
      animate: ["pop", "fade", "sheet", "rise"],
    },
  },
});

export type ClassValue = string | false | null | undefined;

export function cn(...classes: ClassValue[]): string {
  return merge(classes.filter(Boolean).join(" "));
}
