/** Says whether the page hears the server; a dot always doubled by words. */
import { useTranslation } from "react-i18next";
import { cn } from "@/lib/cn";
import { useLive } from "@/lib/live";
import { useFormat } from "@/lib/session";

export function LiveIndicator({ className }: { className?: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { status, heardAt } = useLive();
  const words =
    status === "offline" && heardAt
      ? t("live.offlineSince", { time: format.time(new Date(heardAt)) })
      : t(`live.${status}`);
  return (
    <span
      role="status"
      className={cn(
        "inline-flex items-center gap-2 whitespace-nowrap text-body text-ink-2",
        className,
      )}
    >
      <span
        aria-hidden
        className={cn(
          "size-2 rounded-full",
          status === "live" && "bg-excellent-mark",
          status === "offline" && "border-2 border-critical-mark",
          (status === "connecting" || status === "reconnecting") && "animate-pulse bg-watch-mark",
        )}
      />
      {words}
    </span>
  );
}
