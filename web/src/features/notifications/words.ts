/** What a notification says, and where its one action leads. */
import type { TFunction } from "i18next";
import type { Format } from "@/lib/format";
import { i18n } from "@/lib/i18n";
import { detectorName } from "@/lib/opportunity-words";
import type { Notification } from "./api";

const figure = (value: unknown): number | null => (typeof value === "number" ? value : null);
const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** Words that the server keeps in both languages. */
function labelText(label: unknown): string {
  const words = (label ?? {}) as { fr?: string; en?: string };
  return (i18n.language.startsWith("en") ? words.en : words.fr) ?? "";
}

export function notificationText(
  format: Format,
  t: TFunction<"notifications">,
  { kind, params }: Pick<Notification, "kind" | "params">,
): string {
  switch (kind) {
    case "health_fell":
      return t("text.health_fell", {
        from: format.number(figure(params.from)),
        to: format.number(figure(params.to)),
      });
    case "invoice_late":
      return t("text.invoice_late", {
        number: text(params.number),
        day: format.date(text(params.dueDay)),
        amount: format.money(figure(params.amountCents)),
      });
    case "task_assigned":
      // Of many at once there is one notification.
      return (figure(params.count) ?? 0) > 1
        ? t("text.tasks_assigned", {
            title: text(params.title),
            n: format.number(figure(params.count)),
          })
        : t("text.task_assigned", { title: text(params.title) });
    case "opportunity_found":
      return t("text.opportunity_found", {
        what: detectorName(text(params.detector)),
        amount: format.money(figure(params.expectedCents)),
      });
    case "objective_reached":
      return t("text.objective_reached", { name: text(params.name) });
    case "mentioned":
      return t("text.mentioned", { who: text(params.who), text: text(params.text) });
    case "clients_received": {
      const [clients, tasks] = [figure(params.clients) ?? 0, figure(params.tasks) ?? 0];
      const given = {
        from: text(params.from),
        clients: t("clients", { count: clients, n: format.number(clients) }),
        tasks: t("tasks", { count: tasks, n: format.number(tasks) }),
      };
      const until = text(params.returnsDay);
      return until
        ? t("text.clients_received_until", { ...given, day: format.date(until) })
        : t("text.clients_received", given);
    }
    case "journey_alert":
      return t(`text.journey_${text(params.alert)}` as "text.journey_stalled", {
        what: labelText(params.label),
      });
    case "journey_ask":
      return t("text.journey_ask", { what: labelText(params.label) });
  }
}

/** Where its action leads. */
export function destination(item: Notification): {
  to: string;
  params?: Record<string, string>;
  search?: Record<string, string>;
} {
  if (item.kind === "task_assigned") return { to: "/tasks" };
  if (item.kind === "opportunity_found" && item.subjectId) {
    return {
      to: "/clients/growth",
      search: { tab: "opportunities", opportunity: item.subjectId },
    };
  }
  if (item.kind === "clients_received") {
    return {
      to: "/clients/advanced",
      search: { where: `owner = ${JSON.stringify(text(item.params.owner))}` },
    };
  }
  if (item.kind === "mentioned" && item.clientId) {
    return {
      to: "/clients/$id",
      params: { id: item.clientId },
      search: { tab: "timeline", kinds: "note" },
    };
  }
  if (item.clientId && (item.kind === "journey_alert" || item.kind === "journey_ask")) {
    return { to: "/clients/$id", params: { id: item.clientId }, search: { tab: "journey" } };
  }
  if (item.clientId) return { to: "/clients/$id", params: { id: item.clientId } };
  return { to: "/clients/growth" };
}

/** Those of one client together, in the order of the newest. */
export function byClient(items: readonly Notification[]): [string, Notification[]][] {
  const groups = new Map<string, Notification[]>();
  for (const item of items) {
    const key = item.clientName ?? "";
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups];
}
