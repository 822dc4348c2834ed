/** The REST API and the tracking endpoints, as any program would call them. */
import { expect } from "@playwright/test";
import type { Essor } from "./essor";

export type Json = Record<string, unknown>;

export interface ClientItem {
  id: string;
  externalId: string;
  name: string;
  industry: string | null;
  seats?: number | null;
  mrrCents: number;
  health: number | null;
  contactsCount?: number;
}

export interface Usage {
  days: { day: string; count: number; users: number }[];
  events: { event: string; count: number; users: number; lastDay: string }[];
  seats: number | null;
}

export interface Contact {
  id: string;
  externalId: string;
  name: string | null;
  email: string | null;
  role: string | null;
}

export interface Ingestion {
  keys: {
    id: string;
    name: string;
    accepted24h: number;
    duplicates24h: number;
    quarantined24h: number;
  }[];
  totals: { events: number; quarantined: number; parked: number };
  endpoint: string;
}

export interface QuarantineItem {
  id: string;
  code: string;
  params: Json;
  raw: string;
}

export class Api {
  constructor(
    readonly url: string,
    readonly token: string,
  ) {}

  /** With a token of its own that may read and write. */
  static async of(essor: Essor, workspace?: string): Promise<Api> {
    const where = workspace ? ["--workspace", workspace] : [];
    const token = await essor.run(["token", "create", "--scopes", "read,write", ...where]);
    return new Api(essor.url, token);
  }

  async #ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${this.token}`,
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }

  async get<T = Json>(path: string): Promise<T> {
    return (await this.#ask("GET", path)) as T;
  }

  async post<T = Json>(path: string, body: unknown): Promise<T> {
    return (await this.#ask("POST", path, body)) as T;
  }

  async put<T = Json>(path: string, body: unknown): Promise<T> {
    return (await this.#ask("PUT", path, body)) as T;
  }

  async patch(path: string, body: unknown): Promise<void> {
    await this.#ask("PATCH", path, body);
  }

  async client(externalId: string): Promise<ClientItem> {
    const found = await this.find(externalId);
    if (!found) throw new Error(`there is no client ${externalId}`);
    return this.get<ClientItem>(`/clients/${found.id}`);
  }

  async find(externalId: string): Promise<ClientItem | undefined> {
    const { items } = await this.get<{ items: ClientItem[] }>("/clients?limit=200&status=all");
    return items.find((item) => item.externalId === externalId);
  }

  usage(id: string): Promise<Usage> {
    return this.get<Usage>(`/clients/${id}/usage?days=90`);
  }

  async contacts(id: string): Promise<Contact[]> {
    return (await this.get<{ items: Contact[] }>(`/clients/${id}/contacts`)).items;
  }

  ingestion(): Promise<Ingestion> {
    return this.get<Ingestion>("/ingestion");
  }

  async quarantine(): Promise<QuarantineItem[]> {
    return (await this.get<{ items: QuarantineItem[] }>("/quarantine?limit=100")).items;
  }

  /** Uses of a client by event name, exactly as counted. */
  async counts(externalId: string): Promise<Record<string, number>> {
    const { id } = await this.client(externalId);
    const { events } = await this.usage(id);
    return Object.fromEntries(events.map((event) => [event.event, event.count]).sort());
  }
}

export interface Sent {
  status: number;
  body: Json;
}

/** Sends bytes as they are to a tracking endpoint. */
export async function send(
  url: string,
  key: string,
  path: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
): Promise<Sent> {
  const answer = await fetch(url + path, {
    method: "POST",
    redirect: "manual",
    headers: {
      Authorization: `Basic ${Buffer.from(`${key}:`).toString("base64")}`,
      "Content-Type": "application/json",
      ...headers,
    },
    body: body as BodyInit,
  });
  const text = await answer.text();
  return { status: answer.status, body: (text ? JSON.parse(text) : {}) as Json };
}

export interface Use {
  client: string;
  user: string;
  event: string;
  at: Date;
}

/** Sends uses of the product in batches, the same way any SDK does. */
export async function sendUses(url: string, key: string, uses: readonly Use[]): Promise<void> {
  for (let first = 0; first < uses.length; first += 500) {
    const batch = uses.slice(first, first + 500).map((use, n) => ({
      type: "track",
      messageId: `${use.client}-${use.user}-${use.event}-${use.at.getTime()}-${first + n}`,
      userId: use.user,
      event: use.event,
      timestamp: use.at.toISOString(),
      context: { groupId: use.client },
    }));
    const { status, body } = await send(url, key, "/v1/batch", JSON.stringify({ batch }));
    expect(status).toBe(200);
    expect(body).toMatchObject({ accepted: batch.length, quarantined: 0 });
  }
}
