/** The vetoes that hold: at most how much, why, and what the score would be without them. */
import { useTranslation } from "react-i18next";
import { WatchGlyph } from "@/components/ui/health";
import { cn } from "@/lib/cn";
import { capText } from "@/lib/health-words";
import { useFormat } from "@/lib/session";
import type { Cap, Risk } from "./api";

export function Caps({
  caps,
  risks,
  className,
}: {
  caps: readonly Cap[];
  risks: readonly Risk[];
  className?: string;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  if (caps.length === 0) return null;
  return (
    <ul className={cn("flex flex-col gap-1.5 rounded-control bg-watch-soft px-3 py-2", className)}>
      {caps.map((cap) => (
        <li key={cap.key} className="flex items-start gap-2">
          <WatchGlyph className="mt-0.5 size-4" />
          <span>
            <span className="font-medium">{capText(format, cap, risks)}.</span>{" "}
            <span className="text-ink-2">
              {cap.mean > cap.cap
                ? t("health.cap.without", { mean: format.number(cap.mean) })
                : t("health.cap.idle")}
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}
