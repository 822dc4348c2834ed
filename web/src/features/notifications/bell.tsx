/** The bell of the top bar: how many are unread, and the way to them. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Bell as BellIcon } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "@/components/ui/button";
import { laterPart } from "@/components/ui/later";
import { toast } from "@/components/ui/toast";
import { useFormat } from "@/lib/session";
import { type Answers, inboxQuery, type Notification } from "./api";
import { notificationText } from "./words";

const InboxSheet = laterPart(async () => (await import("./inbox")).InboxSheet);

export function NotificationBell({ answers }: { answers?: Answers }) {
  const { t } = useTranslation("notifications");
  const format = useFormat();
  const [open, setOpen] = useState(false);
  const query = useInfiniteQuery(inboxQuery);
  const unread = query.data?.pages[0]?.unread ?? 0;
  useCriticalToasts(query.data?.pages[0]?.items);
  return (
    <>
      <span className="relative">
        <IconButton
          variant="ghost"
          label={unread > 0 ? t("unread", { count: unread, n: format.number(unread) }) : t("open")}
          aria-haspopup="dialog"
          {...InboxSheet.approach}
          onClick={() => setOpen(true)}
          className="max-md:size-10 max-md:[&_svg]:size-5"
        >
          <BellIcon aria-hidden />
        </IconButton>
        {unread > 0 && (
          <span
            aria-hidden
            className="tnum pointer-events-none absolute -top-0.5 -right-0.5 flex h-4 min-w-4 items-center justify-center rounded-full bg-critical-mark px-1 font-semibold text-[10px] text-on-accent leading-none"
          >
            {unread > 99 ? "99+" : format.number(unread)}
          </span>
        )}
      </span>
      <InboxSheet open={open} onOpenChange={setOpen} answers={answers} />
    </>
  );
}

/** What fell below the threshold while one is here is said at once; what was there before is not. */
function useCriticalToasts(items: Notification[] | undefined) {
  const { t } = useTranslation("notifications");
  const format = useFormat();
  const known = useRef<Set<string> | null>(null);
  useEffect(() => {
    if (!items) return;
    const before = known.current;
    known.current = new Set([...(before ?? []), ...items.map((item) => item.id)]);
    if (!before) return;
    const fresh = items.find(
      (item) => item.kind === "health_fell" && !item.readAt && !before.has(item.id),
    );
    if (fresh) {
      toast({
        message: `${fresh.clientName} · ${notificationText(format, t, fresh)}`,
        tone: "news",
      });
    }
  }, [items, format, t]);
}
