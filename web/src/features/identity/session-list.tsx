/** Sessions as a list: which browser, from where, when last; each can be ended. */
import { Monitor, MonitorSmartphone, Smartphone, Tablet } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { RelativeTime } from "@/components/ui/misc";
import { useFormat } from "@/lib/session";
import type { OpenSession } from "./api";

const ICONS = {
  desktop: Monitor,
  phone: Smartphone,
  tablet: Tablet,
  unknown: MonitorSmartphone,
};

/** "Firefox on Windows", or what is known of it. */
export function useDeviceName() {
  const { t } = useTranslation("identity");
  return ({ browser, system }: Pick<OpenSession, "browser" | "system">) =>
    browser && system
      ? t("sessions.on", { browser, system })
      : (browser ?? system ?? t("sessions.unknown"));
}

export function SessionItems({
  items,
  withWorkspace,
  busyId,
  onEnd,
}: {
  items: readonly OpenSession[];
  /** Names the workspace of each: when they are not all in the same one. */
  withWorkspace?: boolean;
  busyId?: string;
  /** Left out where sessions may only be seen. */
  onEnd?: (session: OpenSession) => void;
}) {
  const { t } = useTranslation("identity");
  const format = useFormat();
  const nameOf = useDeviceName();
  return (
    <>
      {items.map((session) => {
        const Icon = ICONS[session.device];
        const name = nameOf(session);
        return (
          <li key={session.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
            <span className="flex min-w-0 flex-1 basis-56 items-start gap-3">
              <Icon className="mt-0.5 size-4 shrink-0 text-ink-3" aria-hidden />
              <span className="min-w-0">
                <span className="flex flex-wrap items-center gap-x-2">
                  <span className="break-words font-medium">{name}</span>
                  {session.current && <Badge tone="accent">{t("sessions.current")}</Badge>}
                </span>
                <span className="block break-words text-ink-2 text-meta">
                  {session.address && `${session.address} · `}
                  {t("sessions.seen")} <RelativeTime at={session.lastSeenAt} /> ·{" "}
                  {t("sessions.began", { day: format.date(session.createdAt) })}
                  {withWorkspace &&
                    ` · ${t("sessions.workspace", { name: session.workspaceName })}`}
                </span>
              </span>
            </span>
            {onEnd && !session.current && (
              <Button
                variant="danger"
                aria-label={t("sessions.endOf", { name })}
                busy={busyId === session.id}
                onClick={() => onEnd(session)}
              >
                {t("sessions.end")}
              </Button>
            )}
          </li>
        );
      })}
    </>
  );
}
