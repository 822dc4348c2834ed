/** The sheet of the bell: what asks for something first, one action each. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import {
  AtSign,
  Bell as BellIcon,
  CalendarClock,
  Check,
  HeartPulse,
  ListChecks,
  type LucideIcon,
  Mail,
  Receipt,
  Route,
  Target,
  TrendingUp,
  UsersRound,
} from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "@/components/ui/button";
import { Sheet } from "@/components/ui/dialog-panel";
import { LoadMore, RelativeTime, TextLink } from "@/components/ui/misc";
import { EmptyState, ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { toast } from "@/components/ui/toast";
import { cn } from "@/lib/cn";
import { useFormat } from "@/lib/session";
import { type Answers, inboxQuery, type Kind, type Notification, useMark } from "./api";
import { PreferencesPanel } from "./preferences";
import { byClient, destination, notificationText } from "./words";

const ICON: Record<Kind, LucideIcon> = {
  health_fell: HeartPulse,
  invoice_late: Receipt,
  task_assigned: ListChecks,
  opportunity_found: TrendingUp,
  objective_reached: Target,
  mentioned: AtSign,
  clients_received: UsersRound,
  journey_alert: CalendarClock,
  journey_ask: Route,
};

export function InboxSheet({
  open,
  onOpenChange,
  answers,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  answers?: Answers;
}) {
  const { t } = useTranslation("notifications");
  return (
    <Sheet open={open} onOpenChange={onOpenChange} title={t("title")}>
      <Inbox answers={answers} onLeave={() => onOpenChange(false)} />
    </Sheet>
  );
}

function Inbox({ answers, onLeave }: { answers?: Answers; onLeave: () => void }) {
  const { t } = useTranslation("notifications");
  const format = useFormat();
  const query = useInfiniteQuery(inboxQuery);
  const mark = useMark();
  const [preferences, setPreferences] = useState(false);
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  const unread = query.data?.pages[0]?.unread ?? 0;
  const all = () =>
    mark.mutate(
      { read: true },
      {
        onSuccess: () => {
          const ids = items.filter((item) => !item.readAt).map((item) => item.id);
          toast({
            message: t("allRead", { count: unread, n: format.number(unread) }),
            undo: ids.length > 0 ? () => mark.mutate({ ids, read: false }) : undefined,
          });
        },
      },
    );
  if (preferences) {
    return (
      <div className="flex flex-col gap-4">
        <PreferencesPanel />
        <div>
          <Button onClick={() => setPreferences(false)}>{t("preferences.hide")}</Button>
        </div>
      </div>
    );
  }
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <Button variant="link" className="px-0" onClick={() => setPreferences(true)}>
          {t("preferences.show")}
        </Button>
        {unread > 0 && (
          <Button size="sm" busy={mark.isPending} onClick={all}>
            {t("markAll")}
          </Button>
        )}
      </div>
      {query.isError && items.length === 0 ? (
        <ErrorState title={t("error")} error={query.error} onRetry={() => void query.refetch()} />
      ) : query.isPending ? (
        <Loading className="flex flex-col gap-3">
          <Skeleton className="h-16 w-full" />
          <Skeleton className="h-16 w-full" />
        </Loading>
      ) : items.length === 0 ? (
        <EmptyState
          level={3}
          icon={<BellIcon aria-hidden />}
          title={t("none")}
          text={t("noneText")}
        />
      ) : (
        <>
          {([true, false] as const).map((asks) => (
            <Group
              key={String(asks)}
              title={t(asks ? "asks" : "informs")}
              items={items.filter((item) => item.asks === asks)}
              answers={answers}
              onLeave={onLeave}
            />
          ))}
          <LoadMore
            hasMore={query.hasNextPage}
            loading={query.isFetchingNextPage}
            onLoadMore={() => void query.fetchNextPage()}
          />
          <p className="text-ink-3 text-meta">{t("kept")}</p>
        </>
      )}
    </div>
  );
}

function Group({
  title,
  items,
  answers,
  onLeave,
}: {
  title: string;
  items: Notification[];
  answers?: Answers;
  onLeave: () => void;
}) {
  const { t } = useTranslation("notifications");
  if (items.length === 0) return null;
  return (
    <section>
      <h3 className="mb-1 font-semibold text-card">{title}</h3>
      {byClient(items).map(([client, of]) => (
        <div key={client} className="border-border border-t py-2">
          <p className="font-medium">
            {of[0]?.clientId ? (
              <TextLink
                to="/clients/$id"
                params={{ id: of[0].clientId }}
                onClick={onLeave}
                className="text-ink"
              >
                {client}
              </TextLink>
            ) : (
              t("general")
            )}
          </p>
          <ul className="flex flex-col">
            {of.map((item) => (
              <Row key={item.id} item={item} answer={answers?.[item.kind]} onLeave={onLeave} />
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}

function Row({
  item,
  answer: Answer,
  onLeave,
}: {
  item: Notification;
  answer: Answers[Kind];
  onLeave: () => void;
}) {
  const { t } = useTranslation("notifications");
  const format = useFormat();
  const mark = useMark();
  const Icon = ICON[item.kind];
  const text = notificationText(format, t, item);
  const unread = !item.readAt;
  const Toggle = unread ? Check : Mail;
  const read = () => {
    if (unread) mark.mutate({ ids: [item.id], read: true });
  };
  return (
    <li className="flex items-start gap-2.5 py-1.5">
      <Icon
        className={cn(
          "mt-0.5 size-4 shrink-0",
          item.kind === "health_fell" ? "text-critical-text" : "text-ink-3",
        )}
        aria-hidden
      />
      <div className="min-w-0 flex-1">
        <p className={cn("break-words", unread ? "font-medium" : "text-ink-2")}>
          {unread && (
            <span className="mr-1.5 inline-block size-2 rounded-full bg-accent align-middle">
              <span className="sr-only">{t("isUnread")}</span>
            </span>
          )}
          {text}
        </p>
        <p className="flex flex-wrap items-center gap-x-3 text-ink-2 text-meta">
          <RelativeTime at={item.createdAt} />
          <Link
            {...(destination(item) as { to: string })}
            onClick={() => {
              read();
              onLeave();
            }}
            className="rounded-check font-medium text-accent-words underline-offset-4 hover:underline pointer-coarse:inline-flex pointer-coarse:min-h-10 pointer-coarse:items-center"
          >
            {t(`action.${item.kind}`)}
          </Link>
        </p>
        {Answer && <Answer item={item} onDone={read} />}
      </div>
      <IconButton
        size="sm"
        variant="ghost"
        label={t(unread ? "markOne" : "markUnread", { text })}
        onClick={() => mark.mutate({ ids: [item.id], read: unread })}
      >
        <Toggle aria-hidden />
      </IconButton>
    </li>
  );
}
