/** What the bell asks the server. Keys begin with "notifications": live changes refresh them. */
import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import type { ComponentType } from "react";
import { toastError } from "@/components/ui/toast";
import { api, type Narrow, type Schemas } from "@/lib/api";

export const KINDS = [
  "health_fell",
  "invoice_late",
  "task_assigned",
  "opportunity_found",
  "objective_reached",
  "mentioned",
  "clients_received",
  "journey_alert",
  "journey_ask",
] as const;
export type Kind = (typeof KINDS)[number];
export type Notification = Narrow<
  Schemas["NotificationBody"],
  { kind: Kind; params: Record<string, unknown> }
>;

/** What answers a notification where it stands: each feature hands its own over, where routes compose the page. */
export type Answer = ComponentType<{ item: Notification; onDone: () => void }>;
export type Answers = Partial<Record<Kind, Answer>>;
export type Inbox = Narrow<Schemas["NotificationsBody"], { items: Notification[] }>;
export type Preferences = { kinds: { kind: Kind; inApp: boolean }[] };

export const inboxQuery = infiniteQueryOptions({
  queryKey: ["notifications", "list"],
  queryFn: ({ pageParam, signal }) =>
    api.get<Inbox>("/notifications", { limit: 50, cursor: pageParam }, { signal }),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.nextCursor,
});

export const preferencesQuery = queryOptions({
  queryKey: ["notifications", "preferences"],
  queryFn: ({ signal }) =>
    api.get<Preferences>("/notifications/preferences", undefined, { signal }),
});

/** Marks some, or all with no ids. */
export function useMark() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (form: { ids?: string[]; read: boolean }) =>
      api.post<Schemas["UnreadBody"]>("/notifications/read", form),
    onError: toastError,
    onSettled: () => client.invalidateQueries({ queryKey: ["notifications", "list"] }),
  });
}

export function usePrefer() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (wish: Preferences) => api.put<Preferences>("/notifications/preferences", wish),
    onSuccess: (after) => client.setQueryData(preferencesQuery.queryKey, after),
    onError: toastError,
  });
}
