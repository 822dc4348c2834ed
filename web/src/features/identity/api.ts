/** Sign-in, links, people, tokens and the workspace's own settings. */
import { queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/api";
import type { Role } from "@/lib/session";

export interface LinkInfo {
  purpose: "setup" | "sign_in" | "invite";
  email: string | null;
  workspaceName: string | null;
}

export interface Member {
  userId: string;
  email: string;
  name: string;
  role: Role;
  lastSeenAt: string | null;
}
export interface Invitation {
  id: string;
  email: string;
  role: Role;
  expiresAt: string;
}
export interface Token {
  id: string;
  kind: "api" | "write";
  name: string;
  prefix: string;
  scopes: string[];
  createdAt: string;
  createdBy: string | null;
  lastUsedAt: string | null;
  revokedAt: string | null;
}
export interface Rate {
  currency: string;
  from: string;
  rate: number;
}
export interface Workspace {
  id: string;
  name: string;
  currency: string;
  timezone: string;
  weekStart: "monday" | "sunday";
  isDemo: boolean;
  unknownGroups: "create" | "park";
  rates: Rate[];
  canChangeCurrency: boolean;
}

export const ROLES: readonly Role[] = ["viewer", "member", "manager", "admin", "owner"];

export const linkQuery = (token: string) =>
  queryOptions({
    queryKey: ["link", token],
    queryFn: ({ signal }) =>
      api.get<LinkInfo>(`/links/${encodeURIComponent(token)}`, undefined, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
export const consumeLink = (token: string, body: object) =>
  api.post(`/links/${encodeURIComponent(token)}`, body);

export const membersQuery = queryOptions({
  queryKey: ["members"],
  queryFn: ({ signal }) =>
    api.get<{ items: Member[]; invitations: Invitation[] }>("/members", undefined, { signal }),
});
export const tokensQuery = queryOptions({
  queryKey: ["tokens"],
  queryFn: ({ signal }) => api.get<{ items: Token[] }>("/tokens", undefined, { signal }),
});
export const workspaceQuery = queryOptions({
  queryKey: ["workspace"],
  queryFn: ({ signal }) => api.get<Workspace>("/workspace", undefined, { signal }),
});
